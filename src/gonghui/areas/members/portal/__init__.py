"""The worker's own pages: joining, the card, his union, moving his membership, his data."""
