"""A union (工会组织): from the city federation down to the smallest group."""

from collections.abc import Sequence
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.copying import insert_many, set_keys
from gonghui.core.actions.models import Public, ScopedQuerySet, tracked
from gonghui.core.actions.walls import Itself, below
from gonghui.core.reference.models import Region
from gonghui.kit import pinyin
from gonghui.kit.flow import Flow, State, Step


class Kind(models.TextChoices):
    """What kind of union it is. Federations of unions 工会联合会 and joint unions 联合工会 are different things."""

    CITY = "city", _("市总工会")
    DISTRICT = "district", _("区总工会")
    STREET = "street", _("街道（乡镇）总工会")
    SYSTEM = "system", _("系统工会")
    INDUSTRY = "industry", _("产业工会")
    FEDERATION = "federation_of_unions", _("工会联合会")
    OWN = "own", _("单独建会")
    JOINT = "joint", _("联合工会")
    PROFESSION = "profession", _("职业工会")
    BRANCH = "branch", _("分会")
    GROUP = "group", _("工会小组")


MANAGING = (Kind.CITY, Kind.DISTRICT, Kind.STREET, Kind.SYSTEM, Kind.INDUSTRY)
"""The kinds that found and supervise the unions below them, and stand as rows of the street grid."""
BASE = (Kind.OWN, Kind.JOINT, Kind.PROFESSION)
"""The kinds that workers are members of and that cover employers."""
DEPENDENT = (Kind.BRANCH, Kind.GROUP)
"""Parts of a base union: no code of their own, no fund account (seed S2: a branch cannot be a payer)."""


class JointBasis(models.TextChoices):
    """What brings the employers of a joint union together."""

    COMMUNITY = "community", _("社区")
    BUILDING = "building", _("楼宇")
    PARK = "park", _("园区")
    SECTOR = "sector", _("行业")


UNION_FLOW = Flow(
    "union",
    _("工会组织"),
    states=(
        State("proposed", _("待批复"), "warn", "hourglass"),
        State("returned", _("已退回"), "bad", "arrow-back-up"),
        State("active", _("正常"), "ok", "circle-check"),
        State("dissolved", _("已撤销"), "", "circle-minus"),
        State("merged", _("已合并"), "", "git-merge"),
    ),
    steps=(
        Step("propose", _("申请建会"), ("",), "proposed", "register.propose_union"),
        Step("resubmit", _("补正后再报"), ("returned",), "proposed", "register.resubmit_union", is_primary=True),
        Step(
            "approve",
            _("批复成立"),
            ("proposed",),
            "active",
            "register.approve_union",
            is_primary=True,
            clock="register.founding_review_days",
        ),
        Step("return", _("退回"), ("proposed",), "returned", "register.return_union"),
        Step("dissolve", _("撤销"), ("active",), "dissolved", "register.dissolve_union"),
        Step("merge", _("合并到…"), ("active",), "merged", "register.merge_unions"),
        Step("unmerge", _("拆开"), ("merged",), "active", "register.unmerge_unions"),
    ),
)


class OrganisationQuerySet(ScopedQuerySet["Organisation"]):
    """Words of the tree."""

    def active(self) -> "OrganisationQuerySet":
        return self.filter(state="active")

    def under(self, root: "Organisation") -> "OrganisationQuerySet":
        """The organisation and everything below it."""
        return self.filter(below([root.path]))

    def managing(self) -> "OrganisationQuerySet":
        return self.filter(kind__in=MANAGING)

    def named(self, text: str) -> "OrganisationQuerySet":
        """By part of the name, pinyin initials or code."""
        return self.filter(name_matches(text))


def name_matches(text: str) -> Q:
    """Part of the name, first letters of the pinyin, or part of the code; the same three for unions and employers."""
    text = pinyin.normal(text)
    condition = Q(name__contains=text)
    if text.isascii():
        condition |= Q(name_initials__contains=text.lower().replace(" ", "")) | Q(uscc__startswith=text.upper())
    return condition


