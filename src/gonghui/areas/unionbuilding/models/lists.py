"""Lists of firms that come from elsewhere: dated editions, the firms in them, what they paid, in what they differ from the edition before."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.areas.unionbuilding.rules import EDITION_FLOW, DifferenceKind, Fee, ListKind
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, Scoped, ScopedQuerySet, tracked
from gonghui.core.actions.walls import Held, Part, Published
from gonghui.core.organisations.models import Organisation
from gonghui.kit import ciphers

MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}  # yuan


@tracked(exclude=["progress"])
class Edition(Public):
    """A list of firms as it was on a day (名单版次). Who loaded it holds it; once it is matched, everybody may know that it is there."""

    wall = Published(when=Q(state="matched"))
    holder_name: str  # as read by queries.editions

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("载入工会"))
    organisation_path = path_field()
    kind = models.CharField(_("名单种类"), max_length=8, choices=ListKind.choices)
    as_of = models.DateField(_("截至日期"))
    state = models.CharField(_("状态"), max_length=8, choices=EDITION_FLOW.choices, default="loaded")
    batch_code = models.UUIDField(pgettext_lazy("noun", "导入"), unique=True, editable=False)
    lines = models.PositiveIntegerField(_("行数"))
    firms = models.PositiveIntegerField(_("家数"))
    loaded_on = models.DateField(_("载入日期"))
    matched_on = models.DateField(_("比对日期"), null=True)
    expected_precision = models.DecimalField(_("预计准确率"), max_digits=5, decimal_places=2, null=True)  # per cent
    headcounts_on = models.DateField(_("人数采用日期"), null=True)
    telephones_on = models.DateField(_("电话采用日期"), null=True)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent of a matching under way
    problem = models.CharField(_("原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("名单版次")
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EDITION_FLOW.codes), name="unionbuilding_edition_state_legal")
        ]
        indexes = [models.Index(fields=["organisation_path", "kind", "-as_of"], name="unionbuilding_edition_latest")]

    def __str__(self) -> str:
        return _now("%(kind)s（%(day)s）") % {"kind": self.get_kind_display(), "day": self.as_of}

    @property
    def holder_id(self) -> int:
        return self.organisation_id


class EntryQuerySet(ScopedQuerySet["Entry"]):
    """Words of the list of a list's firms."""

    def named(self, text: str) -> "EntryQuerySet":
        return self.filter(Q(name__contains=text) | Q(code__startswith=text.upper()))


class Entry(Public):
    """One firm in one edition, as the list names it. Held by the union of its street where the list says one, else by who loaded it.

    Never changed: another edition has another entry, and the firm is known again by its `key`.
    """

    wall = Held("organisation")
    objects: ClassVar[EntryQuerySet] = EntryQuerySet.as_manager()  # type: ignore[assignment]
    holder_name: str  # as read by queries.entries

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="entries", verbose_name=_("名单版次"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("工会组织"))
    organisation_path = path_field()
    key = models.CharField(max_length=140, editable=False, db_collation="C")
    code = models.CharField(_("代码"), max_length=20, blank=True)
    name = models.CharField(_("名称"), max_length=120)
    former_names = ArrayField(models.CharField(max_length=120), verbose_name=_("曾用名"), default=list)
    legal_person = models.CharField(_("法定代表人"), max_length=60, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    street_text = models.CharField(_("街道"), max_length=60, blank=True)
    industry = models.CharField(_("行业"), max_length=60, blank=True)
    standing = models.CharField(_("登记状态"), max_length=20, blank=True)
    founded_on = models.DateField(_("成立日期"), null=True)
    headcount = models.PositiveIntegerField(_("从业人数"), null=True)
    funds_paid = models.DecimalField(_("实缴工会经费"), **MONEY, default=0)
    reserve_paid = models.DecimalField(_("实缴建会筹备金"), **MONEY, default=0)
    phone_sealed = models.BinaryField(default=b"")
    phone_masked = models.CharField(_("电话"), max_length=20, blank=True)
    phone_index = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("名单企业")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="unionbuilding_entry_once")]
        indexes = [
            models.Index(fields=["organisation_path"], name="unionbuilding_entry_held"),
            models.Index(fields=["edition", "headcount"], name="unionbuilding_entry_size"),
            models.Index(fields=["edition", "phone_index"], name="unionbuilding_entry_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holder_id(self) -> int:
        return self.organisation_id

    @staticmethod
    def index_of(number: str) -> str:
        """By which equal telephones are found without opening one."""
        return ciphers.blind_index(number, of="unionbuilding_entry.phone")

    def set_phone(self, number: str) -> None:
        """Seals the number, keeps its mask and its index."""
        bound_to = f"unionbuilding_entry.phone_sealed:{self.public_id}"
        self.phone_sealed = ciphers.seal(number, bound_to=bound_to) if number else b""
        self.phone_masked = ciphers.masked_phone(number) if number else ""
        self.phone_index = self.index_of(number) if number else ""

    def phone(self) -> str:
        """The number itself."""
        bound_to = f"unionbuilding_entry.phone_sealed:{self.public_id}"
        return ciphers.unseal(bytes(self.phone_sealed), bound_to=bound_to) if self.phone_sealed else ""


class Payment(Scoped):
    """What a firm of a tax list owed and paid of one fee for one period, in yuan."""

    wall = Part("entry")

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="payments", verbose_name=_("名单企业"))
    fee = models.CharField(_("费种"), max_length=8, choices=Fee.choices)
    since = models.DateField(_("所属期起"))
    until = models.DateField(_("所属期止"))
    base = models.DecimalField(_("缴费基数"), **MONEY, null=True)
    due = models.DecimalField(_("应缴"), **MONEY, null=True)
    paid = models.DecimalField(_("实缴"), **MONEY, default=0)
    received_on = models.DateField(_("入库日期"), null=True)

    class Meta:
        verbose_name = _("缴费")
        ordering = ["-since", "fee"]
        constraints = [models.UniqueConstraint(fields=["entry", "fee", "since"], name="unionbuilding_payment_once")]


class Difference(Public):
    """One thing in which an edition differs from the one before; made anew whenever either changes its place in time."""

    wall = Held("organisation")
    employer: Any  # as read by queries.differences

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="differences", verbose_name=_("名单版次"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("工会组织"))
    organisation_path = path_field()
    kind = models.CharField(_("变化"), max_length=8, choices=DifferenceKind.choices)
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+", verbose_name=_("名单企业"))
    former = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+", verbose_name=_("上一版次"))
    name = models.CharField(_("名称"), max_length=120)
    headcount = models.PositiveIntegerField(_("从业人数"), null=True)
    old = models.CharField(_("原来"), max_length=200, blank=True)
    new = models.CharField(_("现在"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("名单变化")
        ordering = ["-headcount", "pk"]
        indexes = [
            models.Index(fields=["edition", "kind"], name="unionbuilding_diff_kind"),
            models.Index(fields=["organisation_path"], name="unionbuilding_diff_held"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holder_id(self) -> int:
        return self.organisation_id
