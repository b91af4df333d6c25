"""The roster of members by workbook: who joins, who is asked for elsewhere, what changes, who rests or goes.

The type of change (会籍变化类型) says what is done; without one a line admits who is new and corrects who is known.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.areas.members.actions import (
    admit_members,
    edit_members,
    expel,
    hand_over,
    leave,
    neutral,
    release_transfer,
    request_transfer,
    resume_member,
    retain_member,
)
from gonghui.areas.members.imports.matching import (
    HELD_ELSEWHERE,
    PERMISSION,
    TRANSFER,
    HeldMember,
    match,
    set_places,
    tell_transfers,
    values,
)
from gonghui.areas.members.imports.mending import mend, unseal
from gonghui.areas.members.imports.sheets import ROSTER
from gonghui.areas.members.imports.writing import changes_of, row_of
from gonghui.areas.members.models import Membership
from gonghui.areas.members.queries import open_transfer
from gonghui.areas.members.rules import MEMBERSHIP_FLOW, Retained
from gonghui.core.exchange.importers import STANDARD, Change, Circumstances, Importer, Line, together
from gonghui.core.reference.queries import names

CHUNK = 2000  # lines in one action
JOINS, MOVES_IN, RESTS, MOVES_OUT, STRUCK, LEAVES = "1", "2", "3", "4", "5", "6"
CRIME, OWN_WISH = "6", "5"
RESTING = {"2": Retained.LAID_OFF, "3": Retained.UNEMPLOYED, "4": Retained.DISSOLVED}
"""Reason of the change → why a membership rests."""
OUT_OF_WORK = ("4", "5", "6", "7")
"""States of work of who has retired, one way or another: a reason to rest by itself."""
NO_RIGHT = ("workplace", gettext_lazy("您不能在这个工会登记会员"))


@dataclass(frozen=True)
class Turn:
    """A step of a membership that a line asks for: where it leads, and what takes it."""

    target: str
    take: Callable[[Membership], Any]


def find(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """By record code, then by document; see `matching`."""
    match(circumstances, lines)


def check(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Places, days, and whether what a line asks for can be done."""
    set_places(circumstances, lines)
    for line in lines:
        check_day(circumstances, line)
        check_change(circumstances, line)
    gone = last_memberships(circumstances, lines)
    for line in lines:
        if not line.problems and line.get("change") in (RESTS, MOVES_OUT, STRUCK, LEAVES) and line.record is None:
            accept_gone(line, gone)
    tell_transfers([line for line in lines if line.fate == TRANSFER and not line.problems])


def check_day(circumstances: Circumstances, line: Line) -> None:
    """No day to come."""
    if (on := line.get("change_on")) and on > circumstances.on:
        line.refuse("change_on", _("晚于今天（%(today)s）") % {"today": circumstances.on})


def check_change(circumstances: Circumstances, line: Line) -> None:
    """The step that the type of change asks of a member here; what cannot be one is refused in words, never dropped."""
    kind, held = line.get("change"), line.record
    if line.fate == TRANSFER and kind in (RESTS, MOVES_OUT, STRUCK, LEAVES):
        line.refuse("change", _("会籍不在这里，不能办“%(kind)s”") % {"kind": names("membership_change")[kind]})
    if kind == STRUCK and line.get("change_reason") != CRIME:
        line.refuse(
            "change",
            _(
                "没有“除名”这一种会籍：因犯罪开除会籍的，原因填 6；个人要求退会的，类型填 6 退会；六个月不交会费的，请在会员页面办“视为自动退会”"
            ),
        )
    if held is None or line.problems:
        return
    turn = turn_of(circumstances, line)
    if turn is None or line.problems:
        return
    line.found["turn"] = turn
    state = MEMBERSHIP_FLOW.state
    new = str(state(turn.target).label) if turn.target != held.membership.state else _("转出")
    line.changes.append(Change("change", str(state(held.membership.state).label), new))


def turn_of(circumstances: Circumstances, line: Line) -> Turn | None:
    """What the line asks of a membership that is held here; None where it is so already."""
    held: HeldMember = line.record
    actor, on, state = circumstances.actor, line.get("change_on") or circumstances.on, held.membership.state
    reason = names("change_reason").get(line.get("change_reason") or "", "")
    kind = line.get("change")
    if kind in (JOINS, MOVES_IN):
        return Turn("active", partial(resume_member, actor=actor, on=on)) if state == "retained" else None
    if kind == RESTS and state != "retained":
        why = rest_of(line)
        return Turn("retained", partial(retain_member, actor=actor, on=on, why=why)) if why else None
    if kind == MOVES_OUT:
        return moving_out(circumstances, held, on, reason)
    if kind == STRUCK:
        return Turn("expelled", partial(expel, actor=actor, on=on, reason=reason))
    if kind == LEAVES:
        wish = reason or names("change_reason")[OWN_WISH]
        return Turn("left", partial(leave, actor=actor, on=on, reason=wish))
    return None


