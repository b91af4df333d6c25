"""The papers and persons of a founding, and where the letters of a federation come from."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.models.prospects import Prospect
from gonghui.areas.unionbuilding.rules.founding import Meeting, PaperKind, Post, Tie
from gonghui.core.actions.dated import once_a_day
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, tracked
from gonghui.core.actions.walls import Held, Part
from gonghui.core.files.models import StoredFile
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import Sex
from gonghui.kit import ciphers


@tracked(exclude=["account_sealed"])
class Founding(Public):
    """How one employer comes to its own union: what each step has put down, from the approval of the preparation to the account.

    Seen with the employer, so that a prospect that is published while it may be claimed publishes nothing of it. The number of the
    account is sealed and shown masked.
    """

    wall = Part("employer")
    sentences = {"unionbuilding_founding_once": _("这个单位已在筹备建会")}

    prospect = models.OneToOneField(Prospect, models.PROTECT, related_name="founding", verbose_name=_("建会对象"))
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="foundings", verbose_name=_("用人单位"))
    union_name = models.CharField(_("工会名称"), max_length=120)
    head = models.CharField(_("筹备组组长"), max_length=60)
    group = models.CharField(_("筹备组成员"), max_length=300, blank=True)
    members = models.PositiveIntegerField(_("会员人数"))
    women = models.PositiveIntegerField(_("女职工人数"))
    dispatched = models.PositiveIntegerField(_("劳务派遣职工人数"), null=True, blank=True)
    hosts = models.CharField(_("用工单位"), max_length=300, blank=True)
    seats = models.PositiveIntegerField(_("委员会名额"))
    preparation_document = models.CharField(_("筹建批复文号"), max_length=60)
    preparation_on = models.DateField(_("筹建批复日期"))
    reviewed_on = models.DateField(_("候选人审核日期"), null=True, blank=True)
    meeting = models.CharField(_("选举形式"), max_length=12, choices=Meeting.choices, blank=True)
    election_on = models.DateField(_("选举日期"), null=True, blank=True)
    due = models.PositiveIntegerField(_("应到人数"), null=True, blank=True)
    present = models.PositiveIntegerField(_("实到人数"), null=True, blank=True)
    result_document = models.CharField(_("选举结果批复文号"), max_length=60, blank=True)
    result_on = models.DateField(_("选举结果批复日期"), null=True, blank=True)
    union = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="foundings", verbose_name=_("新建工会")
    )
    counts_from = models.DateField(_("建会日期"), null=True, blank=True)
    certificate = models.CharField(_("法人资格证书号"), max_length=40, blank=True)
    registered_on = models.DateField(_("法人登记日期"), null=True, blank=True)
    bank = models.CharField(_("开户银行"), max_length=80, blank=True)
    account_sealed = models.BinaryField(default=b"")
    account_masked = models.CharField(_("账号"), max_length=40, blank=True)
    account_on = models.DateField(_("开户日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("建会")
        constraints = [
            models.CheckConstraint(
                condition=Q(present=None) | Q(present__lte=models.F("due")), name="unionbuilding_founding_present_of_due"
            )
        ]

    def __str__(self) -> str:
        return self.union_name

    @property
    def _bound_to(self) -> str:
        return f"unionbuilding_founding.account_sealed:{self.public_id}"

    def set_account(self, number: str) -> None:
        """Seals the number of the bank account and keeps its last four digits."""
        self.account_sealed = ciphers.seal(number, bound_to=self._bound_to) if number else b""
        self.account_masked = f"**** {number[-4:]}" if number else ""

    def account(self) -> str:
        """The number itself: for `reveal_account` only."""
        return ciphers.unseal(bytes(self.account_sealed), bound_to=self._bound_to) if self.account_sealed else ""


@tracked()
class Candidate(Public):
    """Somebody who stands for a post in the union to be; after the election with the votes and whether he was elected."""

    wall = Part("founding")
    sentences = {"unionbuilding_candidate_once": _("这个人已经是这个职务的候选人")}

    founding = models.ForeignKey(Founding, models.CASCADE, related_name="candidates", verbose_name=_("建会过程"))
    name = models.CharField(_("姓名"), max_length=60)
    sex = models.CharField(_("性别"), max_length=8, choices=Sex.choices)
    post = models.CharField(_("拟任职务"), max_length=16, choices=Post.choices)
    job = models.CharField(_("行政职务"), max_length=60, blank=True)
    is_party_member = models.BooleanField(_("中共党员"), default=False)
    tie = models.CharField(_("与单位负责人的关系"), max_length=12, choices=Tie.choices, default=Tie.NONE)
    reason = models.CharField(_("推荐理由"), max_length=200, blank=True)
    votes = models.PositiveIntegerField(_("得票"), null=True, blank=True)
    is_elected = models.BooleanField(_("当选"), default=False)

    class Meta:
        verbose_name = _("候选人")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["founding", "name", "post"], name="unionbuilding_candidate_once")]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_post_display()}）"

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return _now("%(post)s候选人 %(name)s") % {"post": Post(event.post).label, "name": event.name}


@tracked()
class Paper(Public):
    """A letter of a founding as it was drawn up: the file is a Word document that its maker may still correct by hand before it goes out."""

    wall = Part("employer")

    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="papers", verbose_name=_("建会对象"))
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="papers", verbose_name=_("用人单位"))
    kind = models.CharField(_("文书"), max_length=16, choices=PaperKind.choices)
    document = models.CharField(_("文号"), max_length=60, blank=True)
    drawn_on = models.DateField(_("生成日期"))
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+", verbose_name=_("文件"))

    class Meta:
        verbose_name = _("建会文书")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return f"{PaperKind(event.kind).label} {event.document}".strip()


@tracked()
class LetterTemplate(Public):
    """A federation's own template for a letter, from a day on; without one, that of the union above, else the one that is shipped."""

    wall = Held("organisation")
    sentences = {"unionbuilding_letter_template_once": _("这些日子里已有另一个模板，请核对日期")}
    holder_name: str  # as read by queries.letter_templates

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("工会组织"))
    organisation_path = path_field()
    kind = models.CharField(_("文书"), max_length=16, choices=PaperKind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("模板文件"))
    placeholders = models.JSONField(_("用到的栏目"), default=list)
    valid = DateRangeField(_("有效期"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("上传人"))

    class Meta:
        verbose_name = _("文书模板")
        ordering = ["organisation_path", "kind"]
        constraints = [once_a_day("unionbuilding_letter_template_once", "organisation", "kind")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def holder_id(self) -> int:
        return self.organisation_id
