"""The notes that a union holds go with it when two records of it become one."""

from gonghui.core.actions.attached import Attached, attach, leave
from gonghui.core.notices.models import Note

attach(Attached(Note, "organisation"))
leave(Note, "street", reason="names a street, and those are never merged")
