"""Comparing a list with the register: minutes of work outside a page, with progress and a stop."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from gonghui.areas.register.models import Contact, Employer
from gonghui.areas.unionbuilding.actions import Found, PairRow, finish_matching, stop_matching
from gonghui.areas.unionbuilding.models import Edition, Entry, Learned, Verdict
from gonghui.core.access.jobs import long_job
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.kit.dates import today
from gonghui.linkage import Decision, Weights, link

COLUMNS = ("id", "code", "name", "former_names", "address", "legal", "phone", "headcount")
MEMORY = "1GB"
STEP = 2  # per cent of progress that are worth a note
BETWEEN = "；"  # former names


class Stopped(Exception):
    """Somebody has stopped the matching."""


@long_job("unionbuilding.match")
def match(actor: Actor, edition: str) -> None:
    """Compares one edition with the employers of its territory. What goes wrong stands on the edition, which can be compared again."""
    with acting(actor):
        one = Edition.objects.visible_to(actor).select_related("organisation").filter(public_id=edition).first()
    if one is None or one.state != "matching":
        return
    try:
        found = compared(one, actor)
        with acting(actor):
            finish_matching(one, actor=actor, found=found)
    except Stopped:
        return
    except (Refused, NotAllowed) as problem:
        fail(one, actor, str(problem) if isinstance(problem, Refused) else _("您已没有办理它的权限"))
    except Exception:
        fail(one, actor, _("系统出错了，什么也没有改变，错误已经记下。请联系系统管理员"))
        raise


def fail(edition: Edition, actor: Actor, problem: str) -> None:
    """Says on the edition why nothing came of it."""
    with acting(actor):
        stop_matching(edition, actor=actor, problem=problem)


def compared(edition: Edition, actor: Actor) -> Found:
    """What the engine finds. Both lists stand in files that nobody else may read, without a telephone in clear, as long as it works."""
    with TemporaryDirectory(prefix="gonghui-link-") as place:
        listed, held = Path(place, "list.csv"), Path(place, "register.csv")
        with acting(actor):
            write(listed, entry_rows(edition, actor))
            write(held, employer_rows(edition, actor))
            decisions, weights = remembered(edition, actor), learned(edition, actor)
        tell = telling(edition, actor)
        with link(listed, held, decisions=decisions, weights=weights, memory=MEMORY, seed=1, progress=tell) as outcome:
            pairs = [pair_row(pair) for pair in outcome.pairs()]
            return Found(pairs, outcome.weights.to_dict(), outcome.expected_precision)


def pair_row(pair: Any) -> PairRow:
    """A pair of the engine as the action takes it."""
    evidence = [
        {"field": one.field, "finding": one.finding, "weight": one.weight, "zh": one.zh, "en": one.en} for one in pair.evidence
    ]
    return PairRow(int(pair.a_id), int(pair.b_id), pair.score, pair.band, pair.probability, evidence)


def telling(edition: Edition, actor: Actor) -> Callable[[str, float], None]:
    """Notes how far the engine has come, each time in a transaction of its own. Raises Stopped once the matching was stopped."""
    told = -STEP

    def tell(_step: str, share: float) -> None:
        nonlocal told
        done = int(100 * share)
        if done < told + STEP:
            return
        told = done
        with acting(actor):
            rows = Edition.objects.changeable_by(actor, "unionbuilding.match_edition").filter(pk=edition.pk, state="matching")
            if not rows.update(progress=done):
                raise Stopped

    return tell


# -- what the engine is given -----------------------------------------------------------------------------------


def write(path: Path, rows: Iterable[Iterable[object]]) -> None:
    """A CSV file that only this process's user may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def entry_rows(edition: Edition, actor: Actor) -> Iterator[tuple[object, ...]]:
    """The firms of the list."""
    rows = Entry.objects.visible_to(actor).filter(edition=edition).order_by("pk")
    names = ("pk", "code", "name", "former_names", "address", "legal_person", "phone_index", "headcount")
    for key, code, name, former, address, legal, phone, count in rows.values_list(*names):
        yield key, code, name, BETWEEN.join(former), address, legal, stand_in(phone), count


def employer_rows(edition: Edition, actor: Actor) -> Iterator[tuple[object, ...]]:
    """The employers that are held or stand in the territory of whoever loaded the list, whatever has become of them."""
    phones = telephones(edition, actor)
    rows = employers_of(edition, actor).order_by("pk")
    names = ("pk", "uscc", "name", "former_names", "address", "headcount")
    for key, code, name, former, address, count in rows.values_list(*names):
        yield key, code, name, BETWEEN.join(former), address, "", phones.get(key, ""), count


def employers_of(edition: Edition, actor: Actor) -> Any:
    """The employers that a list is compared with."""
    place = edition.organisation.path
    within = Q(organisation_path__startswith=place) | Q(street_path__startswith=place)
    return Employer.objects.visible_to(actor).filter(within)


def telephones(edition: Edition, actor: Actor) -> dict[int, str]:
    """Key of an employer → what stands for the number of its newest contact. Numbers are opened here to be indexed, and leave it as digests."""
    rows = Contact.objects.visible_to(actor).filter(employer__in=employers_of(edition, actor), valid__contains=today())
    rows = rows.exclude(phone_masked="").order_by("valid", "pk")
    return {row.employer_id: stand_in(Entry.index_of(row.phone())) for row in rows.iterator() if row.employer_id}


def stand_in(index: str) -> str:
    """Eleven digits that stand for a telephone's blind index, since the engine reads telephones: equal for equal numbers, and nobody's."""
    return f"13{int(index[:15], 16) % 10**9:09d}" if index else ""


def remembered(edition: Edition, actor: Actor) -> list[Decision]:
    """What people have said of the firms of this edition."""
    keys = dict(Entry.objects.visible_to(actor).filter(edition=edition).values_list("key", "pk"))
    rows = Verdict.objects.visible_to(actor).filter(key__among=keys).order_by("pk")
    return [Decision(str(keys[one.key]), str(one.employer_id), same=one.is_same) for one in rows]


def learned(edition: Edition, actor: Actor) -> Weights | None:
    """What was learned from earlier lists of this kind; nothing where people have decided something since, so that it is learned anew with
    what they said, or where the engine has become another one."""
    rows = Learned.objects.visible_to(actor).filter(organisation=edition.organisation_id, kind=edition.kind)
    one = rows.first()
    if one is None or Verdict.objects.visible_to(actor).filter(decided_at__gt=one.learned_at).exists():
        return None
    try:
        return Weights.from_dict(one.weights)
    except ValueError:
        return None
