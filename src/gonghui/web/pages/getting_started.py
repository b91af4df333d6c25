"""开局: what a district does first, in order, how far it is and who does it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.models import Department, Grant
from gonghui.core.access.queries import opened
from gonghui.core.access.roles import ROLES
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.kit.dates import today
from gonghui.kit.flow import State
from gonghui.web import desk
from gonghui.web.components import Empty, Link
from gonghui.web.desk import DeskRequest
from gonghui.web.starting import Found, Stage, register, stages

DONE = State("done", _("已做"), "ok", "circle-check")
WAITS = State("waits", _("待做"), "warn", "hourglass")
ADMINISTRATOR = ROLES["administrator"].label


@dataclass(frozen=True)
class Line:
    """One stage on the page; `url` is empty where somebody else does it."""

    number: int
    stage: Stage
    found: Found
    url: str

    @property
    def state(self) -> State:
        return DONE if self.found.is_done else WAITS

    @property
    def is_known(self) -> bool:
        """Whether this user may know how far it is."""
        return bool(self.found.words)


@desk.page("reference.view")
def index(request: DeskRequest) -> HttpResponse:
    """The stages at the topmost federation the user sees; at another one that the address names."""
    actor = request.actor
    places = list(Organisation.objects.visible_to(actor).filter(kind=Kind.DISTRICT, state="active").order_by("path"))
    asked = request.GET.get("scope", "")
    place = next((one for one in places if str(one.public_id) == asked), places[0] if places else None)
    lines = [line(number, stage, place, actor) for number, stage in enumerate(in_order(), 1)] if place else []
    context = {
        "place": place,
        "lines": lines,
        "left": sum(one.is_known and not one.found.is_done for one in lines),
        "all_known": all(one.is_known for one in lines),
        "links": [Link(one.name, f"?scope={one.public_id}", current=one == place) for one in places if len(places) > 1],
        "empty": Empty(_now("还看不到区总工会"), _now("这一页给区总工会的管理员和干部看。"), "map-search"),
    }
    return render(request, "web/getting_started.html", context)


def in_order() -> list[Stage]:
    """The stages by their position."""
    return [stages[position] for position in sorted(stages)]


def line(number: int, stage: Stage, place: Organisation, actor: Actor) -> Line:
    """A stage as this actor sees it."""
    url = stage.url(place) if actor.can_at(stage.permission, place.path) else ""
    return Line(number, stage, stage.look(place, actor), url)


# -- the stages of core's own nouns ------------------------------------------------------------------------------


def look_at_departments(place: Organisation, actor: Actor) -> Found:
    """How many departments the federation has chosen."""
    rows = Department.objects.visible_to(actor).filter(organisation=place, valid__contains=today())
    if not actor.can("access.view"):
        return Found()
    count = rows.count()
    return Found(_now("已选 %(count)s 个部室") % {"count": count}, bool(count))


def look_at_officers(place: Organisation, actor: Actor) -> Found:
    """How many may do the business of the whole district."""
    if not actor.can("access.view"):
        return Found()
    rows = Grant.objects.visible_to(actor).filter(organisation=place, role="department_officer", valid__contains=today())
    count = rows.count()
    return Found(_now("已有 %(count)s 位部室干部") % {"count": count}, bool(count))


def look_at_accounts(place: Organisation, actor: Actor) -> Found:
    """How many are invited."""
    if not actor.can("access.view"):
        return Found()
    whole, _places = opened(actor)
    return Found(_now("已邀请 %(count)s 份") % {"count": f"{whole.total:,}"}, bool(whole.total))


def look_at_opening(place: Organisation, actor: Actor) -> Found:
    """How many have opened their accounts."""
    if not actor.can("access.view"):
        return Found()
    whole, _places = opened(actor)
    words = _now("开通 %(accepted)s/%(total)s") % {"accepted": f"{whole.accepted:,}", "total": f"{whole.total:,}"}
    return Found(words, bool(whole.total) and whole.accepted == whole.total)


def step_of(place: Organisation, step: str) -> str:
    return reverse("web:organisation_step", args=[place.public_id, step])


register(
    Stage(
        10,
        _("选定部室"),
        _("从部室代码表里勾选本区设的部室；授权和账号表只能填选定的部室。"),
        ADMINISTRATOR,
        "access.choose_departments",
        look_at_departments,
        lambda place: step_of(place, "departments"),
    ),
    Stage(
        20,
        _("请一位部室干部"),
        _("系统管理员不经办业务：先邀请一位部室干部，当面让他扫码开通，后面的名册由他导入。"),
        ADMINISTRATOR,
        "access.invite",
        look_at_officers,
        lambda place: step_of(place, "invite"),
        _("邀请一人"),
    ),
    Stage(
        60,
        _("导入账号表"),
        _("一行一人：姓名、手机号、工会组织、角色，三千行一次传完；错的行会逐条说明，改好再传。"),
        ADMINISTRATOR,
        "access.invite",
        look_at_accounts,
        lambda place: f"{reverse('web:start_import')}?sheet=access.accounts",
        _("去导入"),
    ),
    Stage(
        70,
        _("发出邀请"),
        _("勾选未开通的人，打印带二维码的邀请信，或生成短信名单交给单位的短信平台。"),
        ADMINISTRATOR,
        "access.issue_invitation",
        look_at_opening,
        lambda place: f"{reverse('web:invitations')}?state=unissued",
        _("去发出"),
    ),
)
