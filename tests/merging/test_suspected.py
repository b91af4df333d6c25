"""Which records are suggested as duplicates, and why."""

from typing import Any

from gonghui.areas.register.actions import (
    add_contact,
    merge_unions,
    tell_employers_apart,
    tell_unions_apart,
)
from gonghui.areas.register.duplicates import suspected_employers, suspected_unions
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Kind
from gonghui.kit.uscc import check_character
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.merging.records import CODE, OTHER_CODE, entered, own_union


def suspected(found: list[Any]) -> list[tuple[set[str], str]]:
    return [({str(one.one), str(one.other)}, one.words) for one in found]


def test_employers_are_suspected_by_simple_keys(cast: Cast) -> None:
    rows: list[tuple[str, dict[str, Any]]] = [
        ("北京宏达商贸有限公司", {"uscc": CODE}),
        ("宏达商贸公司", {}),
        ("天成餐饮有限公司", {"values": {"former_names": ["地久餐饮有限公司"]}}),
        ("地久餐饮有限公司", {}),
        ("改了名的书店", {"uscc": OTHER_CODE}),
        ("原来的书店", {"uscc": (code := "51110101MA0000002") + check_character(code)}),
        ("北京鸿达商贸有限公司", {}),  # sounds like the first, no more
    ]
    for name, more in rows:
        entered(cast.street, name, **more)
    officer = cast.actor("department_officer")
    with acting(officer):
        found = suspected(suspected_employers(officer))
    assert ({"天成餐饮有限公司", "地久餐饮有限公司"}, "一条的名称是另一条的曾用名；同一街道") in found
    assert ({"改了名的书店", "原来的书店"}, "信用代码中的组织机构代码相同；同一街道") in found
    assert ({"北京宏达商贸有限公司", "宏达商贸公司"}, "去掉地名和组织形式后名称相同；同一街道") in found
    assert len(found) == 3
    outsider = cast.actor("outsider")
    with acting(outsider):
        assert suspected_employers(outsider) == []


def test_a_shared_contact_speaks_for_two_names_that_sound_alike(cast: Cast) -> None:
    for name in ("北京宏达商贸有限公司", "北京鸿达商贸有限公司"):
        add_contact(entered(cast.street, name), actor=SYSTEM, post="chair", name="王某", phone="13900000001", since=LONG_AGO)
    assert [words for _names, words in suspected(suspected_employers(SYSTEM))] == ["名称读音相同；联系人和电话相同；同一街道"]


def test_the_same_name_with_two_codes_is_no_reason_to_ask(cast: Cast) -> None:
    for code in (CODE, OTHER_CODE):
        entered(cast.street, "北京宏达商贸有限公司", uscc=code)
    assert suspected_employers(SYSTEM) == []


def test_who_was_told_apart_is_not_suggested_again(cast: Cast) -> None:
    one, other = (entered(cast.street, "北京宏达商贸有限公司") for _time in range(2))
    first, second = (own_union(cast.street, "宏达工会") for _time in range(2))
    officer = cast.actor("department_officer")
    with acting(officer):
        assert len(suspected_employers(officer)) == len(suspected_unions(officer)) == 1
        assert tell_employers_apart(other, actor=officer, other=one) == tell_employers_apart(one, actor=officer, other=other)
        assert tell_unions_apart(second, actor=officer, other=first) == tell_unions_apart(first, actor=officer, other=second)
        assert suspected_employers(officer) == []
        assert suspected_unions(officer) == []


def test_unions_are_suspected_by_name_and_kind(cast: Cast) -> None:
    one, other = own_union(cast.street, "北京宏达商贸有限公司工会"), own_union(cast.street, "宏达商贸工会委员会")
    own_union(cast.street, "宏达商贸联合工会", kind=Kind.JOINT, joint_basis="sector")
    assert suspected(suspected_unions(SYSTEM)) == [({one.name, other.name}, "去掉地名和组织形式后名称相同；同一上级工会")]
    merge_unions(one, actor=SYSTEM, dropped=other)
    assert suspected_unions(SYSTEM) == []
