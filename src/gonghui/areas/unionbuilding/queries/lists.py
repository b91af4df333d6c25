"""Reads of lists, of what they come to, and of employers without a union."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Abs, Coalesce, Greatest

from gonghui.areas.register.models import Employer, Headcount
from gonghui.areas.unionbuilding.models import Difference, Edition, Entry, Match, Prospect, TaxMatter
from gonghui.areas.unionbuilding.rules import SETTLED, ListKind
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.walls import held_below
from gonghui.core.organisations.queries import name_of

# -- lists ------------------------------------------------------------------------------------------------------


def editions(actor: Actor) -> Any:
    """The lists the actor knows of, with the names of who loaded them."""
    return Edition.objects.visible_to(actor).annotate(holder_name=name_of("organisation"))  # type: ignore[no-redef]


def entries(actor: Actor) -> Any:
    """The firms of lists that the actor sees, each with the employer that it is taken for, if he sees that one."""
    rows = Entry.objects.visible_to(actor).filter(edition__in=Edition.objects.visible_to(actor)).select_related("edition")
    settled = taken_for(actor, OuterRef("pk"))
    return rows.annotate(  # type: ignore[no-redef]
        holder_name=name_of("organisation"),
        employer_name=Subquery(settled.values("employer__name")[:1]),
        coverage=Subquery(settled.values("employer__coverage")[:1]),
        is_known=Exists(settled),
    )


def taken_for(actor: Actor, entry: Any) -> QuerySet[Match]:
    """The pair by which an entry is taken for an employer that the actor sees."""
    rows = Match.objects.visible_to(actor).filter(state__in=SETTLED, employer__in=Employer.objects.visible_to(actor))
    return rows.filter(entry=entry)


def differences(actor: Actor) -> Any:
    """In what lists differ from the ones before them, with the employer that the firm is taken for and what covers it."""
    rows = Difference.objects.visible_to(actor).filter(edition__in=Edition.objects.visible_to(actor))
    settled = taken_for(actor, OuterRef("entry"))
    former = taken_for(actor, OuterRef("former"))
    employer = Coalesce(Subquery(settled.values("employer")[:1]), Subquery(former.values("employer")[:1]))
    coverage = Coalesce(Subquery(settled.values("employer__coverage")[:1]), Subquery(former.values("employer__coverage")[:1]))
    rows = rows.select_related("edition", "entry").annotate(employer_key=employer, coverage=coverage)
    return rows.annotate(holder_name=name_of("organisation"))


def matches(actor: Actor) -> Any:
    """The pairs of which the actor sees both sides."""
    rows = Match.objects.visible_to(actor).filter(employer__in=Employer.objects.visible_to(actor))
    rows = rows.filter(edition__in=Edition.objects.visible_to(actor)).select_related(
        "entry", "employer", "edition", "decided_by"
    )
    count = Coalesce(Greatest(F("entry__headcount"), F("employer__headcount")), 0)
    return rows.annotate(holder_name=name_of("entry__organisation"), workers=count, doubt=Abs(F("probability") - 0.5))


def to_review(actor: Actor) -> Any:
    """The pairs that wait for the actor's verdict: the biggest firms first, then those that could most easily be the one or the other.

    A firm or an employer that is settled by now waits no longer.
    """
    settled = Match.objects.visible_to(actor).filter(edition=OuterRef("edition"), state__in=SETTLED)
    decidable = Match.objects.changeable_by(actor, "unionbuilding.decide_match").values("pk")
    rows = matches(actor).filter(state="review", edition__state="matched", pk__in=decidable)
    for side in ("entry", "employer"):  # one after the other: "either" would be looked up row by row
        rows = rows.exclude(Exists(settled.filter(**{side: OuterRef(side)})))
    return rows.order_by("-workers", "doubt", "pk")


def tax_matters(actor: Actor) -> Any:
    """What tax lists and the register do not agree about, with the names of who has to answer."""
    rows = TaxMatter.objects.visible_to(actor).filter(edition__in=Edition.objects.visible_to(actor))
    return rows.select_related("edition", "answered_by").annotate(holder_name=name_of("organisation"))  # type: ignore[no-redef]


def newest_tax_editions(actor: Actor) -> Any:
    """The newest tax list of each union: older ones say nothing that still has to be answered."""
    rows = Edition.objects.visible_to(actor).filter(kind=ListKind.TAX)
    later = rows.filter(organisation=OuterRef("organisation")).order_by("-as_of", "-pk").values("pk")
    return rows.filter(pk=Subquery(later[:1]))


# -- the ledger -------------------------------------------------------------------------------------------------


def uncovered(actor: Actor) -> Any:
    """The employers without a union, each with where its number of workers comes from and how far its prospect has come."""
    rows = Employer.objects.visible_to(actor).eligible().uncovered()
    counts = Headcount.objects.visible_to(actor).filter(employer=OuterRef("pk"), valid__upper_inf=True)
    running = Prospect.objects.visible_to(actor).running().filter(employer=OuterRef("pk")).order_by()
    return rows.annotate(  # type: ignore[no-redef]
        holder_name=name_of("organisation"),
        street_name=name_of("street"),
        source=Subquery(counts.values("source")[:1]),
        progress=Subquery(running.values("state")[:1]),
    )


def held_by_any(paths: Iterable[str]) -> Q:
    """The employers that one of the unions with these paths holds, itself or by a union below it."""
    return held_below("organisation", paths)
