"""From lines to what the actions take."""

from collections.abc import Iterable
from typing import Any

from gonghui.areas.members.actions import MemberChange, MemberRow
from gonghui.areas.members.imports.matching import EMPTY, PLAIN, HeldMember
from gonghui.areas.members.rules import AT_WORK
from gonghui.core.exchange.importers import Circumstances, Line
from gonghui.core.people.actions import PersonRow


def row_of(line: Line, circumstances: Circumstances) -> MemberRow:
    """A new member; what a resident's number says of him is not told again."""
    document = line.found["document"]
    given = {name: line.values[name] for name in PLAIN if line.get(name) not in (None, "")}
    employer = line.found.get("employer")
    return MemberRow(
        PersonRow(line.values["name"], document, line.found.get("phone", ""), given),
        line.get("change_on") or circumstances.on,
        employer=employer,
        workplace="" if employer else line.get("workplace") or str(line.found["union"]),
        work_state=line.get("work_state") or AT_WORK,
    )


def change_of(line: Line) -> MemberChange:
    """What changes of a known member; what is cleared gets its empty value. The number that is replaced is kept for undoing."""
    held: HeldMember = line.record
    changed = {one.column for one in line.changes}
    phone = (line.found.get("phone", "") if line.get("phone") else "") if "phone" in changed else None
    if phone is not None:
        line.kept["phone"] = held.person.phone()
    return MemberChange(
        held.membership,
        {name: emptied(name, line.values[name]) for name in ("name", *PLAIN) if name in changed},
        phone,
        line.found.get("employer") if "workplace" in changed else None,
        line.get("work_state") or "" if "work_state" in changed else "",
    )


def emptied(name: str, value: Any) -> Any:
    """A value as the table takes it."""
    return EMPTY.get(name, "") if value is None else value


def changes_of(lines: Iterable[Line]) -> list[MemberChange]:
    """Those that correct anything of person or work."""
    found = [change_of(line) for line in lines if line.record is not None and line.changes]
    return [one for one in found if one.values or one.phone is not None or one.employer or one.work_state]
