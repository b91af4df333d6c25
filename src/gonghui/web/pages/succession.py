"""Succession: a person leaves (离任交接), a department is reorganised (部室调整). First a dry run, which takes the real action and takes it
back; then the same again for good."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gonghui.core.access.actions import pass_on, reorganise_department
from gonghui.core.access.models import Grant
from gonghui.core.access.open_work import kinds
from gonghui.core.access.succession import Blocked, Handover
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import NotAllowed
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.queries import choices, names
from gonghui.kit.dates import today
from gonghui.kit.text import enumerated
from gonghui.web import desk
from gonghui.web.components import Fact, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DayField, DeskForm

Run = Callable[[], Sequence[Handover]]
WHY_NOT_ALL = gettext_lazy("导出的文件、存好的筛选和接口令牌不移交：它们照本人的权限而来，随本人而止。")


class SuccessorField(forms.CharField):
    """The login name of who takes over; the value is the account."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> User | None:
        """The account; an error for a name that nobody has."""
        if not (username := super().clean(value)):
            return None
        if (user := User.objects.filter(username=username).first()) is None:
            raise forms.ValidationError(_("没有这个登录名，请先开通账号"))
        return user


class SuccessionForm(DeskForm):
    """Who takes over, from when, why."""

    successor = SuccessorField(
        label=gettext_lazy("接手人的登录名"), help_text=gettext_lazy("没有同样的角色时，会一并授予，从今天起")
    )
    on = DayField(label=gettext_lazy("离任日（从这天起原角色不再有效）"))
    reason = forms.CharField(
        label=gettext_lazy("事由"), max_length=200, help_text=gettext_lazy("例如：调任景山街道，见人事通知")
    )
    closes_account = forms.BooleanField(
        label=gettext_lazy("停用账号"), required=False, help_text=gettext_lazy("在别处还有授权的不能停用")
    )


class ReorganisationForm(DeskForm):
    """Which department goes into which, from when, why; with its people, or to one of them."""

    department = forms.ChoiceField(label=gettext_lazy("原部室"))
    into = forms.ChoiceField(label=gettext_lazy("调整到"))
    on = DayField(label=gettext_lazy("从这天起"))
    successor = SuccessorField(
        label=gettext_lazy("接手人的登录名"),
        required=False,
        help_text=gettext_lazy("不填：原班人员一起过去，各办各的；填写：角色和未结工作都交给他"),
    )
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=200)

    def prepare(self) -> None:
        for name in ("department", "into"):
            self.choose(name, choices("department", today()))


@desk.page("access.pass_on")
def pass_on_one(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Somebody leaves an organisation: who takes over what is open."""
    rows = Grant.objects.changeable_by(request.actor, "access.pass_on").select_related("user", "organisation")
    grant = found(rows, public_id)
    form = SuccessionForm(request.POST or None, actor=request.actor, subject=grant)
    back = reverse("web:grant", args=[public_id])
    title = _("离任交接")
    context = {
        "title": title,
        "sub": f"{grant.user.name}，{grant.organisation.name}",
        "cancel_url": back,
        "crumbs": [Link(_("授权"), reverse("web:grants")), Link(grant.user.name, back), Link(title)],
    }
    return answer(request, form, lambda: pass_on(grant, actor=request.actor, **form.cleaned_data), context)


@desk.page("access.reorganise_department")
def reorganise(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """A department goes into another."""
    visible = Organisation.objects.visible_to(request.actor)
    organisation = found(visible, public_id)
    if not request.actor.can_at("access.reorganise_department", organisation.path):
        raise NotAllowed("access.reorganise_department")
    form = ReorganisationForm(request.POST or None, actor=request.actor, subject=organisation)
    back = reverse("web:grants")
    title = _("部室调整")
    context = {
        "title": title,
        "sub": organisation.name,
        "cancel_url": back,
        "crumbs": [Link(_("授权"), back), Link(title)],
    }
    return answer(request, form, lambda: reorganise_department(organisation, actor=request.actor, **form.cleaned_data), context)


def answer(request: DeskRequest, form: DeskForm, run: Run, context: dict[str, Any]) -> HttpResponse:
    """The form; sent, what would happen; confirmed, it is done."""
    if request.method == "POST" and form.is_valid():
        is_confirmed = "confirm" in request.POST
        is_done, handovers = form.attempt(run if is_confirmed else lambda: tried(run))
        if is_done and handovers is not None and is_confirmed:
            messages.success(request, said(handovers))
            return redirect(context["cancel_url"])
        if is_done and handovers is not None:
            return render(request, "web/succession.html", context | preview(form, handovers))
    return render(request, "web/form.html", context | {"form": form, "submit": _("先看会移交什么")})


def tried(run: Run) -> Sequence[Handover]:
    """What the action would do; what blocks it is shown with the rest. Every other refusal is raised."""
    try:
        with transaction.atomic():
            handovers = run()
            transaction.set_rollback(True)
    except Blocked as blocked:
        return blocked.handovers
    return handovers


def said(handovers: Sequence[Handover]) -> str:
    """What became of each kind, in numbers."""
    counts: Counter[str] = Counter()
    for handover in handovers:
        counts.update(handover.counts)
    told = counted(counts)
    return _("已交接：%(what)s") % {"what": told} if told else _("已交接，没有未结的工作")


def counted(counts: dict[str, int]) -> str:
    """未办结的提醒 3 项、未完成的导入 1 项."""
    parts = [
        ngettext("%(kind)s %(count)s 项", "%(kind)s %(count)s 项", counts[code])
        % {"kind": kind.label, "count": f"{counts[code]:,}"}
        for code, kind in kinds.items()
        if counts.get(code)
    ]
    return enumerated(parts)


def preview(form: DeskForm, handovers: Sequence[Handover]) -> dict[str, Any]:
    """The dry run as the page shows it."""
    obstacles = [obstacle for handover in handovers for obstacle in handover.obstacles]
    return {
        "form": form,
        "handovers": [(facts(handover), handover.passing) for handover in handovers],
        "blocked": _("有 %(count)s 件不能移交，处理好以后再交接；现在什么也没有改动。") % {"count": len(obstacles)}
        if obstacles
        else "",
        "note": WHY_NOT_ALL,
    }


def facts(handover: Handover) -> list[Fact]:
    """Who, to whom, with which roles."""
    one = handover.succession
    given = enumerated(
        _("%(role)s（%(day)s 起）") % {"role": role_of(grant), "day": grant.valid.lower} for grant in handover.given
    )
    rest = counted(handover.counts) or (_("照旧由本人办理") if one.leaver == one.successor else _("没有"))
    return [
        Fact(_("原来"), one.leaver.name),
        Fact(_("接手人"), one.successor.name),
        Fact(_("授予角色"), given or _("已有同样的角色")),
        Fact(_("未结工作"), rest),
    ]


def role_of(grant: Grant) -> str:
    """The role with its department."""
    department = names("department").get(grant.department, "")
    return f"{grant.get_role_display()}，{department}" if department else str(grant.get_role_display())
