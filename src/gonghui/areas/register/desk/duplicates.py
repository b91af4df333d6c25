"""重复单位、重复工会: two records that may be of one employer, or of one union, side by side."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register import actions, queries
from gonghui.areas.register.duplicates import suspected_employers, suspected_unions
from gonghui.areas.register.models import Contact, Coverage, Employer, EmployerMerge, UnionMerge
from gonghui.areas.register.rules import EMPLOYER_FLOW
from gonghui.areas.register.sheets import class_name, industry_name
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import ancestors, name_of
from gonghui.kit.dates import today
from gonghui.kit.text import Text, enumerated
from gonghui.web import desk
from gonghui.web.components import Empty
from gonghui.web.desk import DeskRequest
from gonghui.web.duplicates import Addresses, Comparison, apart_posted, index_page, merge_posted, part_posted


def contacts_of(actor: Actor, **holder: Employer | Organisation) -> str:
    """Whom one may talk to today; numbers masked."""
    rows = Contact.objects.visible_to(actor).filter(**holder, valid__contains=today()).order_by("pk")
    return "；".join(f"{one.name} {one.phone_masked}".strip() for one in rows)


def employer_facts(employer: Employer, actor: Actor) -> list[tuple[Text, str]]:
    """What is known of one record."""
    row = queries.employers(actor).get(pk=employer.pk)
    covers = Coverage.objects.visible_to(actor).filter(employer=employer, valid__contains=today())
    unions = covers.annotate(union_name=name_of("organisation")).order_by("pk")
    return [
        (_("名称"), row.name),
        (_("信用代码"), row.uscc or ""),
        (_("曾用名"), enumerated(row.former_names)),
        (_("属地街道"), row.street_name or ""),
        (_("地址"), row.address),
        (_("归口工会"), row.holder_name),
        (_("建会"), "；".join(one.union_name for one in unions)),
        (
            _("职工人数"),
            _now("%(count)s 人，%(since)s 起") % {"count": row.headcount, "since": row.headcount_on} if row.headcount else "",
        ),
        (_("单位类别"), class_name(row)),
        (_("行业"), industry_name(row)),
        (_("联系人"), contacts_of(actor, employer=employer)),
        (_("状态"), str(EMPLOYER_FLOW.state(row.state).label)),
        (_("入册日期"), row.entered_on.isoformat()),
    ]


def union_facts(union: Organisation, actor: Actor) -> list[tuple[Text, str]]:
    """What is known of one record."""
    covered = queries.covered_by(union, actor, today())
    below = Organisation.objects.visible_to(actor).active().filter(parent=union).count()
    return [
        (_("名称"), union.name),
        (_("类型"), str(union.get_kind_display())),
        (_("上级工会"), "".join(one.name for one in ancestors(union)[-2:-1])),
        (_("信用代码"), union.uscc or ""),
        (_("批复文号"), union.approval_document),
        (_("批复日期"), str(union.founded_on or "")),
        (_("覆盖的单位"), enumerated(row.employer.name for row in covered[:5])),
        (_("下级工会"), _now("%(count)s 个") % {"count": below} if below else ""),
        (_("联系人"), contacts_of(actor, union=union)),
    ]


EMPLOYERS = Comparison(
    title=_("重复单位"),
    different=_("不是同一家单位"),
    note=_(
        "合并后，联系人、覆盖、人数、职工的工作关系和申请都归到保留的一条；同一天两条各有说法的，以保留的一条为准，它没有的从另一条补上。并入的一条从此不计数。合并可以拆开，直到其中一条又办了事。"
    ),
    empty=Empty(_("没有疑似重复的单位"), _("名称、曾用名、组织机构代码或联系人相同的，会出现在这里。"), "circle-check"),
    addresses=Addresses(
        "register:duplicate_employers", "register:merge_employer", "register:tell_employer_apart", "register:part_employers"
    ),
    permission="register.merge_employers",
    model=Employer,
    merges=EmployerMerge,
    suspicions=suspected_employers,
    facts=employer_facts,
    merge=actions.merge_employers,
    apart=actions.tell_employers_apart,
    part=actions.unmerge_employers,
    detail=lambda merge: f"{merge.dropped.name} → {merge.kept.name}",
)
UNIONS = Comparison(
    title=_("重复工会"),
    different=_("不是同一个工会"),
    note=_(
        "合并后，下级工会、覆盖的单位、会员、联系人、授权和办理中的事都归到保留的一条；保留的一条没有的资料从另一条补上。并入的一条从此不计数。合并可以拆开，直到其中一条又办了事。"
    ),
    empty=Empty(_("没有疑似重复的工会"), _("名称、组织机构代码或联系人相同的，会出现在这里。"), "circle-check"),
    addresses=Addresses(
        "register:duplicate_unions", "register:merge_union", "register:tell_union_apart", "register:part_unions"
    ),
    permission="register.merge_unions",
    model=Organisation,
    merges=UnionMerge,
    suspicions=suspected_unions,
    facts=union_facts,
    merge=actions.merge_unions,
    apart=actions.tell_unions_apart,
    part=actions.unmerge_unions,
    detail=lambda merge: f"{merge.dropped.name} → {merge.kept.name}",
)


@desk.page("register.merge_employers")
def employers(request: DeskRequest) -> HttpResponse:
    """Pairs of employers."""
    return index_page(request, EMPLOYERS)


@desk.page("register.merge_employers")
def merge_employer(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One employer."""
    return merge_posted(request, EMPLOYERS, public_id)


@desk.page("register.tell_employers_apart")
def employer_apart(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Two employers."""
    return apart_posted(request, EMPLOYERS, public_id)


@desk.page("register.unmerge_employers")
def part_employers(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Two employers again."""
    return part_posted(request, EMPLOYERS, public_id)


@desk.page("register.merge_unions")
def unions(request: DeskRequest) -> HttpResponse:
    """Pairs of unions."""
    return index_page(request, UNIONS)


@desk.page("register.merge_unions")
def merge_union(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One union."""
    return merge_posted(request, UNIONS, public_id)


@desk.page("register.tell_unions_apart")
def union_apart(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Two unions."""
    return apart_posted(request, UNIONS, public_id)


@desk.page("register.unmerge_unions")
def part_unions(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Two unions again."""
    return part_posted(request, UNIONS, public_id)
