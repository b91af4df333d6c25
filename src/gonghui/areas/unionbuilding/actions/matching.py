"""Comparing a list with the register: what the engine has found is kept, what people decide is remembered and holds in every edition."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding.actions.tax_matters import check_payments
from gonghui.areas.unionbuilding.models import Edition, Entry, Learned, Match, Verdict
from gonghui.areas.unionbuilding.rules import EDITION_FLOW, SETTLED
from gonghui.core.actions.action import Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many, take_stock
from gonghui.core.actions.door import beyond_scope
from gonghui.kit.dates import now, today

LOCKED = "the pairs of a list that an action has locked"
REMEMBERED = "what was decided of these firms, whoever holds the employer"


@dataclass(frozen=True)
class PairRow:
    """An entry and an employer by key, as the engine has scored them; `score` in bits, `band` auto or review."""

    entry: int
    employer: int
    score: float
    band: str
    probability: float
    evidence: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Found:
    """What a matching came to; `weights` as the engine keeps them, the expected precision of the automatic pairs as a share."""

    pairs: Sequence[PairRow]
    weights: Mapping[str, Any] = field(default_factory=dict)
    precision: float = 1.0


@action("unionbuilding.match_edition", label=_("与单位名册比对"))
def match_edition(edition: Edition, *, actor: Actor) -> None:
    """Decides to compare a list with the register; the job `unionbuilding.match` does it."""
    change(edition, state=next_state(EDITION_FLOW, "match", edition.state), progress=0, problem="")


@action("unionbuilding.stop_matching", label=_("停止比对"))
def stop_matching(edition: Edition, *, actor: Actor, problem: str = "") -> None:
    """Nothing is taken over from a matching that was stopped or failed; it may be begun anew."""
    change(edition, state=next_state(EDITION_FLOW, "stop", edition.state), problem=problem[:300])


@action("unionbuilding.finish_matching", label=_("完成比对"))
def finish_matching(edition: Edition, *, actor: Actor, found: Found) -> None:
    """Keeps what a matching has found in place of what the one before had, and what it has learned; of a tax list the payments are
    checked against the register."""
    target = next_state(EDITION_FLOW, "finish", edition.state)
    rows = Match.objects.unscoped(LOCKED).filter(edition=edition)
    rows._raw_delete(rows.db)
    insert_many(settled(edition, found.pairs))
    take_stock(Match)
    if found.weights:
        learn(edition, found.weights)
    precision = round(Decimal(100 * found.precision), 2)
    change(edition, state=target, matched_on=today(), expected_precision=precision, progress=100)
    check_payments(edition)


def learn(edition: Edition, weights: Mapping[str, Any]) -> None:
    """Keeps the weights for the next list of this kind."""
    values = {"weights": dict(weights), "learned_at": now()}
    Learned.objects.unscoped(LOCKED).update_or_create(
        organisation_id=edition.organisation_id, kind=edition.kind, defaults=values
    )


# -- what is remembered -----------------------------------------------------------------------------------------


def remembered(edition: Edition) -> list[tuple[int, Verdict]]:
    """What people have decided of the firms of an edition: key of the entry, verdict."""
    with beyond_scope(REMEMBERED):
        keys = dict(Entry.objects.unscoped(REMEMBERED).filter(edition=edition).values_list("key", "pk"))
        verdicts = Verdict.objects.unscoped(REMEMBERED).filter(key__among=keys).order_by("pk")
        return [(keys[one.key], one) for one in verdicts]


def settled(edition: Edition, pairs: Iterable[PairRow]) -> list[Match]:
    """The pairs as rows. What somebody has decided holds: a pair that was confirmed is there even if the engine did not find it again, and
    nothing else is proposed for the two; one that was told apart is kept as such."""
    same, apart = decided(edition)
    by_pair = {(pair.entry, pair.employer): pair for pair in pairs}
    taken_entries, taken_employers = {entry for entry, _ in same}, {employer for _, employer in same}
    rows = []
    for (entry, employer), verdict in same.items():
        pair = by_pair.pop((entry, employer), PairRow(entry, employer, 0.0, "review", 1.0))
        rows.append(match_of(edition, pair, "confirmed", verdict))
    for (entry, employer), pair in by_pair.items():
        if (no := apart.get((entry, employer))) is not None:
            rows.append(match_of(edition, pair, "rejected", no))
        elif entry not in taken_entries and employer not in taken_employers:
            rows.append(match_of(edition, pair, pair.band))
    return rows


Pairs = dict[tuple[int, int], Verdict]


def decided(edition: Edition) -> tuple[Pairs, Pairs]:
    """(entry, employer) → verdict, of those that are the same and of those that are not. An employer that was confirmed for two entries
    (one firm with and without its code) is the first one's."""
    same: Pairs = {}
    apart: Pairs = {}
    employers: set[int] = set()
    entries: set[int] = set()
    for entry, verdict in remembered(edition):
        if not verdict.is_same:
            apart[entry, verdict.employer_id] = verdict
        elif entry not in entries and verdict.employer_id not in employers:
            same[entry, verdict.employer_id] = verdict
            entries.add(entry)
            employers.add(verdict.employer_id)
    return same, apart


