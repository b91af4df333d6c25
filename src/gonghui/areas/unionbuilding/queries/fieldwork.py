"""Reads of prospects, claims, attempts and findings."""

from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, Subquery, When

from gonghui.areas.register.models import Contact, Employer, StrikeOff
from gonghui.areas.unionbuilding.models import Attempt, Charge, Claim, Difference, Dispute, Finding, Match, Prospect
from gonghui.areas.unionbuilding.rules import SETTLED, AttemptResult, DifferenceKind, Outcome
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.walls import held_below
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import districts_of, name_of
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import now, today

CALLED = ("to_verify", "verified", "contacted")
"""States in which a firm is called; an appointment is kept in the others as well."""


def prospects(actor: Actor) -> Any:
    """The prospects the actor sees, with the names of whoever works on each and of the street, and what was done in the field as far as
    he sees the employer. Of what may be claimed only what stands in his own district."""
    rows = Prospect.objects.visible_to(actor)
    if districts := districts_of(actor.roots):
        rows = rows.filter(Q(is_open=False) | held_below("organisation", districts))
    rows = rows.annotate(holder_name=name_of("organisation"), street_name=name_of("street"))  # type: ignore[no-redef]
    return with_fieldwork(rows, actor)


# -- field work -------------------------------------------------------------------------------------------------


def with_fieldwork(rows: Any, actor: Actor) -> Any:
    """Prospects with their running claim, and how often and when last somebody tried to reach the employer."""
    running = Claim.objects.visible_to(actor).running().filter(prospect=OuterRef("pk")).order_by()
    attempts = Attempt.objects.visible_to(actor).filter(employer=OuterRef("employer_id")).order_by()
    here = held_below("organisation", actor.roots_for("unionbuilding.record_attempt"))
    return rows.annotate(
        claim_state=Subquery(running.values("state")[:1]),
        claim_until=Subquery(running.filter(state="held").values("until")[:1]),
        remind_on=Subquery(running.filter(state="held").values("remind_on")[:1]),
        visit_due_on=Subquery(running.values("visit_due_on")[:1]),
        attempts=Subquery(attempts.values("employer").annotate(count=Count("pk")).values("count")[:1]),
        last_attempt_on=Subquery(attempts.order_by("-at").values("on")[:1]),
        is_here=Case(When(here, then=True), default=False, output_field=BooleanField()),
        is_mine=Case(When(here & Q(is_open=False), then=True), default=False, output_field=BooleanField()),
    )


def claims(actor: Actor) -> Any:
    """The claims the actor sees, with the names of both unions."""
    rows = Claim.objects.visible_to(actor).select_related("prospect", "claimed_by")
    return rows.annotate(union_name=name_of("organisation"), origin_name=name_of("origin"))


def own_claims(actor: Actor) -> Any:
    """The running claims that the actor works on: where he may write attempts down."""
    rows = Claim.objects.changeable_by(actor, "unionbuilding.record_attempt").running()
    return rows.filter(pk__in=Claim.objects.visible_to(actor).values("pk")).select_related("prospect")


def disputes(actor: Actor) -> Any:
    """The disputes of the actor's unions, on either side."""
    rows = Dispute.objects.visible_to(actor).select_related("raised_by", "decided_by")
    return rows.annotate(claimant_name=name_of("claimant"), holder_name=name_of("holder"))


def charges(actor: Actor) -> Any:
    """Who answers for which area, as far as the actor sees the unions."""
    return Charge.objects.visible_to(actor).select_related("user").annotate(union_name=name_of("organisation"))


def chiefs(prospect: Prospect, actor: Actor) -> list[Charge]:
    """Who answers for the unions that work on a prospect or in whose territory it stands, today."""
    unions = [prospect.organisation_id, prospect.street_id]
    return list(charges(actor).filter(organisation__in=[one for one in unions if one], valid__contains=today()))


def attempts_of(prospect: Prospect, actor: Actor) -> Any:
    """Every try to reach the employer, newest first, as far as the actor sees it."""
    rows = Attempt.objects.visible_to(actor).filter(employer=prospect.employer_id).select_related("by")
    return rows.annotate(union_name=name_of("organisation")).order_by("-at", "-pk")


def findings_of(prospect: Prospect, actor: Actor) -> Any:
    """What was found out about the employer, newest first, as far as the actor sees it."""
    rows = Finding.objects.visible_to(actor).filter(employer=prospect.employer_id).select_related("by", "photo", "region")
    return rows.annotate(union_name=name_of("organisation")).order_by("-on", "-pk")


