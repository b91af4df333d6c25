"""Shells, components and the machinery of lists; the pages of core's own nouns. Areas render through it and add their words."""
