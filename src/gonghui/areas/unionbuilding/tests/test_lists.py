"""Lists come in as dated editions, are folded, say in what they differ, and go again."""

import datetime as dt
from decimal import Decimal

import pytest

from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.models import Difference, Edition, Entry, Payment
from gonghui.areas.unionbuilding.rules.firms import Listed, differences
from gonghui.areas.unionbuilding.tests.lists import WHY, checked, entries, firm, loaded, paid, problems
from gonghui.core.actions.action import Refused
from gonghui.core.exchange.actions import undo_batch
from gonghui.core.exchange.models import BatchLine
from gonghui.kit.intake import money, period
from tests.cast import Cast
from tests.exchange.workbooks import credit_code

CLOUD, TEA = credit_code(1), credit_code(2)


def test_months_of_a_payer_are_one_firm(cast: Cast) -> None:
    rows = [
        paid(CLOUD, "北京云帆数码有限公司", "2026-07", "100.00", phone="13800001234"),
        paid(CLOUD, "北京云帆数讯科技有限公司", "202609", "300.50", count="186"),
        paid("", "北京云帆数讯科技有限公司", "2026年8月", "200.00"),
        paid("", "没有代码的店", "2026Q3", "50", fee="筹备金", street="不认得的街"),
    ]
    with cast.act("department_officer") as actor:
        batch, edition = loaded(cast.district, actor, "tax_list", rows)
        assert (batch.new, batch.wrong, edition.firms, edition.lines) == (4, 0, 2, 4)
        assert edition.as_of == dt.date(2026, 9, 30)
        found = entries(edition)
        cloud, shop = found["北京云帆数讯科技有限公司"], found["没有代码的店"]
        assert (cloud.code, cloud.former_names, cloud.headcount) == (CLOUD, ["北京云帆数码有限公司"], 186)
        assert [cloud.funds_paid, cloud.reserve_paid, shop.reserve_paid] == [Decimal("600.50"), 0, 50]
        assert (cloud.organisation, shop.organisation) == (cast.street, cast.district)
        assert (cloud.phone(), cloud.phone_masked) == ("13800001234", "138****1234")
        payments = Payment.objects.visible_to(actor).filter(entry=cloud).order_by("since")
        assert [(one.since.month, one.paid) for one in payments] == [(7, 100), (8, 200), (9, Decimal("300.50"))]
        lines = BatchLine.objects.visible_to(actor).filter(batch=batch)
        assert "13800001234" not in str(list(lines.values()))


def test_what_is_wrong_in_a_tax_list_is_said_line_by_line(cast: Cast) -> None:
    rows = [
        paid(CLOUD, "甲公司", "2026-09"),
        paid(CLOUD, "甲公司", "2026-09"),
        paid(CLOUD, "甲公司", "2026-09", fee="筹备金"),
        paid("", "甲公司", "202609"),
        paid(TEA, "乙公司", "2031-01"),
        paid(TEA, "乙公司", "去年"),
        paid(TEA, "乙公司", "2026-08", "-5"),
        paid("9.1101E+17", "丙公司", "2026-08"),
    ]
    with cast.act("department_officer") as actor:
        said = problems(checked(cast.district, actor, "tax_list", rows))
    assert {row: sentence[:12] for row, sentence in said.items()} == {
        3: "与第 2 行是同一家、同",
        5: "与第 2 行是同一家、同",
        6: "所属期还没有开始（今天是",
        7: "“去年”不是所属期，请写",
        8: "金额不能是负数；退款请从",
        9: "Excel 已把这个代码",
    }


def test_a_register_names_each_firm_once_and_its_day_can_be_corrected(cast: Cast) -> None:
    rows = [
        firm(CLOUD, "甲公司", former="甲商行、甲小店", phone="010-66668888转8; 13900001111"),
        firm(CLOUD, "甲甲公司"),
        firm("", "乙店"),
    ]
    with cast.act("department_officer") as actor:
        batch, edition = loaded(cast.district, actor, "enterprise_list", rows)
        assert list(problems(batch)) == [3]
        assert entries(edition)["甲公司"].former_names == ["甲商行", "甲小店"]
        assert entries(edition)["甲公司"].phone_masked == "010****8888"
        actions.correct_edition(edition, actor=actor, as_of=dt.date(2026, 6, 30))
        with pytest.raises(Refused):
            actions.correct_edition(edition, actor=actor, as_of=dt.date(2031, 1, 1))
        assert Edition.objects.visible_to(actor).get().as_of == dt.date(2026, 6, 30)


