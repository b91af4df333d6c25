"""The imports of a union go with it when two records of it become one."""

from gonghui.core.actions.attached import Attached, attach
from gonghui.core.exchange.models import Batch

attach(Attached(Batch, "organisation"))
