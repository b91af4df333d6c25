"""Accounts by workbook: who is invited to which role at which union. A row that is there already changes nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gonghui.core.access.actions import Invitee, invite
from gonghui.core.access.models import Invitation
from gonghui.core.access.queries import departments_of
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.exchange.checking import find_by_record, named
from gonghui.core.exchange.importers import Circumstances, Importer, Line, register
from gonghui.core.exchange.suggesting import suggest_names
from gonghui.core.organisations.models import Organisation
from gonghui.kit.ciphers import masked_phone
from gonghui.kit.text import enumerated, plain
from gonghui.web.sheets import ACCOUNTS, WORDS

PERMISSION = "access.invite"
ENDINGS = ("", *WORDS["places"]["union_endings"])
MASK = "****"

Key = tuple[str, int, str, str]  # what tells invitations apart: index of the number, union, role, department


def values(invitation: Invitation) -> Mapping[str, Any]:
    """What an invitation says in the columns that are compared; its number as it is shown."""
    return {
        "name": invitation.name,
        "phone": invitation.phone_masked,
        "organisation": invitation.organisation.name,
        "role": invitation.role,
        "department": invitation.department,
        "title": invitation.title,
    }


def find(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """By record code, else the same number in the same role at the same union. A number that another name has is refused."""
    rows = Invitation.objects.changeable_by(circumstances.actor, PERMISSION).select_related("organisation")
    find_by_record(lines, rows)
    set_unions(circumstances, [line for line in lines if line.get("organisation")])
    seal(lines)
    fresh = [line for line in lines if line.found.get("index") and not line.problems]
    known = list(rows.filter(phone_index__in={line.found["index"] for line in fresh}).exclude(state="withdrawn"))
    by_key = {(row.phone_index, row.organisation_id, row.role, row.department): row for row in known}
    by_number = {row.phone_index: row for row in known}
    for line in fresh:
        line.record = line.record or by_key.get(key_of(line))
        refuse_other_name(line, by_number.get(line.found["index"]))
    refuse_repeated(fresh)


def seal(lines: Sequence[Line]) -> None:
    """Takes the numbers out of the values, where they could be repeated, and leaves their masks. A masked one must be a record's."""
    for line in lines:
        number = line.get("phone") or ""
        if MASK in number:
            if line.record is None or line.record.phone_masked != number:
                line.refuse("phone", _("号码被遮住了，请填完整的手机号"))
        elif number:
            line.found["phone"], line.found["index"] = number, Invitation.index_of(number)
            line.values["phone"] = masked_phone(number)


def key_of(line: Line) -> Key:
    """What no two open invitations have in common."""
    union = line.found.get("organisation")
    return line.found["index"], union.pk if union else 0, line.get("role") or "", line.get("department") or ""


def refuse_other_name(line: Line, known: Invitation | None) -> None:
    """One number is one person."""
    if known is not None and line.get("name") and known.name != line.values["name"]:
        line.refuse("phone", _("这个手机号已用于邀请“%(name)s”，请核对姓名和号码") % {"name": known.name})


def refuse_repeated(lines: Sequence[Line]) -> None:
    """The same role twice, or one number under two names, within the workbook."""
    roles: dict[Key, int] = {}
    names: dict[str, Line] = {}
    for line in lines:
        if (first := roles.setdefault(key_of(line), line.number)) != line.number:
            line.refuse("phone", _("与第 %(row)s 行相同，请只留一行") % {"row": first})
        same = names.setdefault(line.found["index"], line)
        if same.get("name") != line.get("name"):
            line.refuse("phone", _("与第 %(row)s 行手机号相同而姓名不同，请核对") % {"row": same.number})


def set_unions(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """The union of each line, by name (its ending may be left out), code, credit code or record code."""
    rows = Organisation.objects.changeable_by(circumstances.actor, PERMISSION).active().under(circumstances.organisation)
    texts = {plain(line.values["organisation"]) for line in lines}
    found = named({f"{text}{ending}" for text in texts for ending in ENDINGS}, rows)
    coded = {row.code: [row] for row in rows.filter(code__in=texts)}
    for line in lines:
        text = plain(line.values["organisation"])
        matches = coded.get(text) or next((found[text + ending] for ending in ENDINGS if text + ending in found), [])
        if len(matches) == 1:
            line.found["organisation"] = matches[0]
            line.values["organisation"] = matches[0].name
        elif matches:
            sentence = _("有 %(count)s 个都叫“%(name)s”，请改填信用代码或记录编号")
            line.refuse("organisation", sentence % {"count": len(matches), "name": text[:20]})
        else:
            line.refuse("organisation", _("没有您能管理的工会叫“%(name)s”，请先把它导入工会名册") % {"name": text[:20]})


def check(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """A department must be one that the federation has chosen."""
    chosen: dict[int, dict[str, Any]] = {}
    for line in lines:
        union = line.found.get("organisation")
        if not line.is_new or union is None or not line.get("department"):
            continue
        if union.pk not in chosen:
            chosen[union.pk] = dict(departments_of(union, circumstances.on))
        if line.values["department"] not in chosen[union.pk]:
            names = enumerated(chosen[union.pk].values())
            line.refuse("department", _("本区没有选定这个部室，可填：%(names)s") % {"names": names})


def write(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Everybody of one union in one action. A refused group stays out by itself."""
    groups: dict[Organisation, list[Line]] = defaultdict(list)
    for line in lines:
        if line.is_new:
            groups[line.found["organisation"]].append(line)
    for union, group in groups.items():
        try:
            made = invite(union, actor=circumstances.actor, invitees=[invitee(line) for line in group])
        except (Refused, NotAllowed) as refusal:
            for line in group:
                line.refuse("organisation", str(refusal) if isinstance(refusal, Refused) else _("您不能在这里邀请"))
        else:
            for line, row in zip(group, made, strict=True):
                line.made = row
        circumstances.tell(len(group))


def invitee(line: Line) -> Invitee:
    """Who a line invites."""
    return Invitee(
        name=line.values["name"],
        phone=line.found["phone"],
        role=line.values["role"],
        department=line.get("department") or "",
        title=line.get("title") or "",
    )


def suggest(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Unions of the nearest names."""
    unions = Organisation.objects.changeable_by(circumstances.actor, PERMISSION).active().under(circumstances.organisation)
    suggest_names(lines, "organisation", unions.order_by("path").values_list("name", flat=True))


register(Importer(ACCOUNTS, PERMISSION, find=find, check=check, write=write, values=values, suggest=suggest))
