"""Input of the register's actions."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register import queries
from gonghui.areas.register.actions.unions import ALLOWED_UNDER
from gonghui.areas.register.models import Employer
from gonghui.areas.register.rules import Extent
from gonghui.core.organisations.models import JointBasis, Kind, Organisation
from gonghui.core.organisations.queries import name_of
from gonghui.core.reference.models import Region
from gonghui.core.reference.queries import choices, streets
from gonghui.kit.dates import today
from gonghui.kit.text import Text, beside
from gonghui.web.forms import DayField, DeskForm, RowPicker


def reason_field(label: Text) -> forms.CharField:
    """A sentence or two."""
    return forms.CharField(label=label, max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


def territory(subject: Any) -> Region | None:
    """The street or town a record stands in, if it stands in one."""
    region: Region | None = subject.region
    if region is not None and region.level == Region.Level.COMMUNITY:
        region = region.parent
    return region if region is not None and region.level == Region.Level.STREET else None


def regions_near(subject: Any) -> Any:
    """Where a record may stand: its street and the communities in it; for a system union any street."""
    street = territory(subject)
    if street is None:
        return Region.objects.filter(level=Region.Level.STREET, has_union_territory=True).order_by("code")
    return Region.objects.filter(Q(pk=street.pk) | Q(parent=street)).order_by("code")


class EmployerForm(DeskForm):
    """What is known of an employer."""

    name = forms.CharField(label=_("名称"), max_length=120)
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=40, required=False, help_text=_("18 位，没有可不填"))
    region = forms.ModelChoiceField(label=_("所在地区"), queryset=Region.objects.none(), required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    employer_class = forms.ChoiceField(label=_("单位类别"), required=False)
    is_state_controlled = forms.BooleanField(label=_("国有控股"), required=False)
    industry = forms.ChoiceField(label=_("行业（GB/T 4754-2017）"), required=False)
    has_party_organisation = forms.BooleanField(label=_("有党组织"), required=False)
    is_dispatch_firm = forms.BooleanField(label=_("劳务派遣单位"), required=False)

    FIELDS = (
        "name",
        "uscc",
        "region",
        "address",
        "employer_class",
        "is_state_controlled",
        "industry",
        "has_party_organisation",
        "is_dispatch_firm",
    )

    def prepare(self) -> None:
        on = today()
        self.choose("employer_class", [("", _("未填")), *choices("employer_class", on)])
        self.choose("industry", [("", _("未填")), *choices("industry", on, "2017")])
        self.fields["region"].queryset = regions_near(self.subject)  # type: ignore[attr-defined]
        if isinstance(self.subject, Employer):
            self.fill(**{name: getattr(self.subject, name) for name in self.FIELDS})
        elif self.subject.region:
            self.fill(region=self.subject.region)


class EnterEmployerForm(EmployerForm):
    """A new employer."""

    on = DayField(label=_("入册日期"))
    headcount = forms.IntegerField(label=_("职工人数"), min_value=0, max_value=1_000_000, required=False)
    headcount_source = forms.ChoiceField(label=_("人数来源"), required=False)

    def prepare(self) -> None:
        super().prepare()
        self.choose("headcount_source", choices("headcount_source", today()))


class UnionForm(DeskForm):
    """What a union's papers say."""

    name = forms.CharField(label=_("名称"), max_length=120)
    uscc = forms.CharField(
        label=_("工会统一社会信用代码"), max_length=40, required=False, help_text=_("以 81 开头，没有可不填")
    )
    region = forms.ModelChoiceField(label=_("所在地区"), queryset=Region.objects.none(), required=False)
    keeps_own_funds = forms.BooleanField(label=_("单独建账"), required=False)

    FIELDS = ("name", "uscc", "region", "keeps_own_funds")

    def prepare(self) -> None:
        self.fields["region"].queryset = regions_near(self.subject)  # type: ignore[attr-defined]
        self.fill(**{name: getattr(self.subject, name) for name in self.FIELDS})


class ProposeUnionForm(UnionForm):
    """A new union below the subject."""

    kind = forms.ChoiceField(label=_("类型"), widget=forms.RadioSelect)
    joint_basis = forms.ChoiceField(label=_("联合方式"), choices=[("", _("不是联合工会")), *JointBasis.choices], required=False)
    field_order = ["name", "kind", "joint_basis", "region", "uscc", "keeps_own_funds"]

    def prepare(self) -> None:
        self.fields["region"].queryset = regions_near(self.subject)  # type: ignore[attr-defined]
        kinds = [(kind.value, kind.label) for kind in Kind if self.subject.kind in ALLOWED_UNDER[kind]]
        self.choose("kind", kinds)
        self.fill(kind=kinds[0][0] if kinds else "", region=self.subject.region)


class FoundUnionForm(ProposeUnionForm):
    """A new union with its approval in hand."""

    document = forms.CharField(label=_("批复文号"), max_length=60, required=False)
    on = DayField(label=_("批复日期"))
    field_order = [*ProposeUnionForm.field_order, "document", "on"]


class FoundForEmployerForm(DeskForm):
    """An employer's own union, founded and covering it in one step."""

    name = forms.CharField(label=_("工会名称"), max_length=120)
    uscc = forms.CharField(
        label=_("工会统一社会信用代码"), max_length=40, required=False, help_text=_("以 81 开头，没有可不填")
    )
    document = forms.CharField(label=_("批复文号"), max_length=60)
    on = DayField(label=_("批复日期"))

    def prepare(self) -> None:
        self.fill(name=f"{self.subject.name}工会")


class ApproveUnionForm(DeskForm):
    """The parent's approval."""

    document = forms.CharField(label=_("批复文号"), max_length=60, required=False)
    on = DayField(label=_("批复日期"))


