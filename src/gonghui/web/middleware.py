"""Text that PostgreSQL cannot store is refused once, for the whole system."""

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from gonghui.web.api import problems

NUL = "\x00"


def has_nul(request: HttpRequest) -> bool:
    """Whether the address or a form field holds a NUL character."""
    if NUL in request.path_info:
        return True
    fields = [*request.GET.lists(), *request.POST.lists()]
    return any(NUL in text for name, values in fields for text in (name, *values))


def refuse_unstorable_text(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answers 400 with words instead of letting the database fail."""

    def middleware(request: HttpRequest) -> HttpResponse:
        is_api = request.path_info.startswith("/api/")
        try:
            is_refused = has_nul(request)
        except (MultiPartParserError, SuspiciousOperation):  # Django answers these with a page
            if not is_api:
                raise
            return problems.unreadable()
        if is_refused:
            if is_api:
                return problems.unstorable()
            return HttpResponseBadRequest(
                _("提交的内容里有不能保存的字符（NUL），请删去后再试"), content_type="text/plain; charset=utf-8"
            )
        return get_response(request)

    return middleware


def speak_chinese_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The language is the one chosen in the header, else Chinese: an English browser is no wish for English."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        return get_response(request)

    return middleware


def keep_out_of_caches(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """No answer is kept by a browser or a proxy, unless its page says otherwise: whoever sits down after somebody sees nothing of his."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware
