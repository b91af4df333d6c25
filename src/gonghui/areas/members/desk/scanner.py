"""The scanner: a member's card is shown to staff, by camera, by a scanner that types, or typed by hand."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.areas.members.actions import Shown, read_card
from gonghui.areas.members.forms import ScanForm
from gonghui.core.organisations.models import Organisation
from gonghui.kit.flow import State
from gonghui.kit.text import Text
from gonghui.web import desk
from gonghui.web.desk import DeskRequest

CANNOT: dict[str, Text] = {  # why there is no scanning by camera, as scanner.js names it → what to do instead
    "undecodable": gettext_lazy(
        "这个浏览器不会认二维码，不能用摄像头扫。请用扫码枪，或输入会员手机上的 16 位数字；想用摄像头，请换安卓手机上的 Chrome 打开这一页。"
    ),
    "missing": gettext_lazy(
        "这台设备没有可用的摄像头（网址不是 https 开头时也不能用）。请用扫码枪，或输入会员手机上的 16 位数字。"
    ),
    "forbidden": gettext_lazy(
        "浏览器没有得到使用摄像头的允许。请在地址栏左边的图标里允许摄像头，再按“用摄像头扫”；也可以用扫码枪，或输入 16 位数字。"
    ),
    "failed": gettext_lazy(
        "摄像头打不开，可能别的程序正在用它。关掉那个程序再按“用摄像头扫”；也可以用扫码枪，或输入 16 位数字。"
    ),
}


@desk.page("members.read_card")
def scan(request: DeskRequest) -> HttpResponse:
    """Takes one code after the other; says in words, with colour and icon, what came of each."""
    place = Organisation.objects.changeable_by(request.actor, "members.read_card").active().order_by("path").first()
    if place is None:
        return desk.refused(request)
    context = {"place": place, "form": ScanForm(actor=request.actor, subject=place), "cannot": CANNOT.items()}
    if request.method == "POST":
        form = ScanForm(request.POST, actor=request.actor, subject=place)
        if form.is_valid():
            text = form.cleaned_data["text"]
            is_done, shown = form.attempt(lambda: read_card(place, actor=request.actor, text=text))
            context |= {"shown": shown, "said": said(shown)} if is_done and shown else {"refusal": refusal(form)}
        else:
            context["refusal"] = refusal(form)
    return render(request, "members/desk/scanner.html", context)


def said(shown: Shown) -> State:
    """A good card in words: of a member, or of somebody who is none any more."""
    if shown.is_member:
        return State("member", _("有效，是会员"), "ok", "circle-check")
    return State(
        "no_member", _("卡是真的，但现在不计为会员：%(state)s") % {"state": shown.state.label}, "warn", "alert-triangle"
    )


def refusal(form: ScanForm) -> State:
    """A card that is not taken, and why."""
    return State("refused", "；".join(str(error) for errors in form.errors.values() for error in errors), "bad", "ban")
