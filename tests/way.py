"""What all ways through flows share."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db.models import Model

from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import today
from tests.cast import SYSTEM, Cast

NUMBERS = count()  # of telephones, each once
YESTERDAY = today() - dt.timedelta(days=1)
WHY = "kept for the test's own comparison"


@dataclass(frozen=True)
class Way:
    """How a flow is tried: its model, a record in each state, and where its first step is taken."""

    model: type[Model]
    make: Callable[[Cast, str], Any]
    start: Callable[[Cast], Any]
    holder: Callable[[Any], str] = lambda record: record.organisation.path  # the path at which rights over it are held


def union(**which: str) -> Organisation:
    """One of the cast's unions, whoever asks."""
    with acting(SYSTEM):
        found: Organisation = Organisation.objects.unscoped(WHY).select_related("region").get(**which)
        return found


def the_joint_union() -> Organisation:
    """To which memberships shall move."""
    return union(name__contains="楼宇联合工会")
