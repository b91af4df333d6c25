"""The figures of members. "On a day" is the state at the end of that day; who rests (保留会籍) does not count."""

from gonghui.areas.members.figures import members

__all__ = ["members"]
