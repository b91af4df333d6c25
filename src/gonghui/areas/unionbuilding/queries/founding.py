"""Reads of foundings, of what comes after them, and of what they earn."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from gonghui.areas.members.models import Membership
from gonghui.areas.members.rules import COUNTED
from gonghui.areas.register.models import Coverage, Employer, Headcount
from gonghui.areas.register.rules import CoverageState
from gonghui.areas.unionbuilding.models import (
    Aftercare,
    Award,
    AwardLine,
    Candidate,
    Duty,
    Founding,
    LetterTemplate,
    Paper,
    Prospect,
)
from gonghui.areas.unionbuilding.rules.awards import Result, results_of_own
from gonghui.areas.unionbuilding.rules.founding import AUDIT, COMMITTEE, WOMEN, Nominee, Numbers, Plan, Post, Progress
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import name_of
from gonghui.core.people.models import Sex
from gonghui.core.reference.queries import parameter, whole_number
from gonghui.kit.dates import DateRange, today
from gonghui.kit.text import enumerated

FOUNDING = "what is known of a founding, for whoever sees its prospect"
TEMPLATES = "the templates of the unions above hold below them"
SHARES = "how many members a new union has, and a firm in a joint one"
NURSERY = "firms that joint unions cover, wherever they are held"
RESULTS = "the founding results of one union, for whoever may compute its award"


# -- founding ---------------------------------------------------------------------------------------------------


def numbers(on: dt.date) -> Numbers:
    """What notices say of a day about candidates and elections."""
    one = {name: parameter(f"unionbuilding.{name}", on) for name in PARAMETERS}
    return Numbers(
        bands=one["committee_bands"],
        least=one["committee_least"],
        most=one["committee_most"],
        body=tuple(one["body_size"]),
        surplus=one["surplus_share"],
        women=one["womens_committee"],
        small=one["small_union"],
        attendance=tuple(one["attendance"]),
        majority=tuple(one["majority"]),
        delegates=one["delegates"],
    )


PARAMETERS = (
    *("committee_bands", "committee_least", "committee_most", "body_size", "surplus_share"),
    *("womens_committee", "small_union", "attendance", "majority", "delegates"),
)


def progress(prospect: Prospect) -> Progress:
    """What is known of the founding of a prospect, for the rules; its plan is empty before it is prepared."""
    with beyond_scope(FOUNDING):
        employer = Employer.objects.unscoped(FOUNDING).get(pk=prospect.employer_id)
        founding = Founding.objects.unscoped(FOUNDING).filter(prospect=prospect).first()
        rows = list(Candidate.objects.unscoped(FOUNDING).filter(founding=founding).order_by("pk")) if founding else []
    nominees = [Nominee(one.name, one.post, one.tie, one.sex == Sex.FEMALE, one.reason) for one in rows]
    plan = Plan(founding.members, founding.women, founding.seats, nominees) if founding else Plan(0, 0, 0)
    return Progress(
        plan,
        numbers(today()),
        employer.state == "active" and employer.coverage != CoverageState.OWN,
        founding.election_on if founding else None,
        frozenset(one.post for one in rows if one.is_elected),
    )


def founding_of(prospect: Prospect, actor: Actor) -> Founding | None:
    """The founding of a prospect, if it is prepared and the actor sees it."""
    return Founding.objects.visible_to(actor).filter(prospect=prospect).select_related("union").first()  # type: ignore[no-any-return]


def candidates(founding: Founding | None, actor: Actor) -> list[Candidate]:
    """Who stands, in the order of their posts."""
    rows = Candidate.objects.visible_to(actor).filter(founding=founding) if founding else []
    return sorted(rows, key=lambda one: (Post.values.index(one.post), one.pk))


def papers(prospect: Prospect, actor: Actor) -> list[Paper]:
    """The letters of a prospect, newest first."""
    return list(Paper.objects.visible_to(actor).filter(prospect=prospect).order_by("-pk"))


def letter_templates(actor: Actor) -> Any:
    """The templates of the actor's federations."""
    rows: Any = LetterTemplate.objects.visible_to(actor)
    return rows.annotate(holder_name=name_of("organisation"))