def match_of(edition: Edition, pair: PairRow, state: str, verdict: Verdict | None = None) -> Match:
    """One pair as a row."""
    return Match(
        edition_id=edition.pk,
        entry_id=pair.entry,
        employer_id=pair.employer,
        score=pair.score,
        band=pair.band,
        probability=pair.probability,
        evidence=[dict(one) for one in pair.evidence],
        state=state,
        decided_by_id=verdict.decided_by_id if verdict else None,
        decided_at=verdict.decided_at if verdict else None,
    )


# -- verdicts ---------------------------------------------------------------------------------------------------


@action("unionbuilding.decide_match", label=_("判定是否同一家"))
def decide_match(match: Match, *, actor: Actor, is_same: bool) -> None:
    """Somebody has looked at a pair: it is the same firm, or it is not. Every edition knows it, those where the pair waits too."""
    moment = now()
    state = "confirmed" if is_same else "rejected"
    change(match, state=state, decided_by_id=actor.user_id, decided_at=moment)
    remember(match, actor, is_same=is_same)
    with beyond_scope(REMEMBERED):
        waiting_elsewhere(match).update(state=state, decided_by_id=actor.user_id, decided_at=moment)


def waiting_elsewhere(match: Match) -> Any:
    """The same firm and employer in other editions, as long as neither is settled there."""
    rows = of_the_firm(match).filter(state="review")
    settled = Match.objects.unscoped(REMEMBERED).filter(edition=OuterRef("edition"), state__in=SETTLED)
    return rows.exclude(Exists(settled.filter(Q(entry=OuterRef("entry")) | Q(employer=OuterRef("employer")))))


def of_the_firm(match: Match) -> Any:
    """The pairs of the same firm and employer in other editions."""
    rows = Match.objects.unscoped(REMEMBERED).filter(entry__key=match.entry.key, employer_id=match.employer_id)
    return rows.exclude(pk=match.pk)


def remember(match: Match, actor: Actor, *, is_same: bool) -> None:
    """Keeps the verdict under the firm's key; the newest one holds. Another employer that was confirmed for the firm before gives way."""
    key, values = match.entry.key, {"name": match.entry.name, "is_same": is_same}
    values |= {"decided_by_id": actor.user_id, "decided_at": match.decided_at}
    with beyond_scope(REMEMBERED):
        rows = Verdict.objects.unscoped(REMEMBERED).filter(key=key)
        if is_same and rows.filter(is_same=True).exclude(employer_id=match.employer_id).exists():
            raise Refused(_("这家企业已确认是另一个单位，请先撤回那一次判定"))
        rows.update_or_create(key=key, employer_id=match.employer_id, defaults=values)


@action("unionbuilding.take_back_verdict", label=_("撤回判定"))
def take_back_verdict(match: Match, *, actor: Actor) -> None:
    """The pair is as the engine has left it, and the verdict is forgotten."""
    if match.decided_at is None:
        raise Refused(_("这一对还没有判定过"))
    with beyond_scope(REMEMBERED):
        Verdict.objects.unscoped(REMEMBERED).filter(key=match.entry.key, employer_id=match.employer_id).delete()
        decided = of_the_firm(match).filter(decided_at__isnull=False)
        decided.update(state=F("band"), decided_by=None, decided_at=None)
    change(match, state=match.band, decided_by_id=None, decided_at=None)


def matched_employers(edition: Edition) -> Mapping[int, int]:
    """Key of an entry → key of the employer that it is taken for."""
    rows = Match.objects.unscoped(LOCKED).filter(edition=edition, state__in=SETTLED)
    return dict(rows.values_list("entry_id", "employer_id"))
