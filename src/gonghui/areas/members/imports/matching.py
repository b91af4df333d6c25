"""Who the lines of a workbook are: known or new, a member here, held elsewhere, gone. For all lines at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.areas.members.actions import transfers
from gonghui.areas.members.imports.sheets import MASK
from gonghui.areas.members.models import Employment, Membership
from gonghui.areas.members.queries import current_employments, living, open_transfer
from gonghui.areas.register.models import Employer
from gonghui.areas.register.rules import CoverageState
from gonghui.core.exchange.checking import find_by_record, named
from gonghui.core.exchange.importers import Circumstances, Line, Outcome
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import IdentityDocument, Person
from gonghui.core.people.queries import known
from gonghui.kit import identity
from gonghui.kit.ciphers import masked_phone
from gonghui.kit.identity import BadNumber, Document
from gonghui.kit.text import plain

PERMISSION = "members.admit_member"
TRANSFER = "transfer"
TOLD = ("sex", "born_on")  # what a resident's number says of its holder
PLAIN = (
    *TOLD,
    "ethnicity",
    "education",
    "skill_level",
    "household",
    "household_place",
    "politics",
    "native_place",
    "is_migrant",
)
EMPTY: Mapping[str, Any] = {"born_on": None, "is_migrant": False}


@dataclass(frozen=True)
class HeldMember:
    """What is on the register of a line: the membership, and where its member works."""

    membership: Membership
    work: Employment | None

    @property
    def public_id(self) -> Any:
        """The record code of the membership."""
        return self.membership.public_id

    @property
    def person(self) -> Person:
        """Whose it is."""
        found: Person = self.membership.person
        return found

    def __str__(self) -> str:
        return str(self.person)


def values(held: HeldMember) -> Mapping[str, Any]:
    """What is known of a member in the columns that are compared; numbers as they are shown."""
    person, work = held.person, held.work
    return {name: getattr(person, name) for name in ("name", *PLAIN)} | {
        "document": person.document_masked,
        "phone": person.phone_masked,
        "work_state": work.work_state if work else "",
        "workplace": work.place if work else "",
    }


# -- documents --------------------------------------------------------------------------------------------------


def read_documents(lines: Iterable[Line]) -> None:
    """Checks each number with its kind, and leaves only its mask among the values, which may be repeated."""
    for line in lines:
        number = line.get("document") or ""
        if not number or MASK in number:
            continue
        try:
            document = identity.checked(number, line.get("document_kind") or "")
        except BadNumber as error:
            line.refuse("document", str(error))
            continue
        line.found["document"], line.found["index"] = document, IdentityDocument.index_of(document)
        line.values["document"] = document.masked
        check_told(line, document)


def check_told(line: Line, document: Document) -> None:
    """Sex and day of birth must be those that a resident's number says (GB 11643)."""
    if document.born and line.get("born_on") not in (None, document.born):
        line.refuse("born_on", _("与证件号码第 7 至 14 位不一致，请核对"))
    if document.sex and line.get("sex") not in (None, "", document.sex):
        line.refuse("sex", _("与证件号码第 17 位不一致，请核对"))


def refuse_same(lines: Sequence[Line]) -> None:
    """One person, or one telephone, in two lines: the later ones are refused."""
    for line in lines:
        if (number := line.get("phone")) and MASK not in number:
            line.found["phone"] = number
    for column, key in (("document", "index"), ("phone", "phone")):
        first: dict[str, int] = {}
        for line in lines:
            if not (value := line.found.get(key)) or line.problems:
                continue
            if value in first:
                line.refuse(column, _("与第 %(row)s 行相同，请只留一行") % {"row": first[value]})
            first.setdefault(value, line.number)


# -- persons and memberships ------------------------------------------------------------------------------------


