"""The comparison with a list of everybody who works at a place: 未变, 新入, 变更, 接转, 有误, and who is missing (离开).

Nothing is done before one confirmation; then one action does all of it. A list is the whole of one union's workers; where the union
covers several employers, of those employers that the list names.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.areas.members.actions import Settlement, compare_staff, neutral
from gonghui.areas.members.actions.rosters import Departure
from gonghui.areas.members.imports.matching import (
    HELD_ELSEWHERE,
    TRANSFER,
    HeldMember,
    match,
    set_places,
    set_work,
    tell_transfers,
    values,
)
from gonghui.areas.members.imports.mending import mend, unseal
from gonghui.areas.members.imports.sheets import STAFF
from gonghui.areas.members.imports.writing import changes_of, row_of
from gonghui.areas.members.models import Membership
from gonghui.areas.members.rules import MEMBERSHIP_FLOW, Leaving
from gonghui.core.actions.action import Refused
from gonghui.core.exchange.importers import Change, Circumstances, Importer, Line, Outcome
from gonghui.core.organisations.models import BASE
from gonghui.core.people.models import IdentityDocument, Person
from gonghui.core.people.queries import known
from gonghui.core.reference.queries import parameter
from gonghui.kit.identity import BadNumber, Document, checked

PERMISSION = "members.compare_staff"
LEAVING = "leaving"
OUTCOMES = (
    Outcome("unchanged", gettext_lazy("未变"), "", "circle-check", gettext_lazy("和会员名册一样")),
    Outcome("new", gettext_lazy("新入"), "ok", "plus", gettext_lazy("确认后成为会员")),
    Outcome("changed", gettext_lazy("变更"), "info", "refresh", gettext_lazy("看前后对照")),
    HELD_ELSEWHERE,
    Outcome("wrong", gettext_lazy("有误"), "bad", "alert-triangle", gettext_lazy("不办理，改好再传")),
    Outcome(LEAVING, gettext_lazy("离开"), "warn", "door-exit", gettext_lazy("名单里没有的会员，逐个填原因")),
)


def find(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """By document; see `matching`. Refused as a whole where there is no one place of work to compare with."""
    if circumstances.organisation.kind not in BASE:
        raise Refused(_("全员名单只和一个基层工会比对；街道请用“会员名册”导入"))
    match(circumstances, lines)


def check(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Places; who rested and works again; who is held elsewhere."""
    set_places(circumstances, lines)
    for line in lines:
        held: HeldMember | None = line.record
        if held is not None and held.membership.state == "retained":
            labels = [str(MEMBERSHIP_FLOW.state(state).label) for state in ("retained", "active")]
            line.changes.append(Change("", *labels))
    tell_transfers([line for line in lines if line.fate == TRANSFER and not line.problems])


def missing(circumstances: Circumstances, lines: Sequence[Line]) -> list[Line]:
    """A line for each active member whom the list does not name. Who stands in a wrong line by name is told so."""
    named = {line.record.membership.pk for line in lines if isinstance(line.record, HeldMember)}
    rows = Membership.objects.changeable_by(circumstances.actor, PERMISSION).filter(state="active")
    rows = rows.filter(organisation=circumstances.organisation).exclude(pk__in=named).select_related("person", "organisation")
    rows = rows.exclude(person__in=people_in_wrong(lines))
    employers = {line.found["employer"].pk for line in lines if line.found.get("employer")}
    last = max((line.number for line in lines), default=0)
    found = [Line(last, {}, record=row, fate=LEAVING, is_added=True) for row in rows.order_by("person__name_pinyin", "pk")]
    set_work(found)
    found = [line for line in found if works_at(line.record, employers)]
    wrong = {line.texts.get("name", ""): line.number for line in lines if line.problems}
    for place, line in enumerate(found, 1):
        line.number = last + place
        answer(circumstances, line)
        if number := wrong.get(line.record.person.name):
            line.said = _("名单第 %(row)s 行有同名的人，那一行有误，请先核对") % {"row": number}
    return found


def people_in_wrong(lines: Sequence[Line]) -> list[Person]:
    """Whom lines name by a number that is right, though something else in them is wrong: they have not left."""
    documents = (document_in(line) for line in lines if line.problems)
    return list(known(IdentityDocument.index_of(one) for one in documents if one).values())


def document_in(line: Line) -> Document | None:
    """The document of a line that was not matched, if its number can be right."""
    try:
        return checked(line.texts.get("document", ""))
    except BadNumber:
        return None


def works_at(held: HeldMember, employers: set[int]) -> bool:
    """Whether a list of these employers' workers should name a member: one without an employer on the register, too."""
    employer = held.work.employer_id if held.work else None
    return not employers or employer is None or employer in employers


def answer(circumstances: Circumstances, line: Line) -> None:
    """Why the member has left, as it was answered; without an answer the line stays open."""
    given = circumstances.answers.get(str(line.record.public_id), {})
    line.is_open = given.get("why") not in Leaving.values
    if not line.is_open:
        line.found["why"], line.found["on"] = given["why"], dt.date.fromisoformat(given["on"])
        line.said = str(Leaving(given["why"]).label)


def doubt(circumstances: Circumstances, counts: Mapping[str, int]) -> str:
    """Asks again where a larger share of the members leaves than usual (`members.leaving_share`, in per cent)."""
    rows = Membership.objects.visible_to(circumstances.actor).filter(organisation=circumstances.organisation, state="active")
    members, leaving = rows.count(), counts.get(LEAVING, 0)
    most = parameter("members.leaving_share", circumstances.on)
    if leaving * 100 <= members * most:
        return ""
    return _("%(members)s 名会员中有 %(leaving)s 人离开，超过 %(most)s%%。请确认名单是全的，再勾选后办理") % {
        "members": members,
        "leaving": leaving,
        "most": most,
    }


def write(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Everything in one action."""
    new = [line for line in lines if line.outcome == "new"]
    changed = [line for line in lines if line.outcome == "changed"]
    wanted = [line for line in lines if line.outcome == TRANSFER]
    settlement = Settlement(
        admitted=[row_of(line, circumstances) for line in new],
        changes=changes_of(changed),
        resumed=[line.record.membership for line in changed if line.record.membership.state == "retained"],
        wanted=[(line.found["person"], line.found.get("employer")) for line in wanted],
        departures=[departure_of(line) for line in lines if line.outcome == LEAVING],
    )
    done = compare_staff(circumstances.organisation, actor=circumstances.actor, settlement=settlement, on=circumstances.on)
    for line, transfer in zip(wanted, done.transfers, strict=True):
        line.said = neutral(transfer)
    for line, membership in zip(new, done.admitted, strict=True):
        line.made = membership
    circumstances.tell(len(lines))


def departure_of(line: Line) -> Departure:
    """A leaver as the action takes him."""
    return Departure(line.record.membership, line.found["why"], line.found["on"])


IMPORTER = Importer(
    STAFF,
    PERMISSION,
    find=find,
    check=check,
    write=write,
    values=values,
    mend=mend,
    unseal=unseal,
    keys=("document",),
    outcomes=OUTCOMES,
    missing=missing,
    asks=LEAVING,
    answers=Leaving.choices,
    doubt=doubt,
    unread=("number",),
)
