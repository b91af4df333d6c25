"""What of the area hangs on an employer or on a union, for whoever makes two records of one of them one."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.models import (
    Aftercare,
    Attempt,
    Award,
    AwardLine,
    Charge,
    Claim,
    Crossing,
    Difference,
    Dispute,
    Edition,
    Entry,
    Finding,
    Founding,
    Learned,
    LetterTemplate,
    Match,
    Paper,
    Prospect,
    Stage,
    TaxMatter,
    Verdict,
)
from gonghui.areas.unionbuilding.rules import ENDED
from gonghui.core.actions.attached import Attached, attach, leave
from gonghui.kit.text import Text

MANAGING_ONLY = "names a managing union or a street, and those are never merged"
LISTED = "found out anew whenever the list is compared"


def two_prospects(kept: Employer, dropped: Employer) -> Text:
    """An employer is on its way to a union once."""
    rows = Prospect._base_manager.filter(employer__in=[kept, dropped]).exclude(state__in=ENDED)
    return _("两条记录都是建会对象，请先了结其中一个，再合并") if rows.count() > 1 else ""


def same_crossing(kept: Employer, dropped: Employer) -> Iterable[int]:
    """What was noted of both stays where it was noted."""
    return list(Crossing._base_manager.filter(employer=dropped).values_list("pk", flat=True))


def same_verdict(kept: Employer, dropped: Employer) -> Iterable[int]:
    """What was decided of a firm and both records: that of the kept one holds."""
    known = Verdict._base_manager.filter(employer=kept).values("key")
    return list(Verdict._base_manager.filter(employer=dropped, key__in=known).values_list("pk", flat=True))


attach(Attached(Prospect, "employer", obstacle=two_prospects))
for model in (Claim, Attempt, Finding, Founding, Paper, Aftercare, AwardLine, TaxMatter):
    attach(Attached(model, "employer"))
attach(Attached(Crossing, "employer", stays=same_crossing))
attach(Attached(Verdict, "employer", stays=same_verdict))
attach(Attached(Finding, "same_as"))
leave(Match, "employer", reason=LISTED)
attach(Attached(Founding, "union"))
attach(Attached(Aftercare, "union"))
leave(Prospect, "organisation", "street", reason=MANAGING_ONLY)
leave(Claim, "organisation", "origin", reason=MANAGING_ONLY)
leave(Dispute, "claimant", "holder", reason=MANAGING_ONLY)
leave(Stage, "managing", "street", reason=MANAGING_ONLY)
for held in (Award, Aftercare, Charge, Attempt, Finding, LetterTemplate, Edition, Entry, Difference, Learned, TaxMatter):
    leave(held, "organisation", reason=MANAGING_ONLY)
