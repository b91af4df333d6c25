"""The chair of a base union signs in to the desk by a code to the telephone that was proven when the invitation was accepted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gonghui.core.access.by_phone import DESK
from gonghui.web.desk import is_admitted
from gonghui.web.pages.phone_sign_in import Place, code_page, is_possible, number_asked, open_page
from gonghui.web.worker_session import begin_at_desk, next_at_desk, take_next

AT_DESK = Place(DESK, begin_at_desk, "account_phone", "account_phone_code", "account/phone_code.html")


@open_page(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for the telephone and sends a code to it. The answer is the same for every number."""
    next_at_desk(request)
    if request.user.is_authenticated and is_admitted(request):
        return redirect(take_next(request, "web:home"))
    form, answer = number_asked(request, AT_DESK)
    return answer or render(request, "account/phone.html", {"form": form, "is_possible": is_possible()})


sign_in_code = code_page(AT_DESK)
