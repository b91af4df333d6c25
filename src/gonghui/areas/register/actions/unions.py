"""Founding, dissolving and moving unions. A union is approved by the next higher one (工会法 (2021) art. 12, 13)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.areas.register.events import unions_placed
from gonghui.areas.register.models import Coverage, Holding, Placement
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many
from gonghui.core.actions.dated import same, supersede
from gonghui.core.actions.door import beyond_scope, entry
from gonghui.core.organisations.models import DEPENDENT, MANAGING, UNION_FLOW, Kind, Organisation, insert_unions
from gonghui.core.organisations.queries import managing_union, street_union
from gonghui.core.reference.models import Region
from gonghui.kit import uscc
from gonghui.kit.dates import from_day, today

ALLOWED_UNDER: dict[str, tuple[str, ...]] = {
    Kind.CITY: (),
    Kind.DISTRICT: (Kind.CITY,),
    Kind.STREET: (Kind.DISTRICT,),
    Kind.SYSTEM: (Kind.DISTRICT,),
    Kind.INDUSTRY: (Kind.CITY, Kind.DISTRICT),
    Kind.FEDERATION: (Kind.DISTRICT, Kind.STREET, Kind.SYSTEM, Kind.INDUSTRY),
    Kind.OWN: (Kind.DISTRICT, Kind.STREET, Kind.SYSTEM, Kind.INDUSTRY, Kind.FEDERATION),
    Kind.JOINT: (Kind.DISTRICT, Kind.STREET, Kind.SYSTEM, Kind.INDUSTRY, Kind.FEDERATION),
    Kind.PROFESSION: (Kind.DISTRICT, Kind.STREET, Kind.SYSTEM, Kind.INDUSTRY, Kind.FEDERATION),
    Kind.BRANCH: (Kind.OWN, Kind.JOINT, Kind.PROFESSION, Kind.BRANCH),
    Kind.GROUP: (Kind.OWN, Kind.JOINT, Kind.PROFESSION, Kind.BRANCH),
}
"""Under which kinds a kind may stand."""


def union_code(text: str | None) -> str | None:
    """A union's own credit code, checked; a union's begins with 81 (GB 32100: 8 unions, 1 grass-roots)."""
    if not text:
        return None
    try:
        code = uscc.checked(text)
    except uscc.BadCode as error:
        raise Refused(str(error), field="uscc") from error
    if not code.startswith("8"):
        raise Refused(_("工会的代码以 8 开头；这看起来是单位的代码，请填在单位资料里"), field="uscc")
    return code


def check_place(parent: Organisation, kind: str) -> None:
    """Refuses a kind that cannot stand under this parent."""
    if parent.state != "active":
        raise Refused(_("上级工会“%(name)s”现在不是正常状态") % {"name": parent.name}, field="parent")
    if parent.kind not in ALLOWED_UNDER[kind]:
        raise Refused(
            _("%(kind)s不能设在%(parent)s之下") % {"kind": Kind(kind).label, "parent": Kind(parent.kind).label},
            field="kind",
        )


def place(union: Organisation, since: dt.date) -> None:
    """Records under which managing union and in which street a union stands, from a day on."""
    managing = union if union.is_managing else managing_union(union)
    street = union if union.kind == Kind.STREET else street_union(union.region)
    supersede(Placement, "union", [union.pk], since, same([union.pk], managing=managing, street=street))
    unions_placed.send(Placement, unions=[union.pk], since=since)


def _union(parent: Organisation, *, kind: str, uscc: str | None = None, **values: Any) -> Organisation:
    check_place(parent, kind)
    if kind == Kind.JOINT and not values.get("joint_basis"):
        raise Refused(_("请选择联合方式：社区、楼宇、园区或行业"), field="joint_basis")
    return Organisation(parent=parent, kind=kind, uscc=union_code(uscc), **values)


def _new_union(parent: Organisation, **values: Any) -> Organisation:
    union = _union(parent, **values)
    union.save(force_insert=True)
    return union


def found_root(*, actor: Actor, name: str, kind: str, on: dt.date, **values: Any) -> Organisation:
    """The first union of a tree, which nobody stands above; for setting a system up only."""
    if not actor.is_system or ALLOWED_UNDER[kind] not in ((), (Kind.CITY,)):
        raise NotAllowed("register.found_root")
    with entry("register.found_root", actor):
        root = Organisation(name=name, kind=kind, state="active", founded_on=on, **values)
        root.save(force_insert=True)
        place(root, on)
    return root


@action("register.propose_union", label=_("申请建会"))
def propose_union(parent: Organisation, /, *, actor: Actor, name: str, kind: str, on: dt.date, **values: Any) -> Organisation:
    """Asks the parent to approve a new union below it."""
    return _new_union(parent, name=name, kind=kind, state="proposed", proposed_on=on, **values)


@dataclass(frozen=True)
class UnionRow:
    """One union as it is founded; `values` are the plain fields of Organisation."""

    name: str
    kind: str
    on: dt.date
    document: str
    values: dict[str, Any] = field(default_factory=dict)


@action("register.found_union", label=pgettext_lazy("verb", "建会"))
def found_unions(parent: Organisation, /, *, actor: Actor, rows: Iterable[UnionRow]) -> list[Organisation]:
    """Founds unions with the parent's approval in hand: proposal and approval in one."""
    unions, day = [], today()
    for row in rows:
        if row.on > day:
            raise Refused(_("批复日期不能晚于今天"), field="on")
        if not row.document and row.kind not in DEPENDENT:
            raise Refused(_("请填写上级工会的批复文号"), field="document")
        papers: dict[str, Any] = {"founded_on": row.on, "proposed_on": row.on, "approval_document": row.document}
        unions.append(_union(parent, name=row.name, kind=row.kind, state="active", **papers, **row.values))
    insert_unions(unions)
    first_places(unions)
    return unions