def template_of(kind: str, organisation: Organisation, on: dt.date) -> LetterTemplate | None:
    """The template that holds for a union on a day: its own, else that of the nearest union above."""
    with beyond_scope(TEMPLATES):
        rows = LetterTemplate.objects.unscoped(TEMPLATES).filter(organisation__in=organisation.ancestor_ids())
        rows = rows.filter(kind=kind, valid__contains=on).select_related("file")
        return max(rows, key=lambda one: len(one.organisation_path), default=None)


def letter_values(prospect: Prospect) -> dict[str, str]:
    """What is known of a prospect, by the names that templates use; what is not known yet is left out."""
    with beyond_scope(FOUNDING):
        employer = Employer.objects.unscoped(FOUNDING).get(pk=prospect.employer_id)
        founding = Founding.objects.unscoped(FOUNDING).filter(prospect=prospect).first()
        rows = list(Candidate.objects.unscoped(FOUNDING).filter(founding=founding).order_by("pk")) if founding else []
        above = prospect.organisation.name
    values = {
        "单位名称": employer.name,
        "统一社会信用代码": employer.uscc or "",
        "单位地址": employer.address,
        "职工人数": str(employer.headcount or ""),
        "工会名称": founding.union_name if founding else f"{employer.name}工会",
        "上级工会": above,
    }
    return values | (founding_values(founding) if founding else {}) | candidate_values(rows)


def founding_values(founding: Founding) -> dict[str, str]:
    """What the steps have put down."""
    on = founding.election_on
    return {
        "筹备组组长": founding.head,
        "筹备组成员": founding.group,
        "会员人数": str(founding.members),
        "女职工人数": str(founding.women),
        "委员人数": str(founding.seats),
        "选举日期": f"{on.year}年{on.month}月{on.day}日" if on else "",
        "应到人数": str(founding.due or ""),
        "实到人数": str(founding.present or ""),
    }


def candidate_values(rows: Sequence[Candidate]) -> dict[str, str]:
    """Who stands for the bodies, and who was elected."""
    values = {}
    bodies: Sequence[tuple[str, str, Sequence[Post]]] = (
        ("委员会候选人", "工会委员会", COMMITTEE),
        ("经审会候选人", "经审会", AUDIT),
        ("女职工组织候选人", "女职工组织", WOMEN),
    )
    for standing, winning, posts in bodies:
        values[standing] = enumerated(dict.fromkeys(one.name for one in rows if one.post in posts))
        values[winning] = enumerated(dict.fromkeys(one.name for one in rows if one.post in posts and one.is_elected))
    chairs, vices = (
        [one.name for one in rows if one.post == post and one.is_elected] for post in (Post.CHAIR, Post.VICE_CHAIR)
    )
    return values | {"主席": enumerated(chairs), "副主席": f"，{enumerated(vices)}任副主席" if vices else " "}


# -- after founding ---------------------------------------------------------------------------------------------


def aftercares(actor: Actor) -> Any:
    """The new unions that the actor looks after, with how many duties are open and when the next falls due."""
    still = Q(duties__done_on=None)
    rows: Any = Aftercare.objects.visible_to(actor)
    rows = rows.annotate(holder_name=name_of("organisation"), union_name=name_of("union"))
    return rows.annotate(left=Count("duties", filter=still), next_due=Min("duties__due_on", filter=still))


def duties(actor: Actor) -> Any:
    """What new unions still have to do or have done, with the names of union and of who looks after it, and how many days ahead one
    falls due soon."""
    rows: Any = Duty.objects.visible_to(actor).select_related("aftercare")
    return rows.annotate(
        holder_name=name_of_care("organisation"),
        union_name=name_of_care("union"),
        founded_on=F("aftercare__founded_on"),
        soon=whole_number("unionbuilding.soon_days", today()),
    )


def name_of_care(field: str) -> Any:
    """The name of a union in a foreign key of the aftercare that a duty is part of."""
    return name_of(f"aftercare__{field}")


def own_duties(actor: Actor) -> Any:
    """The open duties of the unions that the actor's own unions look after; a district does not do what is its streets' to do."""
    roots = actor.roots_for("unionbuilding.finish_duty")
    return duties(actor).filter(done_on=None, aftercare__organisation_path__in=roots)


