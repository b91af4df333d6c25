"""What the newest tax list and the register do not agree about."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.models.lists import MONEY, Edition, Entry
from gonghui.areas.unionbuilding.rules import TAX_MATTER_FLOW, TaxMatterKind
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, tracked
from gonghui.core.actions.walls import Held
from gonghui.core.organisations.models import Organisation


@tracked()
class TaxMatter(Public):
    """One thing in which payments and register disagree, for the street to answer (税务核对事项).

    Of a firm in the list (`entry`), of an employer on the register, or of both.
    """

    wall = Held("organisation")
    holder_name: str  # as read by queries.tax_matters

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="tax_matters", verbose_name=_("名单版次"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("答复工会"))
    organisation_path = path_field()
    kind = models.CharField(_("事项"), max_length=8, choices=TaxMatterKind.choices)
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+", verbose_name=_("名单企业"))
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, related_name="+", verbose_name=_("用人单位"))
    name = models.CharField(_("名称"), max_length=120)
    headcount = models.PositiveIntegerField(_("职工人数"), null=True)
    paid = models.DecimalField(_("实缴"), **MONEY, default=0)
    unpaid_periods = models.PositiveSmallIntegerField(_("未缴期数"), null=True)
    state = models.CharField(_("状态"), max_length=8, choices=TAX_MATTER_FLOW.choices, default="open")
    answer = models.CharField(_("答复"), max_length=20, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("答复人")
    )
    answered_on = models.DateField(_("答复日期"), null=True)

    class Meta:
        verbose_name = _("税务核对事项")
        ordering = ["-headcount", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TAX_MATTER_FLOW.codes), name="unionbuilding_tax_matter_state_legal")
        ]
        indexes = [models.Index(fields=["organisation_path", "state"], name="unionbuilding_matter_held")]

    def __str__(self) -> str:
        return self.name

    @property
    def holder_id(self) -> int:
        return self.organisation_id
