"""疑似重复: two records that may be of one person, side by side."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.models import Membership
from gonghui.areas.members.queries import current_employments
from gonghui.areas.members.rules import MEMBERSHIP_FLOW
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.queries import name_of
from gonghui.core.people.actions import merge_people, tell_apart, unmerge_people
from gonghui.core.people.duplicates import suspicions
from gonghui.core.people.models import IdentityDocument, Merge, Person
from gonghui.kit.text import Text
from gonghui.web import desk
from gonghui.web.components import Empty
from gonghui.web.desk import DeskRequest
from gonghui.web.duplicates import Addresses, Comparison, apart_posted, index_page, merge_posted, part_posted


def facts(person: Person, actor: Actor) -> list[tuple[Text, str]]:
    """What is known of one record; numbers masked."""
    rows: Any = Membership.objects.visible_to(actor).filter(person=person).annotate(holder_name=name_of("organisation"))
    documents = IdentityDocument.objects.visible_to(actor).filter(person=person).order_by("pk")
    works = current_employments([person]).get(person.pk, [])
    has_account = User.objects.filter(person=person, is_active=True).exists()
    return [
        (_("姓名"), person.name),
        (_("性别"), str(person.get_sex_display())),
        (_("出生日期"), str(person.born_on or "")),
        (_("证件号码"), "；".join(f"{one.get_kind_display()} {one.masked}" for one in documents)),
        (_("手机号"), person.phone_masked),
        (_("工作单位"), "；".join(one.place for one in works)),
        (_("会籍"), "；".join(f"{one.holder_name} {MEMBERSHIP_FLOW.state(one.state).label}" for one in rows)),
        (_("入会日期"), "；".join(str(one.joined_on) for one in rows)),
        (_("籍贯"), person.native_place),
        (_("登录账号"), str(_("有") if has_account else _("没有"))),
    ]


PEOPLE = Comparison(
    title=_("疑似重复"),
    different=_("不是同一个人"),
    note=_(
        "合并后，证件、工作关系、会籍、申请和登录账号都归到保留的一条；保留的一条没有的资料从另一条补上。合并可以拆开，直到其中一条又办了事。"
    ),
    empty=Empty(_("没有疑似重复的人员"), _("同一个手机号、同名同日生、证件号码只差一位的，会出现在这里。"), "circle-check"),
    addresses=Addresses("members:duplicates", "members:merge_person", "members:tell_person_apart", "members:part_merge"),
    permission="people.merge_people",
    model=Person,
    merges=Merge,
    suspicions=suspicions,
    facts=facts,
    merge=merge_people,
    apart=tell_apart,
    part=unmerge_people,
    detail=lambda merge: f"{merge.dropped.document_masked} → {merge.kept.document_masked}",
)


@desk.page("people.merge_people")
def index(request: DeskRequest) -> HttpResponse:
    """The pairs."""
    return index_page(request, PEOPLE)


@desk.page("people.merge_people")
def merge(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One person."""
    return merge_posted(request, PEOPLE, public_id)


@desk.page("people.tell_apart")
def apart(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Two persons."""
    return apart_posted(request, PEOPLE, public_id)


@desk.page("people.unmerge_people")
def part(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Two again."""
    return part_posted(request, PEOPLE, public_id)