def member_counts(unions: Collection[int]) -> Counter[int]:
    """Union → how many members it has today."""
    with beyond_scope(SHARES):
        rows = Membership.objects.unscoped(SHARES).filter(organisation__in=unions, state__in=COUNTED)
        return Counter(dict(rows.values_list("organisation").annotate(Count("pk"))))


# -- nursery ----------------------------------------------------------------------------------------------------


def joint_members(employers: Collection[int]) -> Counter[int]:
    """Employer → how many members of the joint union that covers it work there."""
    with beyond_scope(SHARES):
        covering = Coverage.objects.unscoped(SHARES).filter(
            employer=OuterRef("person__employments__employer"),
            organisation=OuterRef("organisation"),
            valid__upper_inf=True,
        )
        rows = Membership.objects.unscoped(SHARES).filter(state__in=COUNTED, person__employments__valid__upper_inf=True)
        rows = rows.filter(person__employments__employer__in=employers).filter(Exists(covering))
        return Counter(employer for employer, _key in rows.values_list("person__employments__employer", "pk").distinct())


def grown_employers(on: dt.date) -> list[int]:
    """The firms that joint unions cover and that have workers or members enough for a union of their own."""
    workers, members = (parameter(f"unionbuilding.nursery_{one}", on) for one in ("workers", "members"))
    with beyond_scope(NURSERY):
        rows = Employer.objects.unscoped(NURSERY).filter(coverage=CoverageState.JOINT, state="active")
        counts = dict(rows.values_list("pk", "headcount"))
    found = joint_members(list(counts))
    return sorted(key for key, count in counts.items() if (count or 0) >= workers or found[key] >= members)


# -- awards -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Happened:
    """What came of one employer on a day, and as what it counts."""

    employer_id: int
    name: str
    on: dt.date
    workers: int | None
    results: Sequence[Result]


def results_of(organisation: Organisation, period: DateRange) -> Iterator[Happened]:
    """What a union itself has founded or brought under a joint union in a period, in the order of the days."""
    with beyond_scope(RESULTS):
        founded = list(own_results(organisation, period))
        covered = list(joint_results(organisation, period))
    yield from sorted([*founded, *covered], key=lambda one: (one.on, one.employer_id))


def own_results(organisation: Organisation, period: DateRange) -> Iterator[Happened]:
    """Unions of their own."""
    rows = Founding.objects.unscoped(RESULTS).filter(prospect__organisation=organisation)
    rows = rows.filter(counts_from__gte=period.lower, counts_from__lt=period.upper)
    for row in rows.select_related("employer"):
        on = row.counts_from or today()
        workers = workers_on(row.employer_id, on)
        large = parameter("unionbuilding.large_employer", on)
        results = results_of_own(workers, large, is_dispatch_firm=row.employer.is_dispatch_firm)
        yield Happened(row.employer_id, row.employer.name, on, workers, results)


def joint_results(organisation: Organisation, period: DateRange) -> Iterator[Happened]:
    """Employers that a joint union covers newly."""
    rows = Prospect.objects.unscoped(RESULTS).filter(organisation=organisation, state="covered")
    rows = rows.filter(ended_on__gte=period.lower, ended_on__lt=period.upper)
    for row in rows.select_related("employer"):
        on = row.ended_on or today()
        yield Happened(row.employer_id, row.employer.name, on, workers_on(row.employer_id, on), [Result.JOINT])


def workers_on(employer_id: int, on: dt.date) -> int | None:
    """How many workers an employer had on a day."""
    rows = Headcount.objects.unscoped(RESULTS).filter(employer=employer_id, valid__contains=on)
    return rows.values_list("count", flat=True).first()  # type: ignore[no-any-return]


def awards(actor: Actor) -> Any:
    """What streets and systems have earned, as far as the actor sees it."""
    rows: Any = Award.objects.visible_to(actor).select_related("computed_by", "confirmed_by")
    return rows.annotate(holder_name=name_of("organisation"))


def award_lines(award: Award, actor: Actor) -> list[AwardLine]:
    """The rows of an award."""
    return list(AwardLine.objects.visible_to(actor).filter(award=award).order_by("happened_on", "pk"))
