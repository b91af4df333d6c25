"""Work of union building outside a page."""

from gonghui.areas.unionbuilding.jobs import nightly
from gonghui.areas.unionbuilding.jobs.matching import match

__all__ = ["match", "nightly"]
