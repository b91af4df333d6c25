"""`gonghui members`: members on the command line; numbers are masked here too."""

import datetime as dt
import json
import sys
from typing import Any
from uuid import UUID

from gonghui.areas.members import queries
from gonghui.areas.members.actions import MemberRow, admit_member
from gonghui.areas.members.models import Membership
from gonghui.areas.members.sheets import MEMBERS
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import by_code
from gonghui.core.people.actions import PersonRow
from gonghui.kit.columns import BadValue
from gonghui.kit.dates import today
from gonghui.kit.identity import BadNumber, checked
from gonghui.kit.intake import mobile

MOST = 1000
SHOWN = ("name", "organisation", "place", "document", "phone", "joined_on", "state")


def as_words(row: Any) -> dict[str, str]:
    """A member as a list shows him."""
    columns = [column for column in MEMBERS.columns if column.code in SHOWN]
    return {"id": str(row.public_id), **{column.code: column.text(row) for column in columns}}


def told(rows: list[dict[str, str]], *, json_output: bool) -> None:
    """Prints rows as JSON, or as columns parted by tabs."""
    if json_output:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        print("\t".join(row.values()))


def union_named(code: str, actor: Actor) -> Organisation | None:
    """The union of this code; says so where there is none."""
    union = by_code(code, actor)
    if union is None:
        print(f"no organisation with code {code}", file=sys.stderr)
    return union


def listed(actor: Actor, *, organisation: str, state: str = "", name: str = "", json_output: bool = False) -> int:
    """The members of a union and of those below it, in the order of the list; 2 where the union is unknown."""
    with acting(actor):
        union = union_named(organisation, actor)
        if union is None:
            return 2
        rows = queries.members(actor).filter(organisation_path__startswith=union.path)
        rows = rows.filter(state=state) if state else rows
        rows = rows.named(name) if name else rows
        told([as_words(row) for row in rows.order_by("name_pinyin", "pk")[:MOST]], json_output=json_output)
    return 0


def shown(actor: Actor, *, member: UUID, json_output: bool = False) -> int:
    """One member, and where he was held; 2 where there is none with this id."""
    with acting(actor):
        row = queries.members(actor).filter(public_id=member).first()
        if row is None:
            print(f"no member {member}", file=sys.stderr)
            return 2
        told([as_words(row)], json_output=json_output)
        if not json_output:
            for spell in queries.spells_of(row, actor):
                print(f"  {spell.union_name}\t{spell.valid.lower}\t{spell.valid.upper or ''}")
    return 0


def admitted(
    actor: Actor,
    *,
    organisation: str,
    name: str,
    number: str,
    phone: str = "",
    joined_on: dt.date | None = None,
    workplace: str = "",
) -> int:
    """Registers one member; 2 with a sentence where that is refused."""
    try:
        with acting(actor):
            union = union_named(organisation, actor)
            if union is None:
                return 2
            person = PersonRow(name, checked(number), mobile(phone) if phone else "")
            row = MemberRow(person, joined_on or today(), workplace=workplace)
            made: Membership = admit_member(union, actor=actor, row=row)
            told([as_words(queries.members(actor).get(pk=made.pk))], json_output=False)
    except (Refused, NotAllowed, BadNumber, BadValue) as problem:
        print(str(problem), file=sys.stderr)
        return 2
    return 0
