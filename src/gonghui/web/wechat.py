"""Sign-in by WeChat: django-allauth asks WeChat who it is, we decide whose account that is.

Off unless GONGHUI_WECHAT_APP and GONGHUI_WECHAT_SECRET are set. An identity is bound to an account only after its telephone was proven in
the same session. Nothing is kept but the openid, sealed; allauth's own tables stay empty.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.weixin.client import WeixinOAuth2Client
from allauth.socialaccount.providers.weixin.views import WeixinOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gonghui.core.accounts.models import User
from gonghui.core.accounts.sign_in import bind_wechat, wechat_user
from gonghui.web.worker_session import begin, home, keep_openid

Page = Callable[..., HttpResponse]


def is_on() -> bool:
    """Whether WeChat is set up."""
    return bool(settings.WECHAT_APP and settings.WECHAT_SECRET)


class WeChatClient(WeixinOAuth2Client):  # type: ignore[misc]
    """WeChat opens its own page only with a fragment, which the provider leaves out."""

    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: dict[str, Any]) -> str:
        """The address of WeChat's page."""
        url: str = super().get_redirect_url(authorization_url, scope, extra_params)
        return f"{url}#wechat_redirect"


class WeChatAdapter(WeixinOAuth2Adapter):  # type: ignore[misc]
    """Takes the openid from the exchange of the code and asks for nothing else: neither nickname nor picture is any of our business, and
    the scope snsapi_base does not allow it."""

    client_class = WeChatClient

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Who it is. Raises OAuth2Error where WeChat has named nobody."""
        openid = (kwargs.get("response") or {}).get("openid")
        if not isinstance(openid, str) or not openid:
            raise OAuth2Error("no openid")
        provider = self.get_provider()
        return SocialLogin(account=SocialAccount(provider=provider.sub_id, uid=openid), provider=provider)


class WeChatLoginView(OAuth2LoginView):  # type: ignore[misc]
    """Leads to WeChat with the client above; the provider by itself would take its own."""

    def get_provider(self) -> Any:
        """Allauth's provider, with our adapter."""
        provider = super().get_provider()
        provider.oauth2_adapter_class = WeChatAdapter
        return provider


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Ends every sign-in by WeChat with a page of ours; allauth itself signs nobody in or up."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> NoReturn:
        """WeChat has said who it is."""
        raise ImmediateHttpResponse(entered(request, str(sociallogin.account.uid)))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> NoReturn:
        """Cancelled, a state of another session, a code that was used: the same answer, back to the telephone."""
        messages.error(request, _("微信登录没有成功，请再试一次，或用手机号登录"))
        raise ImmediateHttpResponse(redirect("portal:sign_in"))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False


def entered(request: HttpRequest, openid: str) -> HttpResponse:
    """The account of a WeChat identity; an identity that is not bound yet waits in the session for a telephone."""
    if isinstance(request.user, User):
        if not request.user.is_worker:
            return redirect("portal:sign_in")
        bind_wechat(openid, request.user)
        return redirect(home())
    if user := wechat_user(openid):
        return begin(request, user, by_code=False)
    keep_openid(request, openid)
    return redirect("portal:sign_in")


def only_if_on(view: Page) -> Page:
    """Leads back to the telephone while WeChat is not set up."""

    def run(request: HttpRequest) -> HttpResponse:
        return view(request) if is_on() else redirect("portal:sign_in")

    return run


start = only_if_on(WeChatLoginView.adapter_view(WeChatAdapter))
come_back = only_if_on(OAuth2CallbackView.adapter_view(WeChatAdapter))