@tracked(exclude=["name_pinyin", "name_initials"])
class Organisation(Public):
    """One union. `parent` manages it, `region` is where it stands: the two are asked apart."""

    wall = Itself()
    sentences = {
        "organisations_uscc_once": _("这个统一社会信用代码已被另一个工会使用，请核对"),
        "organisations_code_once": _("这个组织代码已被另一个工会使用"),
        "organisations_dependent_has_no_code": _("分会和工会小组没有自己的统一社会信用代码，也不单独建账"),
    }
    objects: ClassVar[OrganisationQuerySet] = OrganisationQuerySet.as_manager()  # type: ignore[assignment]

    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类型"), max_length=24, choices=Kind.choices)
    joint_basis = models.CharField(_("联合方式"), max_length=12, choices=JointBasis.choices, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name=_("上级工会"))
    path = models.CharField(max_length=240, unique=True, editable=False, db_collation="C")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所在地区"))
    code = models.CharField(_("组织代码"), max_length=20, null=True, blank=True)
    uscc = models.CharField(_("工会统一社会信用代码"), max_length=18, null=True, blank=True)
    keeps_own_funds = models.BooleanField(_("单独建账"), default=False)
    state = models.CharField(_("状态"), max_length=12, choices=UNION_FLOW.choices)
    proposed_on = models.DateField(_("申请日期"), null=True, blank=True)
    founded_on = models.DateField(_("批复日期"), null=True, blank=True)
    approval_document = models.CharField(_("批复文号"), max_length=60, blank=True)
    dissolved_on = models.DateField(_("撤销日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("并入"))
    name_pinyin = models.CharField(max_length=120, editable=False, db_collation="C")
    name_initials = models.CharField(max_length=120, editable=False)
    is_synthetic = models.BooleanField(_("合成数据"), default=False, editable=False)

    class Meta:
        verbose_name = _("工会组织")
        ordering = ["name_pinyin", "pk"]
        indexes = [
            GinIndex(OpClass(F("name"), name="gin_trgm_ops"), name="organisations_name_trgm"),
            GinIndex(OpClass(F("name_initials"), name="gin_trgm_ops"), name="organisations_initials_trgm"),
            models.Index(fields=["name_pinyin", "id"], name="organisations_in_order"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["uscc"], name="organisations_uscc_once"),
            models.UniqueConstraint(fields=["code"], name="organisations_code_once"),
            models.CheckConstraint(condition=Q(state__in=UNION_FLOW.codes), name="organisations_state_legal"),
            models.CheckConstraint(
                condition=~Q(kind__in=DEPENDENT) | Q(uscc=None, keeps_own_funds=False),
                name="organisations_dependent_has_no_code",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keeps the pinyin keys and, for a new row, the path that its parent gives it."""
        self.key_names()
        fields = kwargs.get("update_fields")
        if isinstance(fields, list) and "name" in fields:
            kwargs["update_fields"] = [*fields, "name_pinyin", "name_initials"]
        if self.pk is None:
            self.pk = next_id()
            self.hang()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def key_names(self) -> None:
        """Sets the pinyin keys; for whoever writes without `save`."""
        self.name_pinyin, self.name_initials = pinyin.full(self.name), pinyin.initials(self.name)

    def hang(self) -> None:
        """Sets the path of a new union with a key, below its parent's."""
        self.path = f"{self.parent.path if self.parent else ''}{self.pk}."

    @property
    def holder_id(self) -> int:
        """A union holds its own record."""
        return int(self.pk)

    @property
    def is_managing(self) -> bool:
        return self.kind in MANAGING

    def ancestor_ids(self) -> list[int]:
        """From the root down to itself."""
        return [int(part) for part in self.path.split(".") if part]


def insert_unions(unions: Sequence[Organisation]) -> None:
    """Inserts new unions, whose parents are there already, as `save` does with each."""
    set_keys(Organisation, unions)
    for union in unions:
        union.key_names()
        union.hang()
    insert_many(unions)


def next_id() -> int:
    """The next key; the path holds it, so it must be known before the insert that the wall checks."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('organisations_organisation', 'id'))")
        return int((cursor.fetchone() or (0,))[0])
