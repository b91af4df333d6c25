"""Input of the actions on members, applications, transfers, points and counter sessions."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions import ApplicationRow, MemberRow, Sealed
from gonghui.areas.members.models import Application
from gonghui.areas.members.rules import AT_WORK, CardState, PointKind, Retained, WorkerKind
from gonghui.areas.register.models import Employer
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import BASE, MANAGING, Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.core.people.models import Person, Sex
from gonghui.core.reference.queries import choices
from gonghui.kit.columns import BadValue
from gonghui.kit.dates import today
from gonghui.kit.identity import BadNumber, DocumentKind, checked
from gonghui.kit.intake import mobile
from gonghui.kit.text import Text
from gonghui.web.forms import DayField, DeskForm, RowPicker

UNKNOWN = ("", _("按号码判断"))
NOT_TOLD = ("", _("未填"))


def sentence_field(label: Text, *, length: int = 200, required: bool = True) -> forms.CharField:
    """A sentence or two, written at once: the cursor stands there."""
    area = forms.Textarea(attrs={"rows": 3, "autofocus": True})
    return forms.CharField(label=label, max_length=length, required=required, widget=area)


def phone_field(**more: Any) -> forms.CharField:
    """A mobile number."""
    return forms.CharField(
        label=_("手机号"), max_length=20, required=False, widget=forms.TextInput({"inputmode": "tel"}), **more
    )


def number_field(label: Text) -> forms.CharField:
    """The number of a document."""
    return forms.CharField(label=label, max_length=30, widget=forms.TextInput({"autocomplete": "off"}))


def checked_phone(text: str) -> str:
    """A mobile number as it is kept; empty stays empty. ValidationError for what is none."""
    try:
        return mobile(text) if text.strip() else ""
    except BadValue as error:
        raise forms.ValidationError(str(error)) from error


class EmployerField(forms.CharField):
    """An employer by its full name or credit code, or nothing: 不清楚 is an answer. The value is the employer, or None."""

    rows: Any = None

    def __init__(self, **more: Any) -> None:
        hint = _("单位全称或统一社会信用代码；不清楚就留空")
        super().__init__(max_length=120, required=False, help_text=hint, **more)

    def offer(self, actor: Actor) -> None:
        """The employers that whoever fills the form in may name."""
        self.rows = Employer.objects.visible_to(actor).eligible()

    def clean(self, value: Any) -> Any:
        if not (text := super().clean(value).strip()):
            return None
        found = list(self.rows.filter(Q(name=text) | Q(uscc=text.upper()))[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("名册里没有“%(name)s”，请核对全称；不清楚就留空") % {"name": text[:40]})
        return found[0]


class DayForm(DeskForm):
    """From which day."""

    on = DayField(label=_("日期"))


class RetainForm(DayForm):
    """Why a membership rests."""

    why = forms.ChoiceField(label=_("保留原因"), choices=Retained.choices, widget=forms.RadioSelect)
    field_order = ["why", "on"]


class EndForm(DayForm):
    """A day and a reason."""

    reason = sentence_field(_("原因"))
    field_order = ["reason", "on"]


class DeathForm(DayForm):
    """The day somebody died."""

    reason = sentence_field(_("说明"), required=False)


class CardForm(DeskForm):
    """How it stands with the bank's card."""

    state = forms.ChoiceField(label=_("京卡"), choices=CardState.choices, widget=forms.RadioSelect)
    number = forms.CharField(label=_("京卡卡号"), max_length=30, required=False, help_text=_("16 至 19 位数字；不改就留空"))

    def prepare(self) -> None:
        self.fill(state=self.subject.card_state)


class RevealForm(DeskForm):
    """Which full number is needed, and why."""

    what = forms.ChoiceField(label=_("看什么"), choices=Sealed.choices, widget=forms.RadioSelect, initial=Sealed.PHONE)
    reason = forms.ChoiceField(label=_("事由"), widget=forms.RadioSelect, help_text=_("查看会留下记录，每小时次数有限"))

    def prepare(self) -> None:
        self.choose("reason", choices("reveal_reason", today()))
        if isinstance(self.subject, Application):
            self.choose("what", [pair for pair in Sealed.choices if pair[0] != Sealed.CARD])


