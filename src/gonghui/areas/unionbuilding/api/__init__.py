"""Union building for programs, a module for each part of the work."""

from gonghui.areas.unionbuilding.api import fieldwork, founding, lists

__all__ = ["fieldwork", "founding", "lists"]
