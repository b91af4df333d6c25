"""What may be done to many employers at once, through the actions that do it to one."""

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register import actions, forms
from gonghui.areas.register.models import Employer
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.reference.models import Region
from gonghui.web.bulk import Before, BulkStep, Given, register
from gonghui.web.forms import DayField, DeskForm

ALREADY = _("已经是这样登记的")
TOUCHED = _("办理之后又有改动，请逐家更正")
FINAL = _("这一项不能整批撤销，有错要逐家更正。")


class PartyForm(DeskForm):
    """Whether the employers have a party organisation."""

    has_party_organisation = django_forms.ChoiceField(
        label=_("党组织"), choices=[("1", _("有党组织")), ("0", _("没有党组织"))], widget=django_forms.RadioSelect
    )

    def clean_has_party_organisation(self) -> bool:
        return bool(self.cleaned_data["has_party_organisation"] == "1")


class RelocateManyForm(DeskForm):
    """To which street the employers have moved."""

    region = django_forms.ModelChoiceField(label=_("迁往"), queryset=Region.objects.none())
    on = DayField(label=_("日期"))

    def prepare(self) -> None:
        field: Any = self.fields["region"]
        field.queryset = Region.objects.filter(level=Region.Level.STREET, has_union_territory=True).order_by("code")


def set_party(employer: Employer, actor: Actor, given: Given) -> None:
    """Notes whether there is a party organisation; an employer that says so already is left alone."""
    if employer.has_party_organisation == given["has_party_organisation"]:
        raise Refused(ALREADY)
    actions.edit_employer(employer, actor=actor, **given)


def unset_party(employer: Employer, actor: Actor, before: Before, given: Given) -> None:
    """The former entry again."""
    if employer.has_party_organisation != given["has_party_organisation"]:
        raise Refused(TOUCHED)
    actions.edit_employer(employer, actor=actor, has_party_organisation=before["has_party_organisation"])


def relocate_back(employer: Employer, actor: Actor, before: Before, given: Given) -> None:
    """Back to the former street, from the same day on."""
    former = Region.objects.filter(pk=before["region"]).first()
    if employer.region_id != given["region"].pk or former is None:
        raise Refused(TOUCHED)
    actions.relocate_employer(employer, actor=actor, region=former, on=given["on"])


PARTY = BulkStep(
    "party",
    _("登记党组织"),
    "register.edit_employer",
    PartyForm,
    set_party,
    "flag",
    before=lambda employer: {"has_party_organisation": employer.has_party_organisation},
    undo=unset_party,
)
COVER = BulkStep(
    "cover",
    _("由工会覆盖"),
    "register.cover_employer",
    forms.CoverForm,
    lambda employer, actor, given: actions.cover_employer(employer, actor=actor, **given),
    "users",
    note=FINAL,
)
RELOCATE = BulkStep(
    "relocate",
    _("迁往其他街道"),
    "register.relocate_employer",
    RelocateManyForm,
    lambda employer, actor, given: actions.relocate_employer(employer, actor=actor, **given),
    "walk",
    before=lambda employer: {"region": employer.region_id},
    undo=relocate_back,
)
STRIKE_OFF = BulkStep(
    "strike-off",
    _("申报剔除"),
    "register.propose_strike_off",
    forms.StrikeOffForm,
    lambda employer, actor, given: actions.propose_strike_off(employer, actor=actor, **given),
    "ban",
    note=FINAL,
)


def connect() -> None:
    """Gives the list of employers its verbs, once."""
    register("list:register.employers", "register:employer", PARTY, COVER, RELOCATE, STRIKE_OFF)
