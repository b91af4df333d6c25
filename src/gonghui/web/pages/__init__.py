"""Pages of core's own nouns: to-do list, search, notes, figures, grants, parameters, health."""
