"""Who comes in: a token, or a session of the desk with its second factor. Every call goes through the door as that user."""

import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from gonghui.core.access.queries import actor_for
from gonghui.core.access.tokens import TooManyCalls, recognised
from gonghui.core.accounts.limits import TooOften
from gonghui.core.accounts.second_factor import has_second_factor
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange.importers import importers
from gonghui.core.history.look_ups import heard
from gonghui.kit.text import together
from gonghui.web.api import problems
from gonghui.web.api.problems import MEDIA_TYPE, Problem
from gonghui.web.api.writes import BadInput
from gonghui.web.desk import is_admitted

VERSION = "1.0.0"
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
ALWAYS = frozenset({"organisations.view", "files.store_file", "exchange.finish_batch", "unionbuilding.keep_claim"})
"""What no token is asked for: the tree that every record and figure hangs on, and steps that only others take on their way."""
WITHHELD = ("access.", "accounts.")  # rights that open rights are for people only
READ_PROBLEMS = (400, 401, 403, 422, 429)


class ApiRequest(HttpRequest):
    """A request that has come through the door."""

    actor: Actor


class ByToken(HttpBearer):
    """`Authorization: Bearer gonghui_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The rights of the token's owner, no more than the token has."""
        found = recognised(token)
        if found is None:
            raise AuthenticationError
        return actor_for(found.user, channel="api", only={*found.permissions, *ALWAYS})


class BySession(AuthBase):
    """The session of the desk, with its CSRF token for every write."""

    openapi_type = "apiKey"
    openapi_name = settings.SESSION_COOKIE_NAME
    openapi_in = "cookie"

    def __call__(self, request: HttpRequest) -> Actor | None:
        if not request.user.is_authenticated or not is_admitted(request) or not has_second_factor(request):
            return None
        if check_csrf(request):
            raise HttpError(403, "csrf")
        return actor_for(cast(Any, request.user), channel="api")


class Unstorable(Exception):
    """A text of the body that the database cannot keep."""


class StorableText(Parser):
    """JSON whose texts can be stored: no NUL, no half of a surrogate pair."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = json.loads(request.body)
        if any(UNSTORABLE.search(text) for text in texts(body)):
            raise Unstorable
        return body


def texts(value: Any) -> Iterator[str]:
    """Every text of a JSON value, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


class ChineseJSON(JSONRenderer):
    """Chinese letters as they are."""

    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """The API with our refusals in its description, and without the page of the framework's own."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**{"path_prefix": "/api/v1/"} | kwargs)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if str(status).startswith("4") and "application/json" in answer.get("content", {}):
                        answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
        return schema

    def _get_urls(self) -> list[Any]:
        return [one for one in super()._get_urls() if getattr(one, "name", "") != "api-root"]


api = Api(
    title="gonghui",
    version=VERSION,
    description="Register and figures for programs. With a token (Authorization: Bearer …) or a session of the desk; every call has the rights that its user has at that moment.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=[ByToken(), BySession()],
    parser=StorableText(),
    renderer=ChineseJSON(),
)
permissions: set[str] = set()  # what the routes take


def grantable() -> set[str]:
    """What a token may be given: what the routes take, and what imports write."""
    written = {permission for one in importers.values() for permission in (one.permission, *one.also)}
    return {permission for permission in permissions | written if not permission.startswith(WITHHELD)}


def router(tag: str) -> Router:
    """The routes of one noun, below `/api/v1`."""
    made = Router(tags=[tag])
    api.add_router("", made)
    return made


def endpoint(
    register: Callable[..., Callable[[Any], Any]],
    path: str,
    permission: str,
    answer: Any,
    *refusals: int,
    described: Mapping[str, Any] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes `function(request, …)` a route: it takes this permission, runs inside the door and returns plain data.

    `register` is a method of a router; `refusals` are the statuses it may answer beside those of every route; `described` is what its
    signature cannot say of it in OpenAPI's words.
    """
    permissions.add(permission)
    statuses = dict.fromkeys(sorted({*READ_PROBLEMS, *refusals}), Problem)

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(request: Any, *args: Any, **kwargs: Any) -> Any:
            refuse_unknown(request.GET, kwargs.get("query"))
            request.actor = request.auth
            with acting(request.actor):
                if not request.actor.can(permission):
                    raise NotAllowed(permission)
                return function(request, *args, **kwargs)

        run.permission = permission  # type: ignore[attr-defined]
        extra = {"x-permission": permission, **(described or {})}
        return register(path, response={200: answer, **statuses}, exclude_unset=True, openapi_extra=extra)(run)  # type: ignore[no-any-return]

    return wrap


def refuse_unknown(given: Iterable[str], query: Any) -> None:
    """A parameter that does not exist is a mistake: a misspelt condition would answer with everything."""
    declared = type(query).model_fields if query else {}
    for name in given:
        if name not in declared:
            raise Refused(_("没有“%(name)s”这个参数，请核对名称") % {"name": name[:40]}, field=name[:40])


# -- refusals ---------------------------------------------------------------------------------------------------


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Nobody, or a token that is none (any more)."""
    said = _("请用有效的令牌调用，或先登录桌面端")
    return problems.problem(401, "not_authenticated", said, WWW_Authenticate="Bearer")


@api.exception_handler(HttpError)
def refused_by_framework(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A write of a session without its CSRF token, a text that cannot be kept, or a body that is no JSON."""
    if isinstance(error.__cause__, Unstorable):
        return problems.unstorable()
    if str(error) == "csrf":
        return problems.problem(403, "csrf", _("用会话写入时须带 CSRF 令牌（X-CSRFToken）"))
    return problems.unreadable()


@api.exception_handler(RawPostDataException)
@api.exception_handler(RequestDataTooBig)
def no_json(request: HttpRequest, error: Exception) -> HttpResponse:
    """A form instead of JSON, which somebody before us has read; or more of it than is read."""
    return problems.unreadable()


@api.exception_handler(TooManyCalls)
def too_many(request: HttpRequest, error: TooManyCalls) -> HttpResponse:
    """Wait until the next minute."""
    said = _("一分钟内最多调用 %(limit)s 次，请稍后再试") % {"limit": error}
    return problems.problem(429, "too_many_calls", said, Retry_After="60")


@api.exception_handler(NotAllowed)
def not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    """The right is missing, to the user or to the token."""
    return problems.problem(403, "not_allowed", _("您的岗位或这个令牌没有这项权限"))


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """A rule says no, or says that it has been asked too often."""
    said = heard(error)
    if isinstance(said, TooOften):
        return problems.problem(429, "too_often", str(said), Retry_After="3600")
    return problems.problem(422, "refused", str(said), field=said.field)


@api.exception_handler(BadInput)
def bad_input(request: HttpRequest, error: BadInput) -> HttpResponse:
    """What the form of the desk would have shown beside its fields."""
    said = together(one.detail for one in error.problems)
    return problems.problem(422, "invalid_input", said, errors=error.problems)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Hidden, or not there."""
    return problems.not_found()


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input of another form; an id that is none is a record that is not there."""
    if any(one["loc"][0] == "path" for one in error.errors):
        return problems.not_found()
    return problems.of_input(error.errors)