class NoteToProposerForm(DeskForm):
    """Why it goes back."""

    note = forms.CharField(label=_("退回的原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ResubmitForm(DeskForm):
    """What was mended."""

    note = forms.CharField(label=_("补正说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class MoveUnionForm(DeskForm):
    """Another parent."""

    parent = RowPicker(label=_("新的上级工会"))
    since = DayField(label=_("从哪天起"))

    def prepare(self) -> None:
        kinds = ALLOWED_UNDER[self.subject.kind]
        rows = queries.parent_unions(self.actor, "register.move_union").filter(kind__in=kinds)
        self.offer("parent", rows.exclude(pk=self.subject.pk))


class DuplicatePicker(RowPicker):
    """A record that may have the same name as the other: its code and where it is held stand beside it."""

    def words(self, row: Any) -> str:
        return beside((row.name, row.uscc or _("无代码"), row.holder_name))


class MergeEmployerForm(DeskForm):
    """Into which record this one is merged."""

    kept = DuplicatePicker(
        label=_("保留哪条记录"), help_text=_("本条的联系人、覆盖、人数、职工都归到保留的一条，本条从此不计数")
    )

    def prepare(self) -> None:
        held = Employer.objects.changeable_by(self.actor, "register.merge_employers")
        rows = queries.employers(self.actor).filter(pk__in=held.values("pk")).exclude(state="merged")
        self.offer("kept", rows.exclude(pk=self.subject.pk))


class MergeUnionForm(DeskForm):
    """Into which record this one is merged."""

    kept = DuplicatePicker(
        label=_("保留哪条记录"), help_text=_("本条的下级、会员、单位、联系人都归到保留的一条，本条从此不计数")
    )

    def prepare(self) -> None:
        rows = Organisation.objects.changeable_by(self.actor, "register.merge_unions").active()
        rows = rows.filter(kind=self.subject.kind).exclude(pk=self.subject.pk)
        self.offer("kept", rows.annotate(holder_name=name_of("parent")))


class CoverForm(DeskForm):
    """Which union covers this employer."""

    union = RowPicker(label=_("由哪个工会覆盖"))
    extent = forms.ChoiceField(label=_("覆盖范围"), choices=Extent.choices, initial=Extent.WHOLE)
    since = DayField(label=_("从哪天起"))
    basis = forms.CharField(label=_("依据"), max_length=120, required=False)

    def prepare(self) -> None:
        rows = queries.covering_unions(self.actor)
        offered = rows if self.query or self.is_bound else rows.filter(kind__in=[Kind.JOINT, Kind.PROFESSION])
        self.offer("union", offered)


class CoverMoreForm(DeskForm):
    """Which employer this union covers as well."""

    employer = RowPicker(label=_("覆盖哪家单位"))
    since = DayField(label=_("从哪天起"))
    basis = forms.CharField(label=_("依据"), max_length=120, required=False)

    def prepare(self) -> None:
        rows = Employer.objects.changeable_by(self.actor, "register.cover_employer").eligible().uncovered()
        self.offer("employer", rows)


class EndForm(DeskForm):
    """A day and a reason."""

    on = DayField(label=_("日期"))
    reason = reason_field(_("原因"))


class RelocateForm(DeskForm):
    """Another street of the district."""

    region = forms.ModelChoiceField(label=_("迁往"), queryset=Region.objects.none())
    address = forms.CharField(label=_("新地址"), max_length=200, required=False)
    on = DayField(label=_("日期"))

    def prepare(self) -> None:
        here = territory(self.subject)
        rows = Region.objects.filter(level=Region.Level.STREET, has_union_territory=True)
        rows = rows.filter(parent=here.parent).exclude(pk=here.pk) if here else rows
        self.fields["region"].queryset = rows.order_by("code")  # type: ignore[attr-defined]


class HeadcountForm(DeskForm):
    """How many workers."""

    count = forms.IntegerField(label=_("职工人数"), min_value=0, max_value=1_000_000)
    source = forms.ChoiceField(label=_("来源"))
    on = DayField(label=_("从哪天起"))

    def prepare(self) -> None:
        self.choose("source", choices("headcount_source", today()))
        self.fill(count=self.subject.headcount)


class StrikeOffForm(DeskForm):
    """Why the employer should no longer count."""

    reason = forms.ChoiceField(label=_("原因"), widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=_("核实情况"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("何时、何人、用什么方法核实，结果如何"),
    )

    def prepare(self) -> None:
        self.choose("reason", choices("strike_off_reason", today()))


class ApproveStrikeOffForm(DeskForm):
    """The district's decision."""

    on = DayField(label=_("从哪天起剔除"))
    decision = forms.CharField(label=_("审核意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ReturnStrikeOffForm(DeskForm):
    """Why it goes back."""

    decision = forms.CharField(label=_("退回的原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(DeskForm):
    """Why it was a mistake."""

    reason = reason_field(_("误剔的原因"))


class ContactForm(DeskForm):
    """Somebody in a post."""

    post = forms.ChoiceField(label=_("职务"))
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    since = DayField(label=_("任职日期"))

    def prepare(self) -> None:
        self.choose("post", choices("post", today()))


class EndContactForm(DeskForm):
    """The first day without the post."""

    on = DayField(label=_("不再担任的日期"))


class RevealForm(DeskForm):
    """Why the full number is needed."""

    reason = forms.ChoiceField(label=_("事由"), widget=forms.RadioSelect, help_text=_("查看会留下记录"))

    def prepare(self) -> None:
        self.choose("reason", choices("reveal_reason", today()))


class StreetBoxes(forms.CheckboxSelectMultiple):
    """Boxes of which some are ticked already and closed."""

    settled: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.settled:
            option["attrs"] |= {"disabled": True, "checked": True}
        return option


class StreetsForm(DeskForm):
    """The streets and towns of a district whose unions are put on the register; those that have one are closed."""

    regions = forms.MultipleChoiceField(
        label=_("街道（乡镇）"), widget=StreetBoxes, error_messages={"required": _("请至少勾选一个街道（乡镇）")}
    )
    on = DayField(label=_("成立日期"), is_today=False, help_text=_("一次设立的先填同一个日期，例如其中最早的；以后可逐个更正"))
    document = forms.CharField(label=_("批复文号"), max_length=60, required=False, help_text=_("没有同一个文号的可不填"))

    def prepare(self) -> None:
        district: Organisation = self.subject
        self.known = {one.code: one for one in streets(district.region.code)} if district.region else {}
        unions = Organisation.objects.visible_to(self.actor).filter(kind=Kind.STREET, state="active")
        self.settled = frozenset(unions.filter(region__code__in=self.known).values_list("region__code", flat=True))
        self.choose("regions", [(code, one.name) for code, one in self.known.items()])
        self.fields["regions"].widget.settled = self.settled  # type: ignore[attr-defined]
        self.fill(regions=[code for code in self.known if code not in self.settled])

    def clean_regions(self) -> list[Region]:
        return [self.known[code] for code in self.cleaned_data["regions"] if code not in self.settled]
