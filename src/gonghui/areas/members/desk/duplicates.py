"""疑似重复: two records side by side with what speaks for one person, decided by keys; what was merged can be parted again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gonghui.areas.members.models import Membership
from gonghui.areas.members.queries import current_employments
from gonghui.areas.members.rules import MEMBERSHIP_FLOW
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.queries import name_of
from gonghui.core.people.actions import merge_people, tell_apart, unmerge_people
from gonghui.core.people.duplicates import Suspicion, suspicions
from gonghui.core.people.models import IdentityDocument, Merge, Person
from gonghui.kit.text import Text
from gonghui.web import desk
from gonghui.web.components import Empty
from gonghui.web.desk import DeskRequest, found

RECENT = 10  # merges shown to be parted again


@dataclass(frozen=True)
class Compared:
    """One line of the comparison: what both records say of the same thing."""

    label: Text
    one: str
    other: str

    @property
    def is_same(self) -> bool:
        """Whether both say the same, or one says nothing."""
        return self.one == self.other or not self.one or not self.other


@dataclass(frozen=True)
class Side:
    """One record in words."""

    person: Person
    facts: tuple[tuple[Text, str], ...]


@desk.page("people.merge_people")
def index(request: DeskRequest) -> HttpResponse:
    """The pair that speaks loudest, or the one at `?place=`; below it what was merged lately."""
    actor = request.actor
    pairs = suspicions(actor)
    place = min(max(whole(request.GET.get("place", "")), 0), max(len(pairs) - 1, 0))
    merges = Merge.objects.visible_to(actor).filter(undone_on=None).select_related("kept", "dropped", "merged_by")[:RECENT]
    context: dict[str, Any] = {
        "merges": list(merges),
        "empty": Empty(
            _("没有疑似重复的人员"), _("同一个手机号、同名同日生、证件号码只差一位的，会出现在这里。"), "circle-check"
        ),
    }
    if pairs:
        context |= shown(actor, pairs[place]) | {
            "place": place + 1,
            "count": len(pairs),
            "skip_url": f"?place={place + 1}" if place + 1 < len(pairs) else "",
            "previous_url": f"?place={place - 1}" if place else "",
        }
    return render(request, "members/desk/duplicates.html", context)


def whole(text: str) -> int:
    """A place in the list; 0 for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def shown(actor: Actor, pair: Suspicion) -> dict[str, Any]:
    """Both records line by line, and the evidence."""
    one, other = (side(actor, person) for person in (pair.one, pair.other))
    lines = [Compared(label, text, dict(other.facts)[label]) for label, text in one.facts]
    return {
        "pair": pair,
        "lines": [line for line in lines if line.one or line.other],
    }


def side(actor: Actor, person: Person) -> Side:
    """What is known of one record; numbers masked."""
    rows: Any = Membership.objects.visible_to(actor).filter(person=person).annotate(holder_name=name_of("organisation"))
    documents = IdentityDocument.objects.visible_to(actor).filter(person=person).order_by("pk")
    works = current_employments([person]).get(person.pk, [])
    has_account = User.objects.filter(person=person, is_active=True).exists()
    return Side(
        person,
        (
            (_("姓名"), person.name),
            (_("性别"), str(person.get_sex_display())),
            (_("出生日期"), str(person.born_on or "")),
            (_("证件号码"), "；".join(f"{one.get_kind_display()} {one.masked}" for one in documents)),
            (_("手机号"), person.phone_masked),
            (_("工作单位"), "；".join(one.place for one in works)),
            (_("会籍"), "；".join(f"{one.holder_name} {MEMBERSHIP_FLOW.state(one.state).label}" for one in rows)),
            (_("入会日期"), "；".join(str(one.joined_on) for one in rows)),
            (_("籍贯"), person.native_place),
            (_("登录账号"), _("有") if has_account else _("没有")),
        ),
    )


def two(request: DeskRequest, public_id: UUID) -> tuple[Person, Person | None]:
    """The record of the address, and the one that is posted with it; None where nothing is posted."""
    rows = Person.objects.changeable_by(request.actor, "people.merge_people")
    one = found(rows, public_id)
    if request.method != "POST":
        return one, None
    try:
        return one, found(rows, UUID(request.POST.get("other", "")))
    except ValueError:
        raise Http404 from None


@desk.page("people.merge_people")
def merge(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Keeps the record of the address, and merges the other into it."""
    one, other = two(request, public_id)
    if other is not None:
        merge_people(one, actor=request.actor, dropped=other)
        messages.success(request, _("已合并到“%(name)s”，可以在下面拆开") % {"name": one.name})
    return redirect("members:duplicates")


@desk.page("people.tell_apart")
def apart(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Remembers that these are two."""
    one, other = two(request, public_id)
    if other is not None:
        tell_apart(one, actor=request.actor, other=other)
        messages.success(request, _("已记下：不是同一个人"))
    return redirect("members:duplicates")


@desk.page("people.unmerge_people")
def part(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Takes a merge back."""
    merge = found(Merge.objects.visible_to(request.actor), public_id)
    if request.method == "POST":
        unmerge_people(merge, actor=request.actor)
        messages.success(request, _("已拆开，两条记录和合并前一样"))
    return redirect("members:duplicates")
