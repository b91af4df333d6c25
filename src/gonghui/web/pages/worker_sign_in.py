"""Workers sign in to the portal by a code to their telephone, and see where else they are signed in."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now

from gonghui.core.access.queries import actor_for
from gonghui.core.accounts import sign_in as steps
from gonghui.core.accounts.actions import release_wechat, sign_out_everywhere
from gonghui.core.accounts.models import Device, Phone, User, WeChat
from gonghui.core.actions.door import acting
from gonghui.web import portal, wechat
from gonghui.web.pages.phone_sign_in import Place, code_page, is_possible, number_asked, open_page
from gonghui.web.portal import PortalRequest
from gonghui.web.worker_session import NEXT, asker, begin, has_openid, home, keep_next

AT_PORTAL = Place(
    steps.PORTAL, begin, "portal:sign_in", "portal:sign_in_code", "portal/sign_in_code.html", takes_new_holders=True
)


def worker_of(request: HttpRequest) -> User | None:
    """The worker who is signed in, if one is; staff are not."""
    user = request.user
    return user if isinstance(user, User) and user.is_worker else None


@open_page(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for the telephone and sends a code to it. The answer is the same for every number."""
    keep_next(request)
    if worker_of(request):
        return redirect(request.session.pop(NEXT, "") or home())
    form, answer = number_asked(request, AT_PORTAL)
    context = {
        "form": form,
        "is_possible": is_possible(),
        "has_wechat": wechat.is_on(),
        "is_bound_next": has_openid(request),
    }
    return answer or render(request, "portal/sign_in.html", context)


sign_in_code = code_page(AT_PORTAL)


@portal.page()
def devices(request: PortalRequest) -> HttpResponse:
    """How one signs in: the telephone, WeChat, and the devices that are known."""
    known = [
        (one, one.digest == steps.digest(asker(request).device))
        for one in Device.objects.visible_to(request.actor).order_by("-seen_at")
    ]
    context = {
        "phone": Phone.objects.visible_to(request.actor).first(),
        "wechat": WeChat.objects.visible_to(request.actor).first(),
        "has_wechat": wechat.is_on(),
        "devices": known,
    }
    return render(request, "portal/devices.html", context)


@portal.page("accounts.release_wechat")
def release(request: PortalRequest) -> HttpResponse:
    """WeChat signs in no more; the telephone stays."""
    bound = WeChat.objects.visible_to(request.actor).first()
    if request.method == "POST" and bound:
        release_wechat(bound, actor=request.actor)
        messages.success(request, _now("已解除微信绑定，以后用手机号登录"))
    return redirect("portal:devices")


@open_page(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session on this device, or every one of this account."""
    user = worker_of(request)
    if user is None:
        return redirect("portal:sign_in")
    if request.method != "POST":
        return render(request, "portal/sign_out.html", {"home": home()})
    if "everywhere" in request.POST:
        actor = actor_for(user, channel="portal", only=())
        with acting(actor):
            sign_out_everywhere(User.objects.get(pk=user.pk), actor=actor)
        said = _now("所有设备都已退出登录")
    else:
        said = _now("已退出登录")
    logout(request)
    messages.success(request, said)
    return redirect("portal:sign_in")
