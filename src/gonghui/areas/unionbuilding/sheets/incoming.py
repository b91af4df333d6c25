"""The workbooks of other authorities: what the tax office, the register of legal persons and others send."""

import re
import tomllib
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding.rules import Fee, ListKind
from gonghui.kit.columns import BadValue, Column, Sheet
from gonghui.kit.intake import Intake, Reader, code, day, money, period, phone, whole, words
from gonghui.kit.text import plain

DATA = tomllib.loads((Path(__file__).parent.parent / "data" / "workbooks.toml").read_text(encoding="utf-8"))
HEADS = DATA["heads"]
FEES: dict[str, str] = {plain(word): fee for fee, alike in DATA["words"]["fee"].items() for word in alike}
LONGEST_CODE = 20  # taxpayer numbers of old forms


def listed_code(text: str) -> str:
    """A code as another authority writes it: a credit code, or an older number of the tax office. Whether it can be right is not judged,
    since lists have slips and comparing knows them."""
    if len(found := code(text)) > LONGEST_CODE:
        raise BadValue(_now("代码最多 %(most)s 位，现在是 %(count)s 位") % {"most": LONGEST_CODE, "count": len(found)})
    return found


def listed_phone(text: str) -> str:
    """The first number in a cell that can be one; nothing where there is none, since no list is refused for its telephones."""
    for part in re.split(r"[/;,、；，\s]|转", plain(text)):
        try:
            return phone(part)
        except BadValue:
            continue
    return ""


def fee_words(text: str) -> str:
    """The code of a fee by the words that people use for it."""
    return FEES.get(plain(text), text)


def several(text: str) -> list[str]:
    """Names one after another."""
    found = [name for one in re.split(r"[;；、\n]", text) if (name := words(120)(one))]
    return list(dict.fromkeys(found))


def read_as(column: str, label: Any, reads: Reader, kind: Any = "text", **more: Any) -> Column:
    """A column of such a workbook."""
    return Column(column, label, kind=kind, intake=Intake(reads, heads=HEADS.get(column, ()), **more))


CODE = read_as("code", _("代码或税号"), listed_code, hint=_("请把这一列设为“文本”"))
NAME = read_as("name", _("名称"), words(120), is_required=True)
STREET = read_as("street_text", _("街道"), words(60))
PHONE = read_as("phone", _("电话"), listed_phone, is_personal=True)
HEADCOUNT = read_as("headcount", _("从业人数"), whole, "number")

TAX_LIST = Sheet(
    "unionbuilding.tax_list",
    _("税务代收名单"),
    columns=(
        CODE,
        NAME,
        read_as("period", _("所属期"), period, is_required=True, hint=_("写成 2026-09 或 2026-07-01至2026-09-30")),
        read_as("base", _("缴费基数"), money, "number"),
        read_as("due", _("应缴"), money, "number"),
        read_as("paid", _("实缴"), money, "number"),
        read_as("received_on", _("入库日期"), day, "date"),
        Column("fee", _("费种"), intake=Intake(fee_words, heads=HEADS["fee"], choices=Fee.choices, hint=_("不填为工会经费"))),
        STREET,
        HEADCOUNT,
        PHONE,
    ),
    unit=_("行"),
)
FIRM = (
    CODE,
    NAME,
    read_as("former_names", _("曾用名"), several),
    read_as("legal_person", _("法定代表人"), words(60)),
    read_as("address", _("地址"), words(200)),
    STREET,
    read_as("industry", _("行业"), words(60)),
    HEADCOUNT,
    read_as("founded_on", _("成立日期"), day, "date"),
    read_as("standing", _("登记状态"), words(20)),
    PHONE,
)
ENTERPRISE_LIST = Sheet("unionbuilding.enterprise_list", _("法人登记名单"), columns=FIRM, unit=_("家"))
OTHER_LIST = Sheet("unionbuilding.other_list", _("其他企业名单"), columns=FIRM, unit=_("家"))
INCOMING = {ListKind.TAX: TAX_LIST, ListKind.REGISTRY: ENTERPRISE_LIST, ListKind.OTHER: OTHER_LIST}
