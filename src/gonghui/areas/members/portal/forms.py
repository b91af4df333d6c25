"""What the portal asks of a worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.members import own
from gonghui.areas.members.actions import ApplicationRow
from gonghui.areas.members.actions.corrections import CODED
from gonghui.areas.members.models import Application
from gonghui.areas.members.queries import union_for
from gonghui.areas.register.models import Employer
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import Person
from gonghui.core.reference.models import Region
from gonghui.core.reference.queries import choices
from gonghui.kit.dates import today
from gonghui.kit.identity import BadNumber, checked
from gonghui.web.forms import DeskForm

NONE_OF_THEM = "none"
SAME, OTHER, UNKNOWN = "same", "other", "unknown"
NARROW = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class JoinForm(DeskForm):
    """Five questions: who, which document, where the work is, with whom the contract is, and whether the notice is agreed to.

    The telephone is known. Where names on the register fit what was typed, one more question asks which one is meant; where nobody
    knows the place of work, another asks for its street. `asked` names the questions that are still to be answered.
    """

    subject: Application | None  # the one that was sent back

    name = forms.CharField(
        label=_("姓名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("请填写姓名，和证件上一样")},
    )
    number = forms.CharField(
        label=_("身份证号"),
        max_length=40,
        widget=forms.TextInput(attrs=NARROW),
        help_text=_("没有身份证的，填港澳台居民居住证、护照等证件号码"),
        error_messages={"required": _("请填写证件号码")},
    )
    workplace = forms.CharField(
        label=_("在哪里上班"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        help_text=_("单位、店或工地的名字，写平时的叫法就行"),
        error_messages={"required": _("请填写工作单位；不清楚全称时写平时的叫法")},
    )
    contract = forms.ChoiceField(
        label=_("劳动合同和谁签的"),
        widget=forms.RadioSelect,
        initial=SAME,
        choices=[(SAME, _("就是上班的单位")), (OTHER, _("另一家，例如劳务派遣公司")), (UNKNOWN, _("不清楚，或没有签"))],
    )
    employer = forms.CharField(label=_("签合同的单位（选“另一家”时填）"), max_length=60, required=False)
    which_workplace = forms.CharField(label=_("您上班的是哪一家？"), widget=forms.RadioSelect, required=False)
    which_employer = forms.CharField(label=_("签合同的是哪一家？"), widget=forms.RadioSelect, required=False)
    region = forms.CharField(label=_("上班的地方在哪个街道？"), widget=forms.Select, required=False)
    consent = forms.BooleanField(
        label=_("我已看过告知书，同意工会为办理入会使用我的身份证号等资料"),
        error_messages={"required": _("要办理入会，需要您同意告知书；不愿意在网上填的，可以到服务点现场办理")},
    )

    QUESTIONS = ("which_workplace", "which_employer", "region")

    def prepare(self) -> None:
        self.asked: list[str] = []
        self.offered: list[str] = []
        self.workplace_row: Employer | None = None
        self.employer_row: Employer | None = None
        self.region_row: Region | None = None
        if self.subject and self.subject.erased_on is None:
            self.fields["number"].required = False
            self.fields["number"].help_text = _now("不改就空着，仍用 %(number)s") % {"number": self.subject.document_masked}
        if self.subject:
            self.fill(name=self.subject.name, workplace=self.subject.workplace)

    def clean_number(self) -> str:
        """Says at once what is wrong with a number."""
        number: str = self.cleaned_data["number"] or (self.subject.document_number() if self.subject else "")
        try:
            return checked(number, self._kind(number)).number
        except BadNumber as error:
            raise forms.ValidationError(str(error)) from error

    def _kind(self, number: str) -> str:
        """The kind of document: that of the application that was sent back while its number stays, else the likeliest."""
        return self.subject.document_kind if self.subject and number == self.subject.document_number() else ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("contract") == OTHER and not data.get("employer", "").strip():
            self.add_error("employer", _("请填写签合同的单位；说不准时选“不清楚”"))
        if self.errors:
            return data
        self.workplace_row = self._which("which_workplace", data["workplace"])
        if data["contract"] == OTHER:
            self.employer_row = self._which("which_employer", data["employer"])
        if not self.asked:
            self._where()
        return data

    def _which(self, field: str, text: str) -> Employer | None:
        """The employer that is meant: the one called exactly so, or the one that was picked; else the question is put."""
        rows = own.employers_named(text)
        exact = [row for row in rows if row.name == text.strip()]
        if len(exact) == 1:
            return exact[0]
        if not rows:
            return None
        self._offer(field, [*((str(row.public_id), described(row)) for row in rows), (NONE_OF_THEM, _("都不是"))])
        answer = self.data.get(field, "")
        found: Employer | None = own.picked(rows, answer)
        if found is None and answer != NONE_OF_THEM:
            self.asked.append(field)
        return found

    def _offer(self, field: str, answers: Sequence[tuple[str, Any]]) -> None:
        """Puts a further question with the answers there are."""
        self.fields[field].widget.choices = answers  # type: ignore[attr-defined]
        self.offered.append(field)

    def _where(self) -> None:
        """Asks for the street where no union answers for the place of work."""
        contract, host = self._employers()
        if union_for(contract, host, None, today()):
            return
        regions = own.territories()
        self._offer("region", [("", _("请选择")), *((region.code, region.name) for region in regions)])
        self.region_row = next((region for region in regions if region.code == self.data.get("region")), None)
        if self.region_row is None:
            self.asked.append("region")

    def _employers(self) -> tuple[Employer | None, Employer | None]:
        """The employer by contract and, where it is another or unknown, the host."""
        if self.cleaned_data["contract"] == SAME:
            return self.workplace_row, None
        return self.employer_row, self.workplace_row

    def row(self) -> ApplicationRow:
        """What is asked for; a contract employer that nobody knows stands beside the workplace for the union to read."""
        data, (contract, host) = self.cleaned_data, self._employers()
        workplace = str(self.workplace_row or data["workplace"])
        if data["contract"] == OTHER and contract is None:
            workplace = _now("%(workplace)s（合同：%(employer)s）") % {"workplace": workplace, "employer": data["employer"]}
        return ApplicationRow(
            name=data["name"],
            number=data["number"],
            document_kind=self._kind(data["number"]),
            workplace=workplace[:120],
            employer=contract,
            host=host,
            region=self.region_row,
        )

    def questions(self) -> list[forms.BoundField]:
        """The further questions, the open ones and those answered."""
        return [self[name] for name in self.QUESTIONS if name in self.offered]

    def usual(self) -> list[forms.BoundField]:
        """The five, in their order; consent last."""
        return [self[name] for name in ("name", "number", "workplace", "contract", "employer")]


def described(employer: Employer) -> str:
    """An employer as one of several: its name and where it is."""
    return f"{employer.name}（{employer.region.name}）" if employer.region else employer.name


@dataclass(frozen=True)
class Goal:
    """Where a membership shall go: the union, and the employer that somebody works for now."""

    union: Organisation
    employer: Employer | None = None


class TransferForm(DeskForm):
    """To which union: found by the name of the union or of the new place of work."""

    goal_id = forms.ChoiceField(
        label=_("转到哪里"), widget=forms.RadioSelect, error_messages={"required": _("请选择要转到的工会或单位")}
    )

    def prepare(self) -> None:
        query = self.data.get("q", self.query) if self.is_bound else self.query
        self.unions: Sequence[Organisation] = own.unions_named(query)
        self.employers: Sequence[Employer] = own.employers_named(query)
        unions = [(str(row.public_id), row.name) for row in self.unions]
        self.choose("goal_id", [*unions, *((str(row.public_id), described(row)) for row in self.employers)])

    @property
    def has_hits(self) -> bool:
        """Whether anything was found."""
        return bool(self.unions or self.employers)

    def goal(self) -> Goal | None:
        """The union, and the new employer where that is what was chosen; an error of the form where no union answers for it."""
        wanted = self.cleaned_data["goal_id"]
        if union := own.picked(self.unions, wanted):
            return Goal(union)
        employer: Employer = own.picked(self.employers, wanted)
        if union := union_for(employer, None, employer.region, today()):
            return Goal(union, employer)
        self.add_error("goal_id", _("这个单位还没有对应的工会，请按街道工会的名字再找"))
        return None


class CorrectionForm(DeskForm):
    """What shall stand in the fields that a worker may ask about; what stays as it is, is not asked for."""

    subject: Person

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    education = forms.ChoiceField(label=_("学历"), required=False)
    politics = forms.ChoiceField(label=_("政治面貌"), required=False)
    skill_level = forms.ChoiceField(label=_("技能等级"), required=False)
    household_place = forms.CharField(label=_("户籍所在地"), max_length=120, required=False)
    native_place = forms.CharField(label=_("籍贯"), max_length=60, required=False)

    def prepare(self) -> None:
        for name in CODED:
            self.choose(name, [("", _("未填")), *choices(name, today())])
        self.fill(**{name: getattr(self.subject, name) for name in self.fields if name != "phone"})
        if self.subject.phone_masked:
            self.fields["phone"].help_text = _now("不改就空着，现在是 %(phone)s") % {"phone": self.subject.phone_masked}

    def clean_phone(self) -> str:
        number = "".join(one for one in self.cleaned_data["phone"] if one not in " -")
        if number and not (number.isdigit() and len(number) == 11 and number.startswith("1")):
            raise forms.ValidationError(_now("手机号应为 11 位数字，以 1 开头"))
        return number

    def values(self) -> dict[str, str]:
        """The fields that shall change, with what they shall say."""
        data = self.cleaned_data
        changed = {name: data[name] for name in self.fields if name != "phone" and data[name] != getattr(self.subject, name)}
        return changed | ({"phone": data["phone"]} if data["phone"] else {})


class EraseForm(DeskForm):
    """That what need not be kept be erased."""

    sure = forms.BooleanField(label=_("我要求删除工会不必再保存的资料"), error_messages={"required": _("请先勾选，确认要删除")})

    def values(self) -> dict[str, str]:
        """None: which data that is, the rules say."""
        return {}
