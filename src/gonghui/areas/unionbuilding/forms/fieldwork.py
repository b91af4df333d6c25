"""Input of claims, attempts and findings."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.actions import AttemptRow, FindingRow
from gonghui.areas.unionbuilding.rules import (
    CLAIMANTS,
    CLOSINGS,
    DEREGISTERED,
    MOST_ON_SHEET,
    ON_SITE,
    REFUSALS,
    STRIKE_OFFS,
    AttemptResult,
    ContactMethod,
    Outcome,
)
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.calendar import working_days_after
from gonghui.core.reference.models import Region
from gonghui.core.reference.queries import choices, parameter
from gonghui.kit.dates import now, today
from gonghui.kit.text import Text
from gonghui.web.forms import DayField, DeskForm, RowPicker

MINUTES = 30  # an agreed time is proposed on the half hour
FORMAT = "%Y-%m-%dT%H:%M"


def sentence_field(label: Text, *, length: int = 200, required: bool = True, **more: Any) -> forms.CharField:
    """A sentence or two."""
    return forms.CharField(label=label, max_length=length, required=required, widget=forms.Textarea(attrs={"rows": 3}), **more)


class MomentField(forms.DateTimeField):
    """A day and a time, as browsers pick them."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput(format=FORMAT, attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=[FORMAT], **more)


def proposed_moment() -> dt.datetime:
    """Tomorrow at about this time: what an agreed time begins as."""
    soon = timezone.localtime(now()) + dt.timedelta(days=1)
    return soon.replace(minute=soon.minute // MINUTES * MINUTES, second=0, microsecond=0)


def claiming_unions(actor: Actor, permission: str = "unionbuilding.claim") -> Any:
    """The unions in whose name the actor may claim."""
    return Organisation.objects.changeable_by(actor, permission).active().filter(kind__in=CLAIMANTS).order_by("path")


def last_day_words() -> str:
    """What a claim of today binds to."""
    days = parameter("unionbuilding.claim_working_days", today())
    said = {"count": days, "day": working_days_after(today(), days).day}
    return _now("%(count)s 个工作日内（到 %(day)s）联系上或上门，认领才保留；否则退回，别人可以认领") % said


class ClaimForm(DeskForm):
    """In whose name a prospect is claimed; nothing to choose for whoever works at one union."""

    union = RowPicker(label=_("认领工会"))

    def prepare(self) -> None:
        rows = claiming_unions(self.actor)
        first = list(rows[:2])
        self.only = first[0] if len(first) == 1 else None
        if self.only is None:
            self.offer("union", rows)
        else:
            here = [(str(self.only.public_id), self.only.name)]
            box = forms.ChoiceField(
                label=_("认领工会"), choices=here, initial=here[0][0], required=False, widget=forms.RadioSelect
            )
            self.fields["union"] = box
        self.fields["union"].help_text = last_day_words()

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or {}), **({"union": self.only} if self.only else {})}


class AssignForm(DeskForm):
    """Which union works on it."""

    union = RowPicker(label=_("由哪个工会认领"))
    reason = sentence_field(_("原因"))

    def prepare(self) -> None:
        self.offer("union", claiming_unions(self.actor, "unionbuilding.assign_claim"))


class ReasonForm(DeskForm):
    """Why."""

    reason = sentence_field(_("原因"))


class DisputeForm(DeskForm):
    """Which firm, and why it is one's own."""

    firm = forms.CharField(label=_("单位全称或信用代码"), max_length=120, help_text=_("查找次数有限，每次都会记录"))
    reason = sentence_field(_("理由"), length=300, help_text=_("认领的工会会看到"))


class DecisionForm(DeskForm):
    """What the district says."""

    decision = sentence_field(_("裁定意见"), length=300, help_text=_("双方都会看到"))