def match(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Sets what each line is about: the member it is already, or the person that is known, or nothing."""
    read_documents(lines)
    refuse_same(lines)
    find_by_record(sound(lines), held_below(circumstances))
    people = known(line.found["index"] for line in sound(lines) if "index" in line.found)
    memberships = living(list(people.values()))
    for line in sound(lines):
        place(circumstances, line, people, memberships)
    set_work(lines)
    for line in sound(lines):
        check_identity(line)
    read_phones(lines)


def sound(lines: Sequence[Line]) -> list[Line]:
    """Those without a problem so far."""
    return [line for line in lines if not line.problems]


def held_below(circumstances: Circumstances) -> Any:
    """The living memberships that this import may change."""
    rows = Membership.objects.changeable_by(circumstances.actor, PERMISSION).living()
    return rows.filter(organisation_path__startswith=circumstances.organisation.path).select_related("person", "organisation")


def place(
    circumstances: Circumstances, line: Line, people: Mapping[str, Person], memberships: Mapping[int, Membership]
) -> None:
    """A member here is the line's record; a membership held elsewhere will be asked for."""
    person = people.get(line.found.get("index", ""))
    line.found["by_record"] = line.record is not None
    if person is None:
        return
    line.found["person"] = person
    if line.record is not None:
        if person.pk != line.record.person_id:
            line.refuse("document", _("证件号码与这个记录编号的人不符，请核对"))
        return
    membership = memberships.get(person.pk)
    if membership is None:
        return
    here = circumstances.organisation.path
    if membership.organisation_path.startswith(here) and circumstances.actor.can_at(PERMISSION, membership.organisation_path):
        line.record = membership
    else:
        line.fate, line.found["membership"] = TRANSFER, membership


def set_work(lines: Sequence[Line]) -> None:
    """Beside each membership where its member works now."""
    asked = [line for line in lines if line.record is not None]
    works = current_employments([line.record.person for line in asked])
    for line in asked:
        line.record = HeldMember(line.record, next(iter(works.get(line.record.person_id, [])), None))


def check_identity(line: Line) -> None:
    """A number that another name has is never taken for this one's; a record's number may be repeated, never replaced."""
    held: HeldMember | None = line.record
    is_known, number = "person" in line.found, line.get("document") or ""
    if is_known and not line.found["by_record"] and line.get("name") not in (None, line.found["person"].name):
        line.refuse("name", _("与这个证件号码登记的姓名不同，请核对证件；改名请先在会员页面办理"))
    elif held is None and MASK in number and "document" not in line.found:
        line.refuse("document", _("号码被遮住了，请填完整的号码"))
    elif held is not None and is_known:
        line.values["document"] = held.person.document_masked
    elif held is not None and number not in ("", held.person.document_masked):
        line.refuse("document", _("与登记的证件号码不同；换证件请在会员页面登记"))


def read_phones(lines: Iterable[Line]) -> None:
    """Takes the numbers out of the values; a number that is the member's own is shown as such, another one differs in its mask."""
    for line in lines:
        number = line.get("phone")
        held: HeldMember | None = line.record
        if not number or line.problems:
            continue
        if MASK in number:
            if held is None or held.person.phone_masked != number:
                line.refuse("phone", _("号码被遮住了，请填完整的手机号"))
        elif held is None:
            line.values["phone"] = masked_phone(number)
        elif held.person.phone_index == Person.index_of(number):
            line.values["phone"] = held.person.phone_masked
            del line.found["phone"]
        else:
            line.values["phone"] = f"{number[:3]}****{number[-2:]}"  # never the mask of the number that is there


# -- places of work ---------------------------------------------------------------------------------------------


def set_places(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """The employer that a workplace names, and the union that takes its workers in; a name that nobody knows stays text.

    A line that names no place is of the only employer that the union covers, if there is one only.
    """
    here = circumstances.organisation
    rows = Employer.objects.visible_to(circumstances.actor).filter(state="active").select_related("organisation")
    covered = list(rows.filter(organisation=here).exclude(coverage=CoverageState.NONE)[:2])
    alone = covered[0] if len(covered) == 1 else None
    texts = {line.values["workplace"] for line in lines if line.get("workplace")}
    found = named(texts | {plain(text) for text in texts}, rows)
    for line in lines:
        text = line.get("workplace") or ""
        matches = found.get(text) or found.get(plain(text)) or []
        if len(matches) > 1:
            sentence = _("有 %(count)s 个都叫“%(name)s”，请改填信用代码或记录编号")
            line.refuse("workplace", sentence % {"count": len(matches), "name": text[:20]})
        employer = matches[0] if matches else alone if not text else None
        line.found["employer"], line.found["union"] = employer, union_of(here, employer)
        if employer and text:
            line.values["workplace"] = employer.name
        elif text and line.record is not None:
            del line.values["workplace"]  # a department, or a name that nobody knows, says nothing of where a member works


def union_of(here: Organisation, employer: Employer | None) -> Organisation:
    """Who takes the workers of an employer in: the union below that covers it, else the one that imports."""
    if employer is None or employer.coverage == CoverageState.NONE:
        return here
    covering: Organisation = employer.organisation
    return covering if covering.path.startswith(here.path) else here


# -- held elsewhere ---------------------------------------------------------------------------------------------

HELD_ELSEWHERE = Outcome(
    TRANSFER, gettext_lazy("接转"), "warn", "arrows-exchange", gettext_lazy("会籍在其他单位，发出接转申请")
)


def tell_transfers(lines: Iterable[Line]) -> None:
    """What is said of who is held elsewhere: neutrally, and the limit once it has been asked for."""
    for line in lines:
        membership: Membership = line.found["membership"]
        line.said = _("该职工会籍在其他单位，导入时发出接转申请")
        if membership.state != "in_transfer":
            continue
        present = open_transfer(membership)
        if present and present.target_id == line.found["union"].pk:
            line.said = transfers.neutral(present)
        else:
            line.refuse("document", _("该职工的会籍正在接转，请等那一份办结"))
