"""Input of the steps from agreement to a union, and of what ends a prospect otherwise."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.queries import covering_unions
from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.rules import Stream
from gonghui.areas.unionbuilding.rules.founding import PAPER_STATES, Meeting, PaperKind, Post, Tie
from gonghui.core.exchange.documents import BIGGEST, TROUBLES
from gonghui.core.organisations.models import BASE, Kind
from gonghui.core.people.models import Sex
from gonghui.core.reference.queries import choices
from gonghui.kit.dates import today
from gonghui.kit.text import Text
from gonghui.web.forms import DayField, DeskForm, RowPicker

PLAN = ("union_name", "head", "group", "members", "women", "seats", "dispatched", "hosts")
VOTES = "votes_"


def people_field(label: Text, **more: Any) -> forms.IntegerField:
    """So many people."""
    return forms.IntegerField(label=label, min_value=0, max_value=1_000_000, **more)


class PlanForm(DeskForm):
    """The union to be: its name, the preparatory group, members and women, seats of the committee."""

    union_name = forms.CharField(label=_("工会名称"), max_length=120)
    head = forms.CharField(label=_("筹备组组长"), max_length=60)
    group = forms.CharField(label=_("筹备组成员"), max_length=300, required=False, help_text=_("几个人用顿号隔开"))
    members = people_field(_("会员人数"), help_text=_("愿意入会的职工，含已单体入会的"))
    women = people_field(_("女职工人数"))
    seats = people_field(_("委员会名额"))
    dispatched = people_field(_("劳务派遣职工人数"), required=False)
    hosts = forms.CharField(label=_("用工单位"), max_length=300, required=False, help_text=_("派往哪些单位，用顿号隔开"))

    def prepare(self) -> None:
        if self.subject.stream != Stream.DISPATCH:
            del self.fields["dispatched"], self.fields["hosts"]
        founding = queries.founding_of(self.subject, self.actor)
        if founding:
            self.fill(**{name: getattr(founding, name) for name in PLAN if name in self.fields})
        else:
            self.fill(union_name=f"{self.subject.name}工会")


class PreparationForm(PlanForm):
    """The same with the approval in hand (批复一)."""

    document = forms.CharField(label=_("批复文号"), max_length=60)
    on = DayField(label=_("批复日期"))


class CandidateForm(DeskForm):
    """Somebody who stands for a post."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    sex = forms.ChoiceField(label=_("性别"), choices=Sex.choices, widget=forms.RadioSelect)
    post = forms.ChoiceField(label=_("拟任职务"), choices=Post.choices)
    job = forms.CharField(label=_("行政职务"), max_length=60, required=False)
    is_party_member = forms.BooleanField(label=_("中共党员"), required=False)
    tie = forms.ChoiceField(label=_("与单位负责人的关系"), choices=Tie.choices)
    reason = forms.CharField(
        label=_("推荐理由"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("人力资源、财务负责人不宜任职，确需推荐的写明理由"),
    )

    FIELDS = ("name", "sex", "post", "job", "is_party_member", "tie", "reason")


class EditCandidateForm(CandidateForm):
    """The same, corrected."""

    def prepare(self) -> None:
        self.fill(**{name: getattr(self.subject, name) for name in self.FIELDS})


class ReviewForm(DeskForm):
    """The day of a review."""

    on = DayField(label=_("审核日期"))


class ElectionForm(DeskForm):
    """How the meeting went: a field for the votes of each candidate."""

    on = DayField(label=_("选举日期"))
    meeting = forms.ChoiceField(label=_("选举形式"), choices=Meeting.choices, widget=forms.RadioSelect, initial=Meeting.MEMBERS)
    due = people_field(_("应到人数"))
    present = people_field(_("实到人数"))

    def prepare(self) -> None:
        founding = queries.founding_of(self.subject, self.actor)
        self.standing = queries.candidates(founding, self.actor)
        for one in self.standing:
            label = _("%(name)s（%(post)s）得票") % {"name": one.name, "post": one.get_post_display()}
            self.fields[f"{VOTES}{one.public_id}"] = people_field(label)
        if founding:
            self.fill(due=founding.members)

    def clean(self) -> dict[str, Any]:
        """The votes together, by the key of the candidate."""
        data: dict[str, Any] = super().clean() or {}
        data["votes"] = {one.pk: data.pop(f"{VOTES}{one.public_id}", 0) for one in self.standing}
        return data


class ResultForm(DeskForm):
    """The approval of the result (批复二)."""

    document = forms.CharField(label=_("批复文号"), max_length=60)
    on = DayField(label=_("批复日期"))


class FoundForm(DeskForm):
    """The new union's name and code, and whether the individual members move at once."""

    name = forms.CharField(label=_("工会名称"), max_length=120)
    uscc = forms.CharField(
        label=_("工会统一社会信用代码"), max_length=40, required=False, help_text=_("以 81 开头，没有可不填")
    )
    moves = forms.BooleanField(label=_("单体入会会员同时转入"), required=False, initial=True)

    def prepare(self) -> None:
        if founding := queries.founding_of(self.subject, self.actor):
            self.fill(name=founding.union_name)


class RegistrationForm(DeskForm):
    """The certificate of a legal person."""

    certificate = forms.CharField(label=_("法人资格证书号"), max_length=40)
    uscc = forms.CharField(
        label=_("工会统一社会信用代码"), max_length=40, required=False, help_text=_("以 81 开头，没有可不填")
    )
    on = DayField(label=_("法人登记日期"))


class AccountForm(DeskForm):
    """The union's account; its number is shown masked from then on."""

    bank = forms.CharField(label=_("开户银行"), max_length=80)
    number = forms.CharField(label=_("账号"), max_length=40)
    on = DayField(label=_("开户日期"))


class RevealForm(DeskForm):
    """Why the full number is needed."""

    reason = forms.ChoiceField(label=_("事由"), widget=forms.RadioSelect, help_text=_("查看会留下记录"))

    def prepare(self) -> None:
        self.choose("reason", choices("reveal_reason", today()))


class PaperForm(DeskForm):
    """Which letter."""

    kind = forms.ChoiceField(label=_("文书"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        state = self.subject.state
        self.choose("kind", [(kind.value, kind.label) for kind in PaperKind if state in PAPER_STATES[kind]])


class CoverForm(DeskForm):
    """Which joint union covers the employer."""

    union = RowPicker(label=_("由哪个工会覆盖"))
    since = DayField(label=_("从哪天起"))
    basis = forms.CharField(label=_("依据"), max_length=120, required=False)
    KINDS: tuple[str, ...] = (Kind.JOINT, Kind.PROFESSION)

    def prepare(self) -> None:
        self.offer("union", covering_unions(self.actor).filter(kind__in=self.KINDS))


class JoinForm(CoverForm):
    """Which union the employer belongs to already."""

    KINDS = BASE


class TemplateForm(DeskForm):
    """A template of the federation's own."""

    kind = forms.ChoiceField(label=_("文书"), choices=PaperKind.choices)
    file = forms.FileField(label=_("模板文件"), help_text=_("Word 文档（.docx），不超过 5 MB；宏、外部链接会去掉"))
    since = DayField(label=_("从哪天起"))

    def clean_file(self) -> Any:
        """The upload, if it is small enough to be read at all."""
        file: Any = self.cleaned_data["file"]
        if (file.size or 0) > BIGGEST:
            raise forms.ValidationError(TROUBLES["big"])
        return file


class DayForm(DeskForm):
    """A day."""

    on = DayField(label=_("日期"))
