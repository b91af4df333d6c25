"""Succession: everything that is open of a person passes to another, in the action that says so or not at all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.models import Grant
from gonghui.core.access.open_work import OpenItem, OpenWork, Succession, kinds
from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import Refused, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.kit.text import Text


@dataclass(frozen=True)
class OpenRow:
    """One open record: how it is shown to whoever hands over, and why it cannot pass (empty: it can)."""

    key: int
    item: OpenItem
    obstacle: Text


@dataclass(frozen=True)
class Passing:
    """The open rows of one kind."""

    kind: OpenWork
    rows: Sequence[OpenRow]


@dataclass(frozen=True)
class Handover:
    """What passes, or would pass, from whom to whom, and the grants that the successor gets; `grant` is the one that tells of it."""

    grant: Grant
    succession: Succession
    given: Sequence[Grant] = ()
    passing: Sequence[Passing] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Code of the kind → number of rows."""
        return {one.kind.code: len(one.rows) for one in self.passing}

    @property
    def obstacles(self) -> list[Text]:
        """Why it cannot be done; empty if it can."""
        return [row.obstacle for one in self.passing for row in one.rows if row.obstacle]


class Blocked(Refused):
    """Something open cannot pass, so nothing does; `handovers` tell what and why."""

    def __init__(self, handovers: Sequence[Handover]) -> None:
        obstacles = [obstacle for handover in handovers for obstacle in handover.obstacles]
        numbers = {"count": len(obstacles), "first": obstacles[0]}
        super().__init__(_("有 %(count)s 件未结工作不能移交，所以都没有移交：%(first)s") % numbers)
        self.handovers = handovers


def planned(grant: Grant, succession: Succession, given: Sequence[Grant], actor: Actor) -> Handover:
    """Everything open of who leaves, locked until the transaction ends. The successor's grants are given already: they decide what
    he can take over."""
    heir = actor_for(succession.successor)
    with beyond_scope("what is open of somebody who leaves may lie where only he could see it"):
        passing = [
            Passing(kind, [OpenRow(row.pk, kind.item(row, actor), kind.obstacle(row, heir)) for row in rows])
            for kind in kinds.values()
            if (rows := open_rows(kind, succession))
        ]
    return Handover(grant, succession, given, passing)


def open_rows(kind: OpenWork, succession: Succession) -> list[Any]:
    """The open rows of one kind."""
    return list(everything(kind).filter(kind.is_open(succession)).select_for_update(of=("self",)).order_by("pk"))


def everything(kind: OpenWork) -> QuerySet[Any]:
    """The table of a kind."""
    return kind.model.objects.unscoped("what is open of somebody who leaves")  # type: ignore[attr-defined,no-any-return]


def hand_over(handovers: Sequence[Handover]) -> None:
    """Passes everything on, all or nothing; called inside an action. Raises Blocked where a single row cannot pass."""
    if any(handover.obstacles for handover in handovers):
        raise Blocked(handovers)
    with beyond_scope("what is open of somebody who leaves may lie where only he could see it"):
        for handover in handovers:
            if handover.succession.leaver != handover.succession.successor:
                change(handover.grant, successor=handover.succession.successor, passed=handover.counts)
            for one in handover.passing:
                rows = everything(one.kind).filter(pk__in=[row.key for row in one.rows])
                rows.update(**one.kind.values(handover.succession))


# -- grants -----------------------------------------------------------------------------------------------------


def running(on: dt.date) -> Q:
    """Grants that would still hold on this day or later."""
    return Q(valid__isempty=False) & (Q(valid__upper_inf=True) | Q(valid__endswith__gt=on))


def has_grants(user: User, on: dt.date) -> bool:
    """Whether any grant is left to a user from this day on, wherever it is."""
    with beyond_scope("whether anything is left to somebody who leaves"):
        rows = Grant.objects.unscoped("whether anything is left to somebody who leaves")
        return bool(rows.filter(running(on), user=user).exists())


def has_role(user: User, grant: Grant, on: dt.date, department: str) -> bool:
    """Whether a user holds the role of a grant on a day: in this department of its organisation, or (of no department) above."""
    here = Q(organisation=grant.organisation_id, department=department)
    above = Q(organisation__in=[] if department else grant.organisation.ancestor_ids()[:-1])
    with beyond_scope("whether a successor lacks a role"):
        rows = Grant.objects.unscoped("whether a successor lacks a role").filter(here | above)
        return bool(rows.filter(user=user, role=grant.role, valid__contains=on).exists())
