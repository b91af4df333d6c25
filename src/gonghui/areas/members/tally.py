"""The tally of memberships."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gonghui.core.figures.tallies import Tally, once
from gonghui.core.organisations.models import Organisation


class MemberTally(Tally):
    """How many memberships begin and end to be held on a day, by union that manages them: what figures of members read."""

    source = "members.Spell"
    groups = ("managing", "street", "is_retained", "is_individual")

    managing = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    street = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    is_retained = models.BooleanField()
    is_individual = models.BooleanField()

    class Meta:
        verbose_name = _("会籍增减账")
        constraints = [once("members_tally_once", "managing", "street", "is_retained", "is_individual")]
        indexes = [models.Index(fields=["grain", "day"], name="members_tally_day")]