class ReportForm(DeskForm):
    """What a roster is for that leaves the system."""

    reason = forms.ChoiceField(label=_("用途"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.choose("reason", choices("export_purpose", today()))


class PersonForm(DeskForm):
    """What is known of a person; the number of his document is no part of it."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    sex = forms.ChoiceField(label=_("性别"), choices=[NOT_TOLD, *Sex.choices], required=False)
    born_on = DayField(label=_("出生日期"), required=False, is_today=False)
    phone = phone_field(help_text=_("不改就留空"))
    ethnicity = forms.CharField(label=_("民族"), max_length=20, required=False)
    education = forms.ChoiceField(label=_("学历"), required=False)
    politics = forms.ChoiceField(label=_("政治面貌"), required=False)
    skill_level = forms.ChoiceField(label=_("技能等级"), required=False)
    household = forms.ChoiceField(label=_("户籍类型"), required=False)
    household_place = forms.CharField(label=_("户籍所在地"), max_length=120, required=False)
    native_place = forms.CharField(label=_("籍贯"), max_length=60, required=False)
    is_migrant = forms.BooleanField(label=_("农民工"), required=False)

    CODED = ("education", "politics", "skill_level", "household")

    def prepare(self) -> None:
        for name in self.CODED:
            self.choose(name, [NOT_TOLD, *choices(name, today())])
        person: Person = self.subject.person
        self.fill(**{name: getattr(person, name) for name in self.fields if name != "phone"})

    def clean_phone(self) -> str:
        return checked_phone(self.cleaned_data["phone"])


class DocumentForm(DeskForm):
    """Another document of the same person."""

    document_kind = forms.ChoiceField(label=_("证件类别"), choices=[UNKNOWN, *DocumentKind.choices], required=False)
    number = number_field(_("证件号码"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            data["document"] = checked(data.get("number", ""), data.get("document_kind", "")) if data.get("number") else None
        except BadNumber as error:
            self.add_error("number", str(error))
        return data


class EntryForm(DocumentForm):
    """Somebody who joins: five fields, and what helps to find the union that decides."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = phone_field()
    workplace = forms.CharField(label=_("工作单位"), max_length=120, required=False, help_text=_("不清楚全称时写平时的叫法"))
    employer = EmployerField(label=_("与谁签的合同"))
    worker_kind = forms.ChoiceField(label=_("用工形式"), choices=WorkerKind.choices, initial=WorkerKind.CONTRACT)
    trade = forms.ChoiceField(label=_("新就业形态行业"), required=False)

    def prepare(self) -> None:
        self.choose("trade", [NOT_TOLD, *choices("trade", today())])
        self.fields["employer"].offer(self.actor)  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        return checked_phone(self.cleaned_data["phone"])


def application_row(data: dict[str, Any]) -> ApplicationRow:
    """What an entry form was told, as an application."""
    wanted = ("name", "number", "workplace", "phone", "document_kind", "employer", "worker_kind", "trade")
    return ApplicationRow(**{name: data[name] for name in wanted})


def member_row(data: dict[str, Any]) -> MemberRow:
    """What the form of a member was told, as one."""
    wanted = ("joined_on", "employer", "workplace", "worker_kind", "trade", "work_state")
    person = PersonRow(data["name"], data["document"], data["phone"])
    return MemberRow(person, **{name: data[name] for name in wanted})


class CounterForm(EntryForm):
    """The five fields as staff enter them; the person has read the notice and signed."""

    is_read = forms.BooleanField(label=_("已向本人说明告知书内容，本人同意"))
    approves = forms.BooleanField(label=_("材料齐全，当场同意入会"), required=False, initial=True)
    field_order = [
        "name",
        "number",
        "document_kind",
        "workplace",
        "phone",
        "employer",
        "worker_kind",
        "trade",
        "is_read",
        "approves",
    ]


class BeginCounterForm(DeskForm):
    """For what staff enter instead of the people themselves."""

    purpose = forms.CharField(label=_("事由"), max_length=120, help_text=_("例如：王府井流动服务点，职工没带手机"))


class AdmitForm(EntryForm):
    """A member who is registered at once, without an application."""

    union = RowPicker(label=_("入会的工会"))
    joined_on = DayField(label=_("入会日期"))
    work_state = forms.ChoiceField(label=_("就业状况"), initial=AT_WORK)
    field_order = ["union", "name", "number", "document_kind", "joined_on", "phone", "workplace", "employer"]

    def prepare(self) -> None:
        super().prepare()
        self.choose("work_state", choices("work_state", today()))
        rows = Organisation.objects.changeable_by(self.actor, "members.admit_member").active()
        rows = rows.filter(kind__in=[*BASE, *MANAGING])
        self.offer("union", rows)
        picker: Any = self.fields["union"]
        if len(picker.choices) == 1:
            self.fill(union=picker.choices[0][0])


class ApproveForm(DeskForm):
    """Nothing, unless the application is in doubt; `subject` is the application."""

    is_checked = forms.BooleanField(label=_("已当面核对，确是本人"), required=False)

    def prepare(self) -> None:
        if not self.subject.doubt:
            del self.fields["is_checked"]


class ReturnForm(DeskForm):
    """What is missing, or where to turn."""

    note = sentence_field(_("退回的原因，或该找谁"), length=300)


class ForwardForm(DeskForm):
    """Which union the applicant belongs to."""

    target = RowPicker(label=_("转给哪个工会"))
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def prepare(self) -> None:
        rows = Organisation.objects.visible_to(self.actor).active().exclude(pk=self.subject.organisation_id)
        self.offer("target", rows.filter(kind__in=[*BASE, *MANAGING]))


class ReasonForm(DeskForm):
    """Why not."""

    reason = sentence_field(_("原因"))


class NoteForm(DeskForm):
    """Why it is left as it is."""

    note = sentence_field(_("不更正的原因"), length=300)


class RequestTransferForm(DeskForm):
    """To which union a membership shall move."""

    target = RowPicker(label=_("转入工会"))

    def prepare(self) -> None:
        rows = Organisation.objects.changeable_by(self.actor, "members.request_transfer").active()
        rows = rows.exclude(pk=self.subject.organisation_id).filter(kind__in=[*BASE, *MANAGING])
        self.offer("target", rows)


class AskTransferForm(DocumentForm):
    """Whose membership a union asks for: somebody it takes on, by name and number."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    employer = EmployerField(label=_("现在的用人单位"))
    target = RowPicker(label=_("转入工会"))
    field_order = ["name", "number", "document_kind", "target", "employer"]

    def prepare(self) -> None:
        rows = Organisation.objects.changeable_by(self.actor, "members.request_transfer").active()
        self.offer("target", rows.filter(kind__in=[*BASE, *MANAGING]))
        self.fields["employer"].offer(self.actor)  # type: ignore[attr-defined]


class PointForm(DeskForm):
    """Where people may join."""

    name = forms.CharField(label=_("名称"), max_length=80)
    kind = forms.ChoiceField(label=_("类型"), choices=PointKind.choices, widget=forms.RadioSelect, initial=PointKind.STATION)
    address = forms.CharField(label=_("地址"), max_length=200)
    hours = forms.CharField(label=_("开放时间"), max_length=120, help_text=_("例如：周一至周五 9:00–17:00"))
    persons = forms.CharField(label=_("联系人"), max_length=120, required=False)
    phone = forms.CharField(label=_("公开电话"), max_length=40, required=False)

    FIELDS = ("name", "kind", "address", "hours", "persons", "phone")


class OpenPointForm(PointForm):
    """A new place."""

    opened_on = DayField(label=_("开放日期"))


class EditPointForm(PointForm):
    """What is known of a place."""

    def prepare(self) -> None:
        self.fill(**{name: getattr(self.subject, name) for name in self.FIELDS})


class EntitlementForm(DeskForm):
    """What members get."""

    name = forms.CharField(label=_("名称"), max_length=60)
    detail = forms.CharField(label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    for_individuals = forms.BooleanField(label=_("只限单体入会会员"), required=False)
    amount = forms.DecimalField(label=_("补贴金额（元）"), min_value=0, max_digits=14, decimal_places=2, required=False)
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称和文号"))
    is_public = forms.BooleanField(label=_("向职工公开"), required=False, initial=True)

    FIELDS = ("name", "detail", "for_individuals", "amount", "basis", "is_public")


class GiveEntitlementForm(EntitlementForm):
    """Something new, from a day on."""

    since = DayField(label=_("从哪天起"))
    until = DayField(label=_("到哪天为止"), required=False, is_today=False, help_text=_("从这天起不再提供；长期的不填"))

    def clean_until(self) -> Any:
        since, until = self.cleaned_data.get("since"), self.cleaned_data["until"]
        if since and until and until <= since:
            raise forms.ValidationError(_("结束日期须晚于开始日期"))
        return until


class EditEntitlementForm(EntitlementForm):
    """What is said of it."""

    def prepare(self) -> None:
        self.fill(**{name: getattr(self.subject, name) for name in self.FIELDS})


class ScanForm(DeskForm):
    """A code: scanned, or typed."""

    text = forms.CharField(
        label=_("会员码"),
        max_length=120,
        widget=forms.TextInput({"autofocus": True, "autocomplete": "off", "spellcheck": "false", "data-scan": True}),
    )
