"""A person (人员), whether member or not; identity numbers and telephone numbers are sealed and shown masked."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.holders import path_field
from gonghui.core.actions.merging import DistinctRecord, MergeRecord
from gonghui.core.actions.models import Public, ScopedQuerySet, tracked
from gonghui.core.actions.walls import Own, Part
from gonghui.core.organisations.models import Organisation
from gonghui.kit import ciphers, names
from gonghui.kit.identity import Document, DocumentKind


class Sex(models.TextChoices):
    """As the identity document says."""

    MALE = "male", _("男")
    FEMALE = "female", _("女")


PHONE_COLUMNS = ("phone_sealed", "phone_index", "phone_masked")


class PersonQuerySet(ScopedQuerySet["Person"]):
    """Words of the list of persons."""

    def named(self, text: str) -> "PersonQuerySet":
        """By part of the name, with any dot between its parts, or the first letters of the pinyin."""
        text = names.normal(text)
        if text.isascii():
            return self.filter(name_initials__contains=text.lower().replace(" ", ""))
        return self.filter(name__contains=text)

    def with_phone(self, number: str) -> "PersonQuerySet":
        return self.filter(phone_index=Person.index_of(number))


@tracked(exclude=["name_pinyin", "name_initials", "phone_sealed", "phone_index"])
class Person(Public):
    """Somebody the system knows. Kept by the union he is a member of, else by the one that answers for where he works."""

    wall = Own(organisation="organisation", person="id")
    objects: ClassVar[PersonQuerySet] = PersonQuerySet.as_manager()  # type: ignore[assignment]

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people", verbose_name=_("所在工会"))
    organisation_path = path_field()
    name = models.CharField(_("姓名"), max_length=60)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex.choices, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    document_masked = models.CharField(_("证件号码"), max_length=20, blank=True, editable=False)
    phone_sealed = models.BinaryField(default=b"")
    phone_index = models.CharField(max_length=64, blank=True, editable=False)
    phone_masked = models.CharField(_("手机号"), max_length=20, blank=True)
    ethnicity = models.CharField(_("民族"), max_length=20, blank=True)
    education = models.CharField(_("学历"), max_length=20, blank=True)
    politics = models.CharField(_("政治面貌"), max_length=20, blank=True)
    household = models.CharField(_("户籍类型"), max_length=20, blank=True)
    household_place = models.CharField(_("户籍所在地"), max_length=120, blank=True)
    native_place = models.CharField(_("籍贯"), max_length=60, blank=True)
    skill_level = models.CharField(_("技能等级"), max_length=20, blank=True)
    is_migrant = models.BooleanField(_("农民工"), default=False)
    special_groups = ArrayField(models.CharField(max_length=20), verbose_name=_("特殊群体"), default=list, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("并入"))
    name_pinyin = models.CharField(max_length=120, editable=False, db_collation="C")
    name_initials = models.CharField(max_length=120, editable=False)
    is_synthetic = models.BooleanField(_("合成数据"), default=False, editable=False)

    class Meta:
        verbose_name = _("人员")
        ordering = ["name_pinyin", "pk"]
        indexes = [
            GinIndex(OpClass(F("name"), name="gin_trgm_ops"), name="people_person_name_trgm"),
            GinIndex(OpClass(F("name_initials"), name="gin_trgm_ops"), name="people_person_init_trgm"),
            models.Index(fields=["name_pinyin", "id"], name="people_person_in_order"),
            models.Index(fields=["organisation_path"], name="people_person_kept"),
            models.Index(fields=["phone_index"], condition=~models.Q(phone_index=""), name="people_person_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holder_id(self) -> int:
        return self.organisation_id

    @staticmethod
    def index_of(number: str) -> str:
        """What equal telephone numbers have in common."""
        return ciphers.blind_index(number, of="people_person.phone")

    @property
    def phone_columns(self) -> dict[str, Any]:
        """What `set_phone` sets, by column: to be saved together."""
        return {name: getattr(self, name) for name in PHONE_COLUMNS}

    @property
    def _bound_to(self) -> str:
        return f"people_person.phone_sealed:{self.public_id}"

    def set_phone(self, number: str) -> None:
        """Seals the number, keeps its mask and what finds it again; an empty one clears it."""
        self.phone_sealed = ciphers.seal(number, bound_to=self._bound_to) if number else b""
        self.phone_masked = ciphers.masked_phone(number) if number else ""
        self.phone_index = self.index_of(number) if number else ""

    def phone(self) -> str:
        """The number itself: for `reveal` and for messages to the person only."""
        return ciphers.unseal(bytes(self.phone_sealed), bound_to=self._bound_to) if self.phone_sealed else ""

    def key_names(self) -> None:
        """Sets the name as it is stored, and its pinyin keys; for whoever writes without `save`."""
        self.name = names.normal(self.name)
        self.name_pinyin, self.name_initials = names.keys(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key_names()
        if "name" in (fields := kwargs.get("update_fields") or []):
            kwargs["update_fields"] = [*fields, "name_pinyin", "name_initials"]
        super().save(*args, **kwargs)


@tracked(exclude=["number_sealed", "number_index"])
class IdentityDocument(Public):
    """A document that says who a person is. One number is one person's; a person may have several."""

    wall = Part("person")
    sentences = {"people_identity_once": _("这个证件号码已经登记。请核对号码；无误时请联系区总工会核实")}

    person = models.ForeignKey(Person, models.PROTECT, related_name="documents", verbose_name=_("人员"))
    kind = models.CharField(_("证件类别"), max_length=16, choices=DocumentKind.choices)
    number_sealed = models.BinaryField()
    number_index = models.CharField(max_length=64, editable=False)
    masked = models.CharField(_("证件号码"), max_length=20)
    recorded_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("身份证件")
        constraints = [models.UniqueConstraint(fields=["number_index"], name="people_identity_once")]

    def __str__(self) -> str:
        return self.masked

    @staticmethod
    def index_of(document: Document) -> str:
        """What equal numbers of one kind have in common."""
        return ciphers.blind_index(f"{document.kind}:{document.number}", of="people_identitydocument.number")

    @property
    def _bound_to(self) -> str:
        return f"people_identitydocument.number_sealed:{self.public_id}"

    @classmethod
    def of(cls, person: Person, document: Document) -> "IdentityDocument":
        """The row of a checked document, sealed, not yet saved."""
        row = cls(person=person, kind=document.kind, masked=document.masked, number_index=cls.index_of(document))
        row.number_sealed = ciphers.seal(document.number, bound_to=row._bound_to)
        return row

    def number(self) -> str:
        """The number itself: for `reveal` only."""
        return ciphers.unseal(bytes(self.number_sealed), bound_to=self._bound_to)

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return _now("%(kind)s %(number)s") % {"kind": DocumentKind(event.kind).label, "number": event.masked}


@tracked()
class Merge(MergeRecord):
    """Two records of one person were made one: what was carried over, what was filled in, and how it was before."""

    wall = Part("kept", "dropped")

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("保留的记录"))
    dropped = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("并入的记录"))
    carried = models.JSONField(default=dict)  # table → keys of the rows that moved
    filled = models.JSONField(default=list)  # columns of the kept one that were empty before
    before = models.JSONField(default=dict)  # columns of the kept one that said something else before

    class Meta(MergeRecord.Meta):
        verbose_name = _("人员合并")


@tracked()
class Distinct(DistinctRecord):
    """Two persons of whom somebody has found that they are not the same, so that nobody is asked again."""

    wall = Part("one", "other")

    one = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("甲"))
    other = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("乙"))

    class Meta:
        verbose_name = _("不是同一个人")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="people_distinct_once"),
            models.CheckConstraint(condition=models.Q(one__lt=F("other")), name="people_distinct_in_order"),
        ]
