"""Whether text messages leave the system: a test message, sent while its administrator waits."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import NotAllowed
from gonghui.core.actions.actor import Actor
from gonghui.core.notices.actions import try_sender
from gonghui.core.organisations.models import Organisation
from gonghui.web import desk
from gonghui.web.components import Link
from gonghui.web.desk import DeskRequest
from gonghui.web.forms import DeskForm
from gonghui.web.steps import StepPage, step_page


class NumberForm(DeskForm):
    """Where the test goes."""

    number = forms.CharField(
        label=_("手机号"),
        max_length=40,
        help_text=_("请填自己的手机号。短信立即发出，不等后台任务"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel-national"}),
        error_messages={"required": _("请输入手机号")},
    )


def _try(organisation: Organisation, actor: Actor, data: dict[str, Any]) -> None:
    try_sender(organisation, actor=actor, number=data["number"])


STEPS = {
    "try": StepPage(
        "try", _("发送测试短信"), "notices.try_sender", NumberForm, _try, said=_("短信网关已接收，请看手机有没有收到")
    )
}


@desk.page("notices.try_sender")
def try_one(request: DeskRequest) -> HttpResponse:
    """The form, and what the gateway said."""
    place = Organisation.objects.changeable_by(request.actor, "notices.try_sender").order_by("path").first()
    if place is None:
        raise NotAllowed("notices.try_sender")
    back = reverse("web:status")
    return step_page(request, STEPS, "try", place, back=back, crumbs=[Link(_("运行状态"), back)])