class UserField(forms.CharField):
    """An account by its login name."""

    def clean(self, value: Any) -> User | None:
        if not (username := super().clean(value)):
            return None
        if (user := User.objects.filter(username=username).first()) is None:
            raise forms.ValidationError(_("没有这个登录名，请先开通账号"))
        return user


class ChargeForm(DeskForm):
    """Who answers for which area, from which day."""

    union = RowPicker(label=_("街道或系统工会"))
    area = forms.CharField(label=_("片区"), max_length=60, required=False, help_text=_("社区、楼宇或园区；空着就是全部"))
    user = UserField(label=_("负责人的登录名"), max_length=60)
    since = DayField(label=_("从哪天起"))

    def prepare(self) -> None:
        rows = Organisation.objects.changeable_by(self.actor, "unionbuilding.give_charge").active()
        self.offer("union", rows.filter(kind__in=CLAIMANTS))


class DayForm(DeskForm):
    """From which day."""

    on = DayField(label=_("从哪天起不再负责"))


# -- attempts -----------------------------------------------------------------------------------------------------


class AttemptForm(DeskForm):
    """How somebody tried, and what came of it."""

    method = forms.ChoiceField(
        label=_("方式"),
        choices=[one for one in ContactMethod.choices if one[0] in (ContactMethod.PHONE, ContactMethod.VISIT)],
        widget=forms.RadioSelect,
        initial=ContactMethod.PHONE,
    )
    result = forms.ChoiceField(label=_("结果"), choices=AttemptResult.choices, widget=forms.RadioSelect)
    note = sentence_field(_("说明"), length=300, required=False)
    appointment_at = MomentField(label=_("约定时间"), required=False, help_text=_("结果是“约时间”时填写"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_visit = data.get("method") == ContactMethod.VISIT
        result = data.get("result")
        if result and (result in ON_SITE[:2] if not is_visit else result not in ON_SITE):
            self.add_error("result", _("这个结果和方式不符，请重选"))
        return data


class CallForm(DeskForm):
    """What came of a call at the desk: one key."""

    result = forms.ChoiceField(choices=AttemptResult.choices)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)
    appointment_at = MomentField(label=_("约定时间"), required=False, initial=proposed_moment)


class SheetForm(DeskForm):
    """How many firms are printed."""

    count = forms.TypedChoiceField(label=_("几家"), coerce=int, choices=[(n, str(n)) for n in (10, 20, MOST_ON_SHEET)])


class TalkForm(DeskForm):
    """Who was talked to and what was said."""

    method = forms.ChoiceField(
        label=_("方式"),
        choices=[one for one in ContactMethod.choices if one[0] in (ContactMethod.PHONE, ContactMethod.VISIT)],
        widget=forms.RadioSelect,
        initial=ContactMethod.VISIT,
    )
    note = sentence_field(_("和谁谈的、谈了什么"), length=300)


def attempt_row(data: dict[str, Any], **more: Any) -> AttemptRow:
    """The form's data as an attempt."""
    return AttemptRow(**data, **more)


def talk_row(data: dict[str, Any]) -> AttemptRow:
    """A talk is an attempt that has reached somebody."""
    result = AttemptResult.MET if data["method"] == ContactMethod.VISIT else AttemptResult.REACHED
    return AttemptRow(data["method"], result, data["note"])


# -- findings -----------------------------------------------------------------------------------------------------


class FindingForm(DeskForm):
    """What every finding says. Filled in on a phone in front of the door."""

    outcome: Outcome
    first: tuple[str, ...] = ()  # the fields of the outcome come first

    method = forms.ChoiceField(
        label=_("怎么核实的"), choices=ContactMethod.choices, widget=forms.RadioSelect, initial=ContactMethod.VISIT
    )
    on = DayField(label=_("日期"))
    headcount = forms.IntegerField(label=_("所见职工人数"), min_value=0, max_value=1_000_000, required=False)
    note = sentence_field(_("说明"), length=500, required=False)
    photo = forms.FileField(
        label=_("照片"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
        help_text=_("门头或门牌；照片里的位置信息会去掉"),
    )

    def prepare(self) -> None:
        self.order_fields(self.first)

    def row(self, data: dict[str, Any]) -> FindingRow:
        """The form's data as a finding."""
        photo = data.pop("photo", None)
        return FindingRow(outcome=self.outcome, photo=photo.read() if photo else b"", **data)


class ExistsForm(FindingForm):
    """It is there."""

    outcome = Outcome.EXISTS


class WillingForm(FindingForm):
    """It wants a union."""

    outcome = Outcome.WILLING


class MovedForm(FindingForm):
    """Where to."""

    outcome = Outcome.MOVED
    first = ("region", "address")
    region = forms.ModelChoiceField(
        label=_("迁往"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("本区以外"),
        help_text=_("迁出本区的会停止建会工作"),
    )
    address = forms.CharField(label=_("新地址"), max_length=200, required=False)

    def prepare(self) -> None:
        super().prepare()
        field: Any = self.fields["region"]
        field.queryset = Region.objects.filter(level=Region.Level.STREET, has_union_territory=True).order_by("code")
        del self.fields["headcount"]


class ClosedForm(FindingForm):
    """How it is gone."""

    outcome = Outcome.CLOSED
    first = ("reason",)
    reason = forms.ChoiceField(
        label=_("情形"), widget=forms.RadioSelect, help_text=_("已注销的直接停止；其他情形报区总工会审核剔除")
    )

    def prepare(self) -> None:
        super().prepare()
        named = dict(choices(CLOSINGS, today()))
        self.choose("reason", [(DEREGISTERED, named.get(DEREGISTERED, "")), *choices(STRIKE_OFFS, today())])
        del self.fields["headcount"]


class DuplicateForm(FindingForm):
    """Of which record it is a second one."""

    outcome = Outcome.DUPLICATE
    first = ("same_as",)
    same_as = RowPicker(label=_("与哪家重复"), required=False)

    def prepare(self) -> None:
        super().prepare()
        rows: Any = Employer.objects.visible_to(self.actor).eligible()
        self.offer("same_as", rows.exclude(pk=getattr(self.subject, "employer_id", None)))
        del self.fields["headcount"]


class RefusedForm(FindingForm):
    """Why not, and until when it is left alone."""

    outcome = Outcome.REFUSED
    first = ("reason", "rests_until")
    reason = forms.ChoiceField(label=_("原因"), widget=forms.RadioSelect)
    rests_until = DayField(label=_("暂缓到"), required=False, is_today=False, help_text=_("到这一天自动恢复；空着按规定的天数"))

    def prepare(self) -> None:
        super().prepare()
        self.choose("reason", choices(REFUSALS, today()))


FINDING_FORMS: dict[str, type[FindingForm]] = {
    form.outcome: form for form in (ExistsForm, WillingForm, RefusedForm, MovedForm, ClosedForm, DuplicateForm)
}


class RefuseForm(DeskForm):
    """Why not, and until when it is left alone; where nothing new was found out."""

    reason = forms.ChoiceField(label=_("原因"), widget=forms.RadioSelect)
    rests_until = DayField(label=_("暂缓到"), required=False, is_today=False, help_text=_("到这一天自动恢复；空着按规定的天数"))

    def prepare(self) -> None:
        self.choose("reason", choices(REFUSALS, today()))


class CloseForm(DeskForm):
    """Why it is no longer looked for a union."""

    reason = forms.ChoiceField(label=_("原因"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.choose("reason", choices(CLOSINGS, today()))


class ScreenForm(DeskForm):
    """Why it is struck off; empty as it was found."""

    reason = forms.ChoiceField(label=_("原因"), required=False)
    note = sentence_field(_("补充说明"), length=200, required=False, help_text=_("核实结论和联系记录会自动写入核实情况"))

    def prepare(self) -> None:
        self.choose("reason", [("", _("按核实结论")), *choices(STRIKE_OFFS, today())])
