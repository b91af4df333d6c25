"""The pages of union building."""
