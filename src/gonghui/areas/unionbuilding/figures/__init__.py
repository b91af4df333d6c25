"""The figures of union building."""

from gonghui.areas.unionbuilding.figures import prospects as prospects
from gonghui.areas.unionbuilding.figures import reasons as reasons
