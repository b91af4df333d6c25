"""Unions by workbook, with their approvals in hand. A union may stand under another row of the same workbook."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from gonghui.areas.register import queries
from gonghui.areas.register.actions.unions import UnionRow, check_place, edit_union, found_unions
from gonghui.areas.register.sheets import UNIONS
from gonghui.core.actions.action import Refused
from gonghui.core.actions.door import beyond_scope
from gonghui.core.exchange.checking import find_by, find_by_name, find_by_record, named
from gonghui.core.exchange.importers import Circumstances, Importer, Line, together
from gonghui.core.exchange.suggesting import suggest_codes, suggest_names
from gonghui.core.organisations.models import DEPENDENT, Kind, Organisation

FIELDS = ("name", "uscc", "approval_document", "keeps_own_funds")
COMPARED = (*FIELDS, "kind", "founded_on", "joint_basis")
EMPTY: dict[str, Any] = {"uscc": None, "keeps_own_funds": False}
WHY = "credit codes of unions, wherever they stand"


def values(union: Any) -> Mapping[str, Any]:
    """What a union says in the columns that are compared."""
    return {name: getattr(union, name) for name in COMPARED} | {"parent": union.parent_name}


def find(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """By record code, then credit code, then as the user said of names."""
    actor = circumstances.actor
    changeable = Organisation.objects.changeable_by(actor, "register.edit_union").exclude(state="merged")
    rows = queries.unions(actor).filter(pk__in=changeable.values("pk"))
    find_by_record(lines, rows)
    find_by([line for line in lines if not line.problems], "uscc", rows)
    refuse_taken(lines)
    find_by_name(lines, "name", rows.exclude(state="dissolved"), circumstances.same_name)


def refuse_taken(lines: Sequence[Line]) -> None:
    """A credit code that another union has."""
    asked = [line for line in lines if line.get("uscc") and not line.problems]
    with beyond_scope(WHY):
        rows = Organisation.objects.unscoped(WHY).filter(uscc__among={line.values["uscc"] for line in asked})
        taken = dict(rows.values_list("uscc", "pk"))
    for line in asked:
        holder = taken.get(line.values["uscc"])
        if holder is not None and (line.record is None or line.record.pk != holder):
            line.refuse("uscc", Organisation.sentences["organisations_uscc_once"])


def check(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Parents by name or code, on the register or in the workbook; what may stand under what; papers and days."""
    fresh = [line for line in lines if line.is_new]
    actor = circumstances.actor
    parents = named({line.values["parent"] for line in fresh if line.get("parent")}, queries.parent_unions(actor, PERMISSION))
    in_workbook = {line.values["name"]: line for line in fresh}
    for line in fresh:
        set_parent(circumstances, line, parents, in_workbook)
        check_papers(circumstances, line)
    for line in fresh:
        if not line.problems and goes_round(line):
            line.refuse("parent", _("上下级绕成了一圈，请核对"))


def set_parent(
    circumstances: Circumstances, line: Line, known: Mapping[str, list[Any]], in_workbook: Mapping[str, Line]
) -> None:
    """The union or the line that a new union stands under."""
    text = line.get("parent")
    matches = known.get(text, []) if text else [circumstances.organisation]
    above = in_workbook.get(text) if text and not matches else None
    if len(matches) > 1:
        line.refuse(
            "parent", _("有 %(count)s 个都叫“%(name)s”，请改填信用代码或记录编号") % {"count": len(matches), "name": text[:20]}
        )
    elif not matches and above is None:
        line.refuse("parent", _("名册和这张表里都没有您能管理的“%(name)s”") % {"name": text[:20]})
    else:
        line.found["parent"] = matches[0] if matches else above
        check_standing(line)


def check_standing(line: Line) -> None:
    """Whether this kind may stand under that parent."""
    parent = line.found["parent"]
    if isinstance(parent, Line):
        parent = Organisation(name=parent.values.get("name", ""), kind=parent.values.get("kind", ""), state="active")
    if line.get("kind") not in Kind.values or parent.kind not in Kind.values:
        return  # said already
    try:
        check_place(parent, line.values["kind"])
    except Refused as refusal:
        line.refuse(refusal.field, str(refusal))


