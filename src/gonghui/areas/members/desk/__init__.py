"""The staff pages of members."""
