"""The files that a union holds go with it when two records of it become one."""

from gonghui.core.actions.attached import Attached, attach, leave
from gonghui.core.files.models import StoredFile

attach(Attached(StoredFile, "organisation"))
leave(StoredFile, "made_at", reason="says where it was made, as it was then")