def first_places(unions: Sequence[Organisation]) -> None:
    """Managing union and street of unions that were founded a moment ago: nothing holds of them yet."""
    parents = {union.parent for union in unions if union.parent and not union.is_managing}
    managers: dict[Organisation | None, Organisation] = {parent: managing_union(parent) for parent in parents}
    streets = {region: street_union(region) for region in {union.region for union in unions}}
    insert_many(
        [
            Placement(
                union=union,
                managing=union if union.is_managing else managers[union.parent],
                street=union if union.kind == Kind.STREET else streets[union.region],
                valid=from_day(union.founded_on),
            )
            for union in unions
        ]
    )


def found_union(
    parent: Organisation, /, *, actor: Actor, name: str, kind: str, on: dt.date, document: str, **values: Any
) -> Organisation:
    """Founds one union."""
    return found_unions(parent, actor=actor, rows=[UnionRow(name, kind, on, document, values)])[0]


@action("register.found_streets", label=_("设立街道（乡镇）总工会"))
def found_streets(
    district: Organisation, *, actor: Actor, regions: Sequence[Region], on: dt.date, document: str = ""
) -> list[Organisation]:
    """Puts the unions of streets and towns on the register that exist already; a street that has its union is left alone.

    What their papers say each by itself (day, document, credit code) is corrected there later.
    """
    if on > today():
        raise Refused(_("日期不能晚于今天"), field="on")
    made = []
    for region in regions:
        if region.parent_id != district.region_id or not region.has_union_territory:
            raise NotAllowed("register.found_streets")
        if street_union(region) is None:
            values: dict[str, Any] = {"founded_on": on, "approval_document": document, "region": region, "code": region.code}
            union = _new_union(district, name=street_union_name(region), kind=Kind.STREET, state="active", **values)
            place(union, on)
            made.append(union)
    return made


def street_union_name(region: Region) -> str:
    """东华门街道 → 东华门街道总工会, 青云店镇 → 青云店镇总工会; its papers may correct it later."""
    return f"{region.name}总工会"


@action("register.resubmit_union", label=_("补正后再报"))
def resubmit_union(union: Organisation, *, actor: Actor, note: str = "") -> None:
    """Sends a returned proposal up again."""
    change(union, state=next_state(UNION_FLOW, "resubmit", union.state), note=note, proposed_on=today())


@action("register.approve_union", label=_("批复成立"))
def approve_union(union: Organisation, *, actor: Actor, on: dt.date, document: str) -> None:
    """The parent approves; the right must be held at the parent, not merely at the new union."""
    require_at_parent(union, actor, "register.approve_union")
    if not document and union.kind not in DEPENDENT:
        raise Refused(_("请填写批复文号"), field="document")
    change(union, state=next_state(UNION_FLOW, "approve", union.state), founded_on=on, approval_document=document)
    place(union, on)