def check_papers(circumstances: Circumstances, line: Line) -> None:
    """The approval (工会法 (2021) art. 12) and what belongs to the kind."""
    kind = line.get("kind")
    if (day := line.get("founded_on")) and day > circumstances.on:
        line.refuse("founded_on", _("晚于今天（%(today)s）") % {"today": circumstances.on})
    if not line.get("approval_document") and kind not in DEPENDENT:
        line.refuse("approval_document", _("没有填，请填上级工会的批复文号"))
    if kind == Kind.JOINT and not line.get("joint_basis"):
        line.refuse("joint_basis", _("联合工会请填联合方式：社区、楼宇、园区或行业"))
    if kind in DEPENDENT and (line.get("uscc") or line.get("keeps_own_funds")):
        line.refuse("uscc", Organisation.sentences["organisations_dependent_has_no_code"])


def suggest(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Codes of visible unions that are a slip away; parents of the nearest names, on the register or in the workbook."""
    suggest_codes(lines, "uscc", Organisation.objects.visible_to(circumstances.actor))
    above = queries.parent_unions(circumstances.actor, PERMISSION).order_by("path").values_list("name", flat=True)
    in_workbook = (line.values["name"] for line in lines if line.get("name"))
    suggest_names(lines, "parent", chain(above, in_workbook))


def goes_round(line: Line) -> bool:
    """Whether a line stands under itself."""
    seen, above = {line.number}, line.found.get("parent")
    while isinstance(above, Line):
        if above.number in seen:
            return True
        seen.add(above.number)
        above = above.found.get("parent")
    return False


def write(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Founds the new ones, all that stand under the same union in one action, those above first; then corrects the known ones."""
    not_allowed = ("parent", _("您不能在这里建会"))
    for level in levels(line for line in lines if line.is_new):
        groups: dict[Organisation, list[Line]] = defaultdict(list)
        for line in level:
            above = line.found["parent"]
            parent = above.made if isinstance(above, Line) else above
            if parent is None:
                line.refuse("parent", _("它的上级工会没有导入，请先改好那一行"))
            else:
                groups[parent].append(line)
        for parent, group in groups.items():
            together(group, partial(found, circumstances, parent), not_allowed)
            circumstances.tell(len(group))
    for line in lines:
        if not line.is_new:
            together([line], partial(correct, circumstances), not_allowed)
            circumstances.tell(1)


def levels(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines by how many lines they stand below; none stands below itself (`goes_round`)."""
    by_depth: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        depth, above = 0, line.found["parent"]
        while isinstance(above, Line):
            depth, above = depth + 1, above.found.get("parent")
        by_depth[depth].append(line)
    return [by_depth[depth] for depth in sorted(by_depth)]


def found(circumstances: Circumstances, parent: Organisation, lines: Sequence[Line]) -> None:
    """Founds new unions under one parent."""
    rows = [row_of(line, parent) for line in lines]
    for line, made in zip(lines, found_unions(parent, actor=circumstances.actor, rows=rows), strict=True):
        line.made = made


def correct(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Corrects known unions."""
    for line in lines:
        edit_union(line.record, actor=circumstances.actor, **corrections(line))


def row_of(line: Line, parent: Organisation) -> UnionRow:
    """A new union as the action takes it."""
    values = {
        "uscc": line.get("uscc"),
        "joint_basis": line.get("joint_basis") or "",
        "keeps_own_funds": bool(line.get("keeps_own_funds")),
        "region": parent.region,
    }
    kind, on = line.values["kind"], line.values["founded_on"]
    return UnionRow(line.values["name"], kind, on, line.get("approval_document") or "", values)


def corrections(line: Line) -> dict[str, Any]:
    """The fields of a known union that change."""
    changed = {change.column for change in line.changes}
    return {name: EMPTY.get(name, "") if line.values[name] is None else line.values[name] for name in FIELDS if name in changed}


def mend(record_codes: Iterable[Any]) -> None:
    """After an undoing: the keys of names put back."""
    for union in Organisation.objects.unscoped("unions that the undoing of an import has put back").filter(
        public_id__in=record_codes
    ):
        union.save(update_fields=["name"])


PERMISSION = "register.found_union"
IMPORTER = Importer(
    UNIONS,
    PERMISSION,
    find=find,
    check=check,
    write=write,
    values=values,
    mend=mend,
    keys=("uscc",),
    also=("register.edit_union",),
    suggest=suggest,
)
