"""Input of the actions of union building, a module for each part of the work."""

__all__ = []