def rest_of(line: Line) -> str:
    """Why a membership rests: the reason of the change, or that its member has retired."""
    if why := RESTING.get(line.get("change_reason") or ""):
        return why
    work = line.get("work_state") or (line.record.work.work_state if line.record.work else "")
    if work in OUT_OF_WORK:
        return Retained.RETIRED
    line.refuse("change_reason", _("保留会籍的原因填 2 下岗待岗、3 失业或 4 企业破产；退休的把就业状况填为“退休”"))
    return ""


def moving_out(circumstances: Circumstances, held: HeldMember, on: Any, reason: str) -> Turn | None:
    """To the union that has asked, if one has; else to the union above, which holds the membership until one asks."""
    actor = circumstances.actor
    if transfer := open_transfer(held.membership) if held.membership.state == "in_transfer" else None:
        return Turn("active", lambda _membership: release_transfer(transfer, actor=actor))
    return Turn("active", partial(hand_over, actor=actor, on=on, reason=reason))


def last_memberships(circumstances: Circumstances, lines: Sequence[Line]) -> dict[int, Membership]:
    """Person → the membership that ended here last, of the persons that lines without a living one name."""
    people = [line.found["person"] for line in lines if line.record is None and "person" in line.found]
    rows = Membership.objects.visible_to(circumstances.actor).filter(person__in=people, ended_on__isnull=False)
    rows = rows.filter(organisation_path__startswith=circumstances.organisation.path).select_related("person")
    return {row.person_id: row for row in rows.order_by("ended_on")}


def accept_gone(line: Line, gone: Mapping[int, Membership]) -> None:
    """Who shall go and has gone already stays as he is; whoever is no member cannot go."""
    person = line.found.get("person")
    if person is not None and person.pk in gone:
        line.record = HeldMember(gone[person.pk], None)
        for code in ("phone", "work_state", "workplace"):
            line.values.pop(code, None)
    elif not line.fate:
        line.refuse(
            "change",
            _("这个人现在不是这里的会员，不能办“%(kind)s”") % {"kind": names("membership_change")[line.values["change"]]},
        )


# -- writing ----------------------------------------------------------------------------------------------------


def write(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """New ones union by union, corrections in one go, then step by step what moves, rests or ends."""
    for union, group in by_union(line for line in lines if line.outcome == "new").items():
        for some in chunks(group):
            together(some, partial(admit, circumstances, union), NO_RIGHT)
            circumstances.tell(len(some))
    known = [line for line in lines if line.outcome == "changed"]
    for some in chunks(known):
        together(some, partial(correct, circumstances), NO_RIGHT)
        circumstances.tell(len(some))
    for line in known:
        if "turn" in line.found and not line.problems:
            together([line], take_turn, NO_RIGHT)
    for line in [line for line in lines if line.outcome == TRANSFER]:
        together([line], partial(ask, circumstances), NO_RIGHT)
        circumstances.tell(1)


def by_union(lines: Any) -> dict[Any, list[Line]]:
    """The lines by the union that takes them in."""
    found: dict[Any, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.found["union"]].append(line)
    return found


def chunks(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """So many lines as one action takes."""
    return [lines[start : start + CHUNK] for start in range(0, len(lines), CHUNK)]


def admit(circumstances: Circumstances, union: Any, lines: Sequence[Line]) -> None:
    """New members of one union."""
    made = admit_members(union, actor=circumstances.actor, rows=[row_of(line, circumstances) for line in lines])
    for line, membership in zip(lines, made, strict=True):
        line.made = membership


def correct(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """What is known of members."""
    if changes := changes_of(lines):
        edit_members(circumstances.organisation, actor=circumstances.actor, changes=changes, on=circumstances.on)


def take_turn(lines: Sequence[Line]) -> None:
    """The step of one membership."""
    for line in lines:
        line.found["turn"].take(line.record.membership)


def ask(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Asks for memberships held elsewhere; what is said of them is neutral."""
    for line in lines:
        transfer = request_transfer(
            line.found["union"], actor=circumstances.actor, person=line.found["person"], employer=line.found.get("employer")
        )
        line.said = neutral(transfer)


IMPORTER = Importer(
    ROSTER,
    PERMISSION,
    find=find,
    check=check,
    write=write,
    values=values,
    mend=mend,
    keys=("document",),
    unseal=unseal,
    outcomes=(*STANDARD[:3], HELD_ELSEWHERE, STANDARD[3]),
    unread=("number",),
)