def test_a_street_sees_its_firms_of_a_list_and_no_others(cast: Cast) -> None:
    with cast.act("department_officer") as actor:
        rows = [firm(CLOUD, "甲公司"), firm(TEA, "乙公司", street="景山街道"), firm("", "丙公司", street="")]
        loaded(cast.district, actor, "other_list", rows)
    with cast.act("street_officer") as actor:
        assert {one.name for one in Entry.objects.visible_to(actor)} == {"甲公司"}
        assert not Edition.objects.visible_to(actor).exists()  # not matched yet


# -- differences ------------------------------------------------------------------------------------------------


def listed(key: str, name: str, address: str = "", street: str = "", count: int | None = None, funds: int = 0) -> Listed:
    return Listed(int(key[-1]), key, name, address, street, count, Decimal(funds))


@pytest.mark.parametrize(
    ("before", "now", "kinds"),
    [
        ([], [listed("K1", "甲")], [("new", "", "甲")]),
        ([listed("K1", "甲")], [], [("gone", "甲", "")]),
        ([listed("K1", "甲")], [listed("K1", "甲店")], [("renamed", "甲", "甲店")]),
        ([listed("K1", "（甲）")], [listed("K1", "(甲)")], []),
        ([listed("K1", "甲", "东街1号")], [listed("K1", "甲", "西街1号")], [("moved", "东街1号", "西街1号")]),
        ([listed("K1", "甲", "东街1号", "东")], [listed("K1", "甲", "西街1号", "西")], [("moved", "东街1号", "西街1号")]),
        ([listed("K1", "甲", "东街1号")], [listed("K1", "甲")], []),
        ([listed("K1", "甲")], [listed("K1", "甲", funds=5)], [("paying", "0.00", "5.00")]),
        ([listed("K1", "甲", funds=9)], [listed("K1", "甲", funds=5)], []),
        ([listed("K1", "甲", count=24)], [listed("K1", "甲", count=25)], [("band", "24", "25")]),
        ([listed("K1", "甲", count=99)], [listed("K1", "甲", count=250)], [("band", "99", "250")]),
        ([listed("K1", "甲", count=26)], [listed("K1", "甲", count=99)], []),
        ([listed("K1", "甲")], [listed("K1", "甲", count=99)], []),
        ([listed("=甲1", "甲")], [listed("K2", "甲")], []),  # it has got a code
        (
            [listed("=甲1", "甲")],
            [listed("K2", "甲"), listed("K3", "甲")],
            [("new", "", "甲"), ("new", "", "甲"), ("gone", "甲", "")],
        ),
    ],
)
def test_every_kind_of_difference(before: list[Listed], now: list[Listed], kinds: list[tuple[str, str, str]]) -> None:
    assert [(one.kind, one.old, one.new) for one in differences(before, now, [25, 100, 200])] == kinds


def kinds_in(edition: Edition) -> list[tuple[str, str]]:
    rows = Difference.objects.unscoped(WHY).filter(edition=edition).order_by("name", "kind")
    return [(one.name, one.kind) for one in rows]


def test_an_edition_differs_from_the_one_before_whenever_that_came(cast: Cast) -> None:
    with cast.act("department_officer") as actor:
        first, one = loaded(cast.district, actor, "enterprise_list", [firm(CLOUD, "甲公司", count="20"), firm(TEA, "乙公司")])
        second, two = loaded(cast.district, actor, "enterprise_list", [firm(CLOUD, "甲公司", count="30")])
        assert (kinds_in(one), kinds_in(two)) == ([], [("乙公司", "gone"), ("甲公司", "band")])
        actions.correct_edition(two, actor=actor, as_of=dt.date(2020, 1, 1))
        assert (kinds_in(one), kinds_in(two)) == ([("乙公司", "new"), ("甲公司", "band")], [])
        undo_batch(second, actor=actor)
        assert kinds_in(one) == []
        undo_batch(first, actor=actor)
        for model in (Edition, Entry, Payment, Difference):
            assert not model.objects.visible_to(actor).exists()


def test_amounts_and_periods_as_people_write_them() -> None:
    assert [money(text) for text in ("1,234.5", "￥1２.30元", "0")] == [Decimal("1234.50"), Decimal("12.30"), 0]
    spans = ["2026-02", "2026.2", "２０２６年2月", "2026年第一季度", "2026Q4", "202607-202609", "2026-07-01 至 2026-09-30"]
    found = [tuple(day.isoformat()[5:] for day in period(text)) for text in spans]
    month, autumn = ("02-01", "02-28"), ("07-01", "09-30")
    assert found == [month, month, month, ("01-01", "03-31"), ("10-01", "12-31"), autumn, autumn]
