"""The workbooks of members: the change sheet with its 20 columns, and the list that a personnel office keeps."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.core.people.models import Sex
from gonghui.core.reference.queries import choices
from gonghui.kit import identity
from gonghui.kit.columns import BadValue, Column, Sheet
from gonghui.kit.dates import today
from gonghui.kit.identity import DocumentKind
from gonghui.kit.intake import MOBILE, REPLACEMENT, SCIENTIFIC, Intake, Reader, day, words, yes_no
from gonghui.kit.names import normal
from gonghui.kit.text import plain

DATA = tomllib.loads((Path(__file__).parent.parent / "data" / "roster.toml").read_text(encoding="utf-8"))
HEADS: Mapping[str, Sequence[str]] = DATA["heads"]
MASK = "****"
LONGEST_NUMBER = 30


def personal_name(text: str) -> str:
    """A name as it is stored, with one kind of dot."""
    found = normal(words(60)(text))
    if not re.search(r"[^\W\d_]", found):
        raise BadValue(_now("姓名里没有文字，请核对"))
    return found


def personal_number(text: str) -> str:
    """A number without blanks and dashes, in capital letters. One that Excel has made a number of is named as such; none is repeated."""
    found = identity.compact(plain(text))
    if SCIENTIFIC.fullmatch(found):
        raise BadValue(_now("Excel 已把这个号码改成了科学计数，后几位丢了。请把这一列设为“文本”后重新填写"))
    if REPLACEMENT in found or not found or len(found) > LONGEST_NUMBER:
        raise BadValue(_now("这不像一个证件号码，请核对"))
    return found


def document_number(text: str) -> str:
    """The number of a document; whether it can be right is checked together with its kind. A masked one stays as it is."""
    return plain(text) if MASK in text else personal_number(text)


def mobile_number(text: str) -> str:
    """A mobile number; one masked as lists show it says nothing new."""
    if MASK in text:
        return plain(text)
    found = re.sub(r"[()]", "", personal_number(text)).removeprefix("+86")
    if not MOBILE.fullmatch(found):
        digits = sum(letter.isdigit() for letter in found)
        sentence = _now("手机号应为 11 位数字，以 13 至 19 开头；现在有 %(count)s 位数字，请核对")
        raise BadValue(sentence % {"count": digits})
    return found


def spoken(column: str) -> Reader:
    """A code of a column by the other words that people use for it."""
    known: dict[str, str] = {plain(word): code for code, alike in DATA["words"].get(column, {}).items() for word in alike}

    def read(text: str) -> str:
        return known.get(plain(text), text)

    return read


def coded(code: str, label: Any, options: Any, **more: Any) -> Column:
    """A column whose cells are one of a list."""
    return Column(code, label, intake=Intake(spoken(code), choices=options, heads=HEADS.get(code, ()), **more))


def listed(name: str) -> Callable[[Any], Any]:
    """A code list as choices."""
    return partial(_listed, name)


def _listed(name: str, actor: Any) -> Any:
    return choices(name, today())


def read_as(code: str, label: Any, reads: Reader, **more: Any) -> Column:
    """A column whose cells are read freely."""
    kind: Any = more.pop("kind", "text")
    return Column(code, label, kind=kind, intake=Intake(reads, heads=HEADS.get(code, ()), **more))


NUMBER = Column("number", _("序号"))
NAME = read_as("name", _("姓名"), personal_name, is_required=True)
DOCUMENT = read_as(
    "document",
    _("证件号码"),
    document_number,
    is_required=True,
    is_personal=True,
    hint=_("请先把这一列设为“文本”，再填号码"),
)
PERSONAL = (
    NUMBER,
    NAME,
    coded("sex", _("性别"), Sex.choices, hint=_("可以不填，取自居民身份证")),
    read_as("born_on", _("出生日期"), day, kind="date", hint=_("可以不填，取自居民身份证第 7 至 14 位")),
    read_as("ethnicity", _("民族"), words(20)),
    coded("work_state", _("就业状况"), listed("work_state")),
    coded("document_kind", _("有效证件类别"), DocumentKind.choices, hint=_("不填时按号码判断")),
    DOCUMENT,
    coded("education", _("学历"), listed("education")),
    coded("skill_level", _("技能等级"), listed("skill_level")),
    read_as("phone", _("移动电话"), mobile_number, is_personal=True),
    coded("household", _("户籍类型"), listed("household")),
    read_as("household_place", _("户籍所在地"), words(120)),
)
LAST = (
    coded("politics", _("政治面貌"), listed("politics")),
    read_as("workplace", _("工作单位"), words(120), hint=_("全称、统一社会信用代码都可以")),
    read_as("native_place", _("籍贯"), words(60)),
    read_as("is_migrant", _("是否农民工"), yes_no, kind="bool"),
)

ROSTER = Sheet(
    "members.roster",
    _("会员名册"),
    columns=(
        *PERSONAL,
        coded("change", _("会籍变化类型"), listed("membership_change"), hint=_("不填：新的人入会，已有的只更新资料")),
        read_as("change_on", _("会籍变化日期"), day, kind="date", hint=_("不填：今天")),
        coded("change_reason", _("会籍变化原因"), listed("change_reason")),
        *LAST,
    ),
    unit=_("人"),
)
"""The change sheet, its 20 columns in the order of the public form (member_roster_import)."""

STAFF = Sheet("members.staff", _("全员名单"), columns=(*PERSONAL, *LAST), unit=_("人"))
"""Everybody who works at a place, as its personnel office lists them."""
