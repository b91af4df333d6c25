"""The staff pages of the register."""
