"""What was merged, and what was found to be two: of employers and of unions."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.merging import ALREADY, DistinctRecord, MergeRecord
from gonghui.core.actions.models import tracked
from gonghui.core.actions.walls import Part
from gonghui.core.organisations.models import Organisation
from gonghui.kit.text import Text


def to(model: Any, label: Text) -> Any:
    """A foreign key that is followed from here only."""
    return models.ForeignKey(model, models.PROTECT, related_name="+", verbose_name=label)


def once(name: str) -> models.UniqueConstraint:
    """A record is merged into one other at a time."""
    return models.UniqueConstraint(fields=["dropped"], condition=Q(undone_on=None), name=name)


def a_pair(name: str) -> list[Any]:
    """Two records are told apart once, and the older one is named first."""
    return [
        models.UniqueConstraint(fields=["one", "other"], name=f"{name}_once"),
        models.CheckConstraint(condition=Q(one__lt=F("other")), name=f"{name}_in_order"),
    ]


@tracked()
class EmployerMerge(MergeRecord):
    """Two records of one employer were made one."""

    wall = Part("kept", "dropped")
    sentences = {"register_employer_merge_once": ALREADY}

    kept = to("register.Employer", _("保留的记录"))
    dropped = to("register.Employer", _("并入的记录"))

    class Meta(MergeRecord.Meta):
        verbose_name = _("单位合并")
        constraints = [once("register_employer_merge_once")]


@tracked()
class EmployerDistinct(DistinctRecord):
    """Two employers of whom somebody has found that they are not the same."""

    wall = Part("one", "other")

    one = to("register.Employer", _("甲"))
    other = to("register.Employer", _("乙"))

    class Meta:
        verbose_name = _("不是同一家单位")
        constraints = a_pair("register_employer_distinct")


@tracked()
class UnionMerge(MergeRecord):
    """Two records of one union were made one."""

    wall = Part("kept", "dropped")
    sentences = {"register_union_merge_once": ALREADY}

    kept = to(Organisation, _("保留的记录"))
    dropped = to(Organisation, _("并入的记录"))

    class Meta(MergeRecord.Meta):
        verbose_name = _("工会合并")
        constraints = [once("register_union_merge_once")]


@tracked()
class UnionDistinct(DistinctRecord):
    """Two unions of which somebody has found that they are not the same."""

    wall = Part("one", "other")

    one = to(Organisation, _("甲"))
    other = to(Organisation, _("乙"))

    class Meta:
        verbose_name = _("不是同一个工会")
        constraints = a_pair("register_union_distinct")
