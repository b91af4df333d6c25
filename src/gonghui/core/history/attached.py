"""The log of readings is written once, whatever becomes of the union."""

from gonghui.core.actions.attached import leave
from gonghui.core.history.models import Reading

leave(Reading, "organisation", reason="a log: written once, never changed")
