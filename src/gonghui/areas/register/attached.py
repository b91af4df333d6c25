"""What of the area hangs on an employer or on a union, for whoever makes two records of one of them one."""

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.actions.employer_merging import is_alike
from gonghui.areas.register.models import (
    ChangedEmployer,
    Contact,
    Coverage,
    Employer,
    EmployerDistinct,
    EmployerMerge,
    EmployerTally,
    Headcount,
    Holding,
    Placement,
    Span,
    Standing,
    StrikeOff,
    UnionDistinct,
    UnionMerge,
)
from gonghui.areas.register.rules import Extent
from gonghui.core.actions.attached import Attached, attach, leave, overlapping
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import overlap
from gonghui.kit.text import Text

MANAGING_ONLY = "names a managing union or a street, and those are never merged"
MADE = "made by the database from the facts themselves"
RECORDS = "says what became of the records themselves"


def two_unions(kept: Employer, dropped: Employer) -> Text:
    """Different unions cover the two today; which of them goes on is for people to say."""
    rows = Coverage._base_manager.filter(employer__in=[kept, dropped], extent=Extent.WHOLE, valid__upper_inf=True)
    names = list(dict.fromkeys(row.organisation.name for row in rows.select_related("organisation").order_by("pk")))
    if len(names) > 1:
        return _("两条记录现在由不同的工会覆盖（%(names)s）。是同一个工会的请先合并工会，不是的请先结束其中一个覆盖") % {
            "names": "、".join(names)
        }
    return ""


def waiting_strike_off(kept: Employer, dropped: Employer) -> Text:
    """A decision that is being made is about the record as it is."""
    if StrikeOff._base_manager.filter(employer__in=[kept, dropped], state="proposed").exists():
        return _("其中一条有待审核的剔除申报，请先审核或退回，再合并")
    return ""


def strike_offs_in_force(kept: Employer, dropped: Employer) -> list[int]:
    """What holds of the dropped record as such goes with it; what is over is part of the employer's past."""
    return list(StrikeOff._base_manager.filter(employer=dropped, state="approved").values_list("pk", flat=True))


def rivals(kept: Employer, dropped: Employer) -> list[int]:
    """Coverages of days on which the kept record has one that is alike."""
    known = list(Coverage._base_manager.filter(employer=kept))
    rows = Coverage._base_manager.filter(employer=dropped)
    return [row.pk for row in rows if any(is_alike(one, row) and overlap(one.valid, row.valid) for one in known)]


for model in (Standing, Holding, Headcount):
    attach(Attached(model, "employer", stays=overlapping(model, "employer")))
attach(Attached(Coverage, "employer", stays=rivals, obstacle=two_unions))
attach(Attached(Contact, "employer", stays=overlapping(Contact, "employer", "post", "name")))
attach(Attached(StrikeOff, "employer", stays=strike_offs_in_force, obstacle=waiting_strike_off))
leave(Span, "employer", reason=MADE)
leave(ChangedEmployer, "employer", reason=MADE)
leave(Employer, "merged_into", reason=RECORDS)
leave(EmployerMerge, "kept", "dropped", reason=RECORDS)
leave(EmployerDistinct, "one", "other", reason=RECORDS)


def two_extents(kept: Organisation, dropped: Organisation) -> Text:
    """One union covers the whole of an employer, and the other a part of it on the same days."""
    known = {row.employer_id: row for row in Coverage._base_manager.filter(organisation=kept, extent=Extent.GROUP)}
    rows = Coverage._base_manager.filter(organisation=dropped, extent=Extent.WHOLE, employer__in=known)
    for row in rows.select_related("employer"):
        if overlap(row.valid, known[row.employer_id].valid):
            return _("两个工会同时覆盖“%(name)s”，一个整体、一个部分。请先结束其中一个覆盖") % {"name": row.employer.name}
    return ""


attach(Attached(Organisation, "parent"))
attach(Attached(Employer, "organisation"))
attach(Attached(Holding, "organisation"))
attach(Attached(Coverage, "organisation", stays=overlapping(Coverage, "organisation", "employer_id"), obstacle=two_extents))
attach(Attached(Contact, "union", stays=overlapping(Contact, "union", "post", "name")))
attach(Attached(StrikeOff, "organisation"))
leave(Organisation, "merged_into", reason=RECORDS)
leave(UnionMerge, "kept", "dropped", reason=RECORDS)
leave(UnionDistinct, "one", "other", reason=RECORDS)
leave(Placement, "union", reason="where a record stood; the kept one's own days hold")
leave(Span, "organisation", reason=MADE)
leave(Employer, "street", reason=MANAGING_ONLY)
for facts in (Holding, Placement, Span, EmployerTally):
    leave(facts, "managing", "street", reason=MANAGING_ONLY)
