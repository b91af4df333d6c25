"""How the portal looks on this phone: text size, 长辈版, colours; and what makes it installable. Needs no sign-in."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

COOKIE = "gonghui_display"
YEAR = 365 * 24 * 3600  # seconds
SIZES = ("", "large", "xl")
THEMES = ("", "light", "dark")
ELDER = "elder"


@dataclass(frozen=True)
class Display:
    """What was chosen on this phone; empty is the usual size, and the phone's own colours."""

    size: str = ""
    theme: str = ""
    is_elder: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "Display":
        """From the cookie; words that mean nothing are passed over."""
        words = request.COOKIES.get(COOKIE, "").split(".")
        size = next((word for word in words if word in SIZES[1:]), "")
        theme = next((word for word in words if word in THEMES[1:]), "")
        return cls(size, theme, ELDER in words)

    def changed_by(self, posted: Any) -> "Display":
        """With what a form says; what it does not name stays."""
        size, theme = posted.get("size", self.size), posted.get("theme", self.theme)
        is_elder = posted.get("elder") == "1" if "elder" in posted else self.is_elder
        return Display(size if size in SIZES else self.size, theme if theme in THEMES else self.theme, is_elder)

    @property
    def words(self) -> str:
        """As the cookie keeps it."""
        return ".".join(word for word in (self.size, self.theme, ELDER if self.is_elder else "") if word)


def display(request: HttpRequest) -> HttpResponse:
    """The page of the switches; a POST sets what it names and goes back to where the switch was."""
    if request.method != "POST":
        return render(request, "portal/display.html", {"tab": "mine"})
    following = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure())
    response = redirect(following if is_ours else reverse("portal:display"))
    words = Display.of(request).changed_by(request.POST).words
    response.set_cookie(COOKIE, words, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)
    return response


@require_GET
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the portal on its first screen (W3C Web Application Manifest)."""
    name = f"{settings.BRAND or _('总工会')}{_('职工服务')}"
    icons: list[dict[str, str]] = [
        {"src": static(f"web/portal-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
        for size in (192, 512)
    ]
    return JsonResponse(
        {
            "name": name,
            "short_name": _("职工服务"),
            "lang": "zh-CN",
            "start_url": reverse("portal:home"),
            "scope": reverse("portal:home"),
            "display": "standalone",
            "background_color": "#f6f4f1",
            "theme_color": "#b3171f",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the card for a few minutes without a network; its scope is the portal."""
    urls = {name: reverse(f"portal:{name}") for name in ("card", "sign_in", "sign_out")}
    files = [static(f"web/{name}") for name in ("tokens.css", "portal.css", "icons.svg", "js/portal.js", "js/card.js")]
    response = render(
        request, "portal/service_worker.js", {"urls": urls, "files": files}, content_type="text/javascript; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response