def calls_due(claims: Any, union: Organisation) -> Any:
    """Of these claims the ones to call now, at this union and below it: appointments whose time has come first, then those whose days
    are over first."""
    rows = due_now(claims).filter(organisation__path__startswith=union.path)
    return rows.order_by(F("call_at").asc(nulls_last=True), "until", "pk")


def due_now(claims: Any) -> Any:
    """Of these claims the ones to call now. A firm without a number that is worth a call is gone to instead."""
    rows = claims.running().filter(call_on__lte=today())
    rows = rows.filter(Q(call_at=None, prospect__state__in=CALLED) | Q(call_at__lte=now()))
    return rows.filter(Exists(numbers_of(OuterRef("employer_id"))))


def numbers_of(employer: Any) -> Any:
    """The contacts of an employer today whose number is worth a call: there is one, and nobody has found it empty."""
    empty = Attempt.objects.unscoped("numbers that were found empty").filter(
        contact=OuterRef("pk"), result=AttemptResult.EMPTY, on__gte=OuterRef("checked_on")
    )
    rows = Contact.objects.unscoped("the numbers of an employer that its claim names").filter(employer=employer)
    return rows.filter(~Exists(empty), valid__contains=today()).exclude(phone_masked="").order_by("pk")


def to_visit(claims: Any) -> Any:
    """Of these claims the ones that somebody must go to: the calls came to nothing, or there is no number to call; what waits to be struck
    off waits for the district."""
    has_number = Exists(numbers_of(OuterRef("employer_id")))
    nobody_spoke = Q(call_on__isnull=False) & ~has_number & Q(prospect__state="to_verify")
    judged = StrikeOff.objects.unscoped("what a claim names is proposed for striking off").filter(state="proposed")
    claims = claims.exclude(Exists(judged.filter(employer=OuterRef("employer_id"))))
    return claims.filter(Q(visit_due_on__isnull=False) | nobody_spoke)


def screened(actor: Actor) -> Any:
    """Prospects that there is evidence against: found closed or doubled, never reached though tried by telephone and gone to, or missing
    in a list that had them."""
    last = Finding.objects.visible_to(actor).filter(employer=OuterRef("employer_id")).order_by("-on", "-pk")
    tried = Attempt.objects.visible_to(actor).filter(employer=OuterRef("employer_id")).order_by()
    silent = tried.filter(result__in=(AttemptResult.NO_ANSWER, AttemptResult.EMPTY)).values("employer")
    locked = tried.filter(result=AttemptResult.NOBODY).values("employer")
    waiting = StrikeOff.objects.visible_to(actor).filter(employer=OuterRef("employer_id"), state="proposed")
    eligible = Employer.objects.visible_to(actor).eligible().uncovered().filter(pk=OuterRef("employer_id"))
    rows = Prospect.objects.visible_to(actor).running().filter(Exists(eligible), ~Exists(waiting))
    rows = rows.annotate(
        holder_name=name_of("organisation"),
        outcome=Subquery(last.values("outcome")[:1]),
        found_on=Subquery(last.values("on")[:1]),
        silent_days=Subquery(silent.annotate(days=Count("on", distinct=True)).values("days")[:1]),
        visits=Subquery(locked.annotate(times=Count("pk")).values("times")[:1]),
        gone_on=Subquery(gone_from(actor, OuterRef(OuterRef("employer_id"))).values("edition__as_of")[:1]),
    )  # type: ignore[no-redef]
    never = Q(outcome=None, visits__gte=1) & Q(silent_days__gte=parameter("unionbuilding.call_days", today()))
    return rows.filter(Q(outcome__in=(Outcome.CLOSED, Outcome.DUPLICATE)) | never | Q(outcome=None, gone_on__isnull=False))


def gone_from(actor: Actor, employer: Any) -> Any:
    """The differences that say an employer (a reference from two queries further in) is missing in a list which had it, newest first.
    One that is back in such a list is not gone."""
    taken = Match.objects.visible_to(actor).filter(state__in=SETTLED, employer=employer).order_by()
    back = taken.filter(
        edition__organisation=OuterRef("edition__organisation"),
        edition__kind=OuterRef("edition__kind"),
        edition__as_of__gte=OuterRef("edition__as_of"),
    )
    missing = Difference.objects.visible_to(actor).filter(kind=DifferenceKind.GONE, former__in=taken.values("entry"))
    return missing.exclude(Exists(back)).order_by("-edition__as_of", "-pk")