@action("register.return_union", label=_("退回"))
def return_union(union: Organisation, *, actor: Actor, note: str) -> None:
    """The parent sends a proposal back with a reason."""
    require_at_parent(union, actor, "register.return_union")
    if not note:
        raise Refused(_("请写明退回的原因"), field="note")
    change(union, state=next_state(UNION_FLOW, "return", union.state), note=note)


def require_at_parent(union: Organisation, actor: Actor, permission: str) -> None:
    """NotAllowed for whoever holds the right at the union only: the union above decides (art. 12, 13)."""
    parent_path = union.path.removesuffix(f"{union.pk}.")
    if not actor.can_at(permission, parent_path):
        raise NotAllowed(permission)


@action("register.edit_union", label=_("修改工会资料"))
def edit_union(union: Organisation, /, *, actor: Actor, **values: Any) -> None:
    """Corrects what the union's own papers say: name, codes, place, own accounts."""
    if "uscc" in values:
        values["uscc"] = union_code(values["uscc"])
    moved = "region" in values and values["region"] != union.region
    change(union, **values)
    if moved and union.state == "active":
        place(union, today())


@action("register.dissolve_union", label=_("撤销工会"))
def dissolve_union(union: Organisation, *, actor: Actor, on: dt.date, reason: str) -> None:
    """Dissolves a union that holds nothing any more; who it covered and what stands below it must be settled first (art. 13)."""
    if union.kind in MANAGING:
        raise NotAllowed("register.dissolve_union")
    if not reason:
        raise Refused(_("请写明撤销的原因"), field="reason")
    below = Organisation.objects.unscoped("what stands below a union to be dissolved").under(union).exclude(pk=union.pk)
    if count := below.exclude(state__in=["dissolved", "merged"]).count():
        raise Refused(_("下面还有 %(count)s 个工会，请先撤销或调整") % {"count": count})
    covered = Coverage.objects.unscoped("what a union to be dissolved covers").filter(organisation=union, valid__upper_inf=True)
    if count := covered.count():
        raise Refused(_("还覆盖着 %(count)s 家单位，请先结束覆盖") % {"count": count})
    change(union, state=next_state(UNION_FLOW, "dissolve", union.state), dissolved_on=on, note=reason)


@action("register.move_union", label=_("调整上级工会"))
def move_union(union: Organisation, *, actor: Actor, parent: Organisation, since: dt.date) -> None:
    """Gives a union another parent; everything below it moves along, figures of days before `since` stay where they were."""
    if union.kind in (Kind.CITY, Kind.DISTRICT) or parent.path.startswith(union.path):
        raise Refused(_("不能移到自己或自己的下级之下"), field="parent")
    if not actor.can_at("register.move_union", parent.path):
        raise NotAllowed("register.move_union")
    check_place(parent, union.kind)
    with beyond_scope("a union and all below it move to another parent"):
        former = union.path
        change(union, parent=parent)
        rehang(former, f"{parent.path}{union.pk}.")
        union.refresh_from_db()
        replace_managers(union, since)


def rehang(former: str, path: str) -> None:
    """Rewrites the paths of a subtree in one update."""
    subtree = Organisation.objects.unscoped("the subtree that moves").filter(path__gte=former, path__lt=f"{former}:")
    subtree.update(path=Concat(Value(path), Substr(F("path"), len(former) + 1)))


def replace_managers(union: Organisation, since: dt.date) -> None:
    """From `since` on, the unions of a subtree and the employers they hold count under the managing union that they stand below now;
    those that do already stay as they are."""
    if union.kind in MANAGING:
        return  # the managing union is the moved one itself, and stays
    manager = managing_union(union)
    unions = list(Organisation.objects.unscoped("the subtree that moved").under(union).filter(state="active"))
    placed = _open(Placement).filter(union__in=unions).exclude(managing=manager)
    values = {row.union_id: {"managing": manager, "street_id": row.street_id} for row in placed}
    supersede(Placement, "union", values, since, values)
    held = {
        row.employer_id: {"managing": manager, "organisation_id": row.organisation_id, "street_id": row.street_id}
        for row in _open(Holding).filter(organisation__in=unions).exclude(managing=manager)
    }
    supersede(Holding, "employer", held, since, held)
    unions_placed.send(Placement, unions=[one.pk for one in unions], since=since)


def _open(model: Any) -> Any:
    return model.objects.unscoped("dated facts of the subtree that moved").filter(valid__upper_inf=True)
