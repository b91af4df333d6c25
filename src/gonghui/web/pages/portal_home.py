"""The four tabs of the portal, and what is behind the doors whose areas are still to come: what there is now, and whom to ask."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from gonghui.core.notices import queries
from gonghui.core.notices.actions import read_message
from gonghui.web import portal
from gonghui.web.portal import Door, Part, PortalRequest, posted

portal.doors |= {
    "booking": Door(
        _("预约"),
        "calendar-event",
        "portal:booking",
        _("电话或现场"),
        _("预约活动和场次"),
        _("网上预约还没有开通。近期的活动、场次，请打服务点电话或到现场问，也可以问本单位工会。"),
    ),
    "vouchers": Door(
        _("领券"),
        "ticket",
        "portal:vouchers",
        _("看会员服务"),
        _("领会员券"),
        _("网上领券还没有开通。您今天能享受哪些会员服务，请看“会员服务”；怎么领，问所在工会。"),
    ),
    "help": Door(
        _("找工会"),
        "lifebuoy",
        "portal:help",
        _("电话和服务点"),
        _("有事找工会"),
        _("工资、合同、工伤、生活困难，都可以找工会。网上提交还没有开通，请打电话或到服务点，有专人接待。"),
    ),
    "stations": Door(
        _("驿站"),
        "map-pin",
        "portal:stations",
        _("地址和时间"),
        _("歇脚、喝水、充电"),
        _("驿站地图还没有开通。下面的服务点有地址和开放时间，进门就有人接待。"),
    ),
}
HOTLINE = "12351"  # 全国工会职工服务热线
SHOWN = 100  # messages on the page


@portal.page()
def home(request: PortalRequest) -> HttpResponse:
    """The card, the four doors, what is under way and what there is for me today."""
    found = [part for brought in portal.parts for part in brought(request)]
    context = {
        "tab": "home",
        "heads": [drawn(request, part) for part in found if part.is_head],
        "parts": [drawn(request, part) for part in found if not part.is_head],
        "doors": portal.doors.values(),
    }
    return render(request, "portal/home.html", context)


def drawn(request: PortalRequest, part: Part) -> str:
    """A part as HTML."""
    return render_to_string(part.template, part.context, request)


@portal.page()
def services(request: PortalRequest) -> HttpResponse:
    """What there is for workers today, and what is still to come."""
    return render(
        request, "portal/services.html", {"tab": "services", "entries": portal.services, "doors": portal.doors.values()}
    )


@portal.page()
def mine(request: PortalRequest) -> HttpResponse:
    """One's own: card, union, data, how the pages look."""
    return render(request, "portal/mine.html", {"tab": "mine", "entries": portal.mine})


@portal.page()
def booking(request: PortalRequest) -> HttpResponse:
    return behind(request, "booking")


@portal.page()
def vouchers(request: PortalRequest) -> HttpResponse:
    return behind(request, "vouchers")


@portal.page()
def help_door(request: PortalRequest) -> HttpResponse:
    return behind(request, "help")


@portal.page()
def stations(request: PortalRequest) -> HttpResponse:
    return behind(request, "stations")


def behind(request: PortalRequest, code: str) -> HttpResponse:
    """What is behind a door whose area has not come yet. Where one has, it has its own page."""
    door = portal.doors[code]
    if not door.says:
        raise Http404
    return render(request, "portal/door.html", {"tab": "home", "door": door, "entries": portal.services, "hotline": HOTLINE})


@portal.page()
def messages(request: PortalRequest) -> HttpResponse:
    """What unions have told him, the newest first."""
    shown = list(queries.messages(request.actor)[:SHOWN])
    return render(request, "portal/messages.html", {"tab": "messages", "messages_to_me": shown})


@portal.page("notices.read_message")
def read_messages(request: PortalRequest) -> HttpResponse:
    """Takes that he has read those that were shown."""
    if posted(request) is not None:
        for message in queries.messages(request.actor)[:SHOWN]:
            read_message(message, actor=request.actor)
    return redirect("portal:messages")
