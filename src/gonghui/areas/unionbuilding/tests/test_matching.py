"""A list is compared with the register; what people decide holds in the next edition; undoing the load takes everything back but that."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gonghui.areas.register.actions import EmployerRow, add_contact, edit_employer, enter_employers, record_headcount
from gonghui.areas.register.models import Contact, Employer, Headcount
from gonghui.areas.unionbuilding import actions, jobs, queries
from gonghui.areas.unionbuilding.jobs import matching
from gonghui.areas.unionbuilding.models import Edition, Entry, Learned, Match, Prospect, TaxMatter, Verdict
from gonghui.areas.unionbuilding.tests.lists import WHY, entries, firm, loaded, paid
from gonghui.core.actions.action import Refused
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import undo_batch
from gonghui.core.exchange.models import Batch
from gonghui.linkage import link
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.exchange.workbooks import credit_code

CODES = [credit_code(number) for number in range(1, 9)]


def compared(cast: Cast, edition: Edition, by: str = "department_officer") -> dict[tuple[str, str], Match]:
    """(name in the list, name on the register) → pair, after the job has run."""
    with cast.act(by) as actor:
        actions.match_edition(edition, actor=actor)
    jobs.match(user_id=cast.users[by].pk, edition=str(edition.public_id))
    edition.refresh_from_db()
    assert (edition.state, edition.problem) == ("matched", "")
    return pairs(edition)


def pairs(edition: Edition) -> dict[tuple[str, str], Match]:
    rows = Match.objects.unscoped(WHY).filter(edition=edition).select_related("entry", "employer")
    return {(one.entry.name, one.employer.name): one for one in rows}


@pytest.fixture
def coded(cast: Cast) -> Iterator[Cast]:
    """The cast's employers with codes, so that some are known at once; the test looks at what came of it as the system."""
    with acting(SYSTEM):
        for employer, code in zip((cast.firm, cast.shop, cast.mill), CODES, strict=False):
            edit_employer(employer, actor=SYSTEM, uscc=code, address="北京市东城区王府井大街1号")
        yield cast


def registry(cast: Cast, *rows: list[object]) -> tuple[Batch, Edition]:
    with cast.act("department_officer") as actor:
        return loaded(cast.district, actor, "enterprise_list", rows)


SURE = ["北京云帆数讯科技有限公司", "北京同心里文化传播有限公司"]
UNSURE = "北京博闻教育咨询中心"  # on the register as 有限公司, with another code


def some_rows(cast: Cast) -> list[list[object]]:
    return [
        firm(CODES[0], SURE[0], count="190"),
        firm(CODES[1], SURE[1], count="30"),
        firm("", UNSURE, address="北京市东城区王府井大街1号"),
        firm(CODES[5], "北京完全陌生的咖啡馆", count="40"),
    ]


def unsure(cast: Cast, edition: Edition) -> Match:
    """The unsure firm beside the mill, put before a reviewer whatever the engine thinks of it."""
    entry = entries(edition)[UNSURE]
    Match.objects.unscoped(WHY).filter(edition=edition, entry=entry).delete()
    return Match.objects.create(
        edition=edition, entry=entry, employer=cast.mill, score=1, band="review", probability=0.6, state="review"
    )


def test_what_a_key_and_a_name_settle_is_taken_and_strangers_are_not(coded: Cast) -> None:
    _batch, edition = registry(coded, *some_rows(coded))
    found = compared(coded, edition)
    assert {found[name, name].state for name in SURE} == {"auto"}
    assert not any(name == "北京完全陌生的咖啡馆" for name, _employer in found)
    evidence = {one["field"]: one for one in found[SURE[0], SURE[0]].evidence}
    assert evidence["code"]["finding"] == "same"
    assert evidence["code"]["weight"] > 0
    assert "代码" in evidence["code"]["zh"]
    assert edition.expected_precision is not None
    assert edition.expected_precision >= 90
    assert Learned.objects.unscoped(WHY).get().kind == "registry"


def test_no_telephone_leaves_the_database_in_clear(coded: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting(SYSTEM):
        add_contact(coded.firm, actor=SYSTEM, post="chair", name="甲", phone="13812345678", since=LONG_AGO)
    _batch, edition = registry(
        coded, firm(CODES[0], SURE[0], phone="13812345678"), firm(CODES[1], SURE[1], phone="13900001111")
    )
    seen: list[tuple[str, int]] = []
    really = link

    def watched(a: Path, b: Path, **more: Any) -> Any:
        seen.extend((path.read_text(), path.stat().st_mode & 0o777) for path in (a, b))
        watched.place = a.parent  # type: ignore[attr-defined]
        return really(a, b, **more)

    monkeypatch.setattr(matching, "link", watched)
    compared(coded, edition)
    texts = "".join(text for text, _mode in seen)
    assert {mode for _text, mode in seen} == {0o600}
    assert "13812345678" not in texts
    assert "13900001111" not in texts
    assert texts.count(matching.stand_in(Entry.index_of("13812345678"))) == 2  # the same number is found again
    assert not watched.place.exists()  # type: ignore[attr-defined]


def test_a_verdict_is_remembered_in_the_next_edition(coded: Cast) -> None:
    _batch, first = registry(coded, *some_rows(coded))
    compared(coded, first)
    match = unsure(coded, first)
    with coded.act("street_officer") as actor:
        assert list(queries.to_review(actor)) == [match]
        actions.decide_match(match, actor=actor, is_same=True)
        assert not queries.to_review(actor).exists()
    again = compared(coded, first)
    assert again[UNSURE, coded.mill.name].state == "confirmed"
    _batch, second = registry(coded, *some_rows(coded))
    found = compared(coded, second)[UNSURE, coded.mill.name]
    assert (found.state, found.decided_by) == ("confirmed", coded.users["street_officer"])
    with coded.act("department_officer") as actor:
        actions.take_back_verdict(found, actor=actor)
    found.refresh_from_db()
    assert (found.state, Verdict.objects.unscoped(WHY).count()) == (found.band, 0)


@pytest.mark.parametrize("is_same", [True, False])
def test_a_verdict_holds_in_the_other_editions_where_the_pair_waits(coded: Cast, is_same: bool) -> None:
    editions = [registry(coded, *some_rows(coded))[1] for _one in range(2)]
    for edition in editions:
        compared(coded, edition)
    first, second = (unsure(coded, edition) for edition in editions)
    with coded.act("street_officer") as actor:
        assert queries.to_review(actor).count() == 2
        actions.decide_match(first, actor=actor, is_same=is_same)
        assert not queries.to_review(actor).exists()
        second.refresh_from_db()
        assert (second.state, second.decided_by_id) == ("confirmed" if is_same else "rejected", actor.user_id)
        actions.take_back_verdict(first, actor=actor)
        assert queries.to_review(actor).count() == 2


def test_firms_told_apart_stay_apart_and_one_firm_is_one_employer(coded: Cast) -> None:
    _batch, first = registry(coded, *some_rows(coded))
    found = compared(coded, first)
    match = unsure(coded, first)
    sure = found[SURE[0], SURE[0]]
    with coded.act("department_officer") as actor:
        actions.decide_match(match, actor=actor, is_same=False)
        wrong = Match.objects.create(
            edition=first, entry=match.entry, employer=coded.firm, score=0, band="review", probability=0.5, state="review"
        )
        assert not queries.to_review(actor).exists()  # the employer is another entry's already
        with pytest.raises(Refused, match="已对上名单里的另一家"):
            actions.decide_match(wrong, actor=actor, is_same=True)
        actions.decide_match(sure, actor=actor, is_same=False)
        actions.decide_match(wrong, actor=actor, is_same=True)
    again = compared(coded, first)
    assert again.get((UNSURE, coded.mill.name), match).state != "auto"
    assert (SURE[0], SURE[0]) not in again or again[SURE[0], SURE[0]].state == "rejected"
    assert again[UNSURE, SURE[0]].state == "confirmed"


def test_undo_after_matching_takes_all_back_but_verdicts(coded: Cast) -> None:
    batch, edition = registry(coded, *some_rows(coded))
    compared(coded, edition)
    match = unsure(coded, edition)
    before = list(Headcount.objects.unscoped(WHY).order_by("pk").values())
    with coded.act("department_officer") as actor:
        actions.decide_match(match, actor=actor, is_same=True)
        stranger = actions.enter_firm(entries(edition)["北京完全陌生的咖啡馆"], actor=actor)
        assert (stranger.organisation_id, stranger.uscc, stranger.headcount) == (coded.street.pk, CODES[5], 40)
        assert pairs(edition)[stranger.name, stranger.name].state == "confirmed"
        assert actions.take_headcounts(edition, actor=actor) == 2
        mill = Employer.objects.visible_to(actor).get(pk=coded.mill.pk)
        prospect = actions.open_prospects(coded.street, actor=actions.of_import(edition, actor), employers=[mill])
        assert Employer.objects.visible_to(actor).get(pk=coded.firm.pk).headcount == 190
        undo_batch(batch, actor=actor)
    for model in (Edition, Entry, Match, Prospect):
        assert not model.objects.unscoped(WHY).exists()
    assert prospect
    assert not Employer.objects.unscoped(WHY).filter(pk=stranger.pk).exists()
    assert list(Headcount.objects.unscoped(WHY).order_by("pk").values()) == before
    assert Employer.objects.unscoped(WHY).get(pk=coded.firm.pk).headcount == 186
    assert [one.is_same for one in Verdict.objects.unscoped(WHY).all()] == [True]  # the stranger's went with it


def test_undo_is_refused_once_something_was_built_on_it(coded: Cast) -> None:
    batch, edition = registry(coded, *some_rows(coded))
    compared(coded, edition)
    with coded.act("department_officer") as actor:
        stranger = actions.enter_firm(entries(edition)["北京完全陌生的咖啡馆"], actor=actor)
        with pytest.raises(Refused, match="已经在册"):
            actions.enter_firm(entries(edition)["北京完全陌生的咖啡馆"], actor=actor)
        edit_employer(stranger, actor=actor, address="新址")
        with pytest.raises(Refused, match="完全陌生的咖啡馆"):
            undo_batch(batch, actor=actor)
    assert Edition.objects.unscoped(WHY).filter(pk=edition.pk).exists()
    assert entries(edition)


def test_a_better_or_newer_number_of_workers_stays(coded: Cast) -> None:
    rows = [
        EmployerRow(
            f"北京第{number}家测试有限公司",
            LONG_AGO,
            uscc=CODES[number],
            region=coded.street.region,
            headcount=10,
            headcount_source=source,
            headcount_on=since,
        )
        for number, source, since in (
            (3, "site", dt.date(2026, 3, 1)),
            (4, "site", dt.date(2020, 3, 1)),
            (5, "tax", dt.date(2026, 3, 1)),
            (6, "registry", dt.date(2026, 3, 1)),
            (7, "union", dt.date(2026, 11, 1)),
        )
    ]
    with acting(SYSTEM):
        employers = enter_employers(coded.street, actor=SYSTEM, rows=rows)
    with coded.act("department_officer") as actor:
        months = [paid(CODES[number], f"北京第{number}家测试有限公司", "2026-09", count="50") for number in range(3, 8)]
        _batch, edition = loaded(coded.district, actor, "tax_list", months)
    compared(coded, edition)
    with coded.act("department_officer") as actor:
        actions.take_headcounts(edition, actor=actor)
        found = [Employer.objects.visible_to(actor).get(pk=one.pk) for one in employers]
        now = Headcount.objects.visible_to(actor).filter(employer__in=employers, valid__upper_inf=True).order_by("employer")
        assert [one.headcount for one in found] == [10, 50, 50, 50, 10]
        assert [one.source for one in now] == ["site", "tax", "tax", "tax", "union"]
        with pytest.raises(Refused):
            actions.take_headcounts(edition, actor=actor)
        record_headcount(found[1], actor=actor, count=60, on=dt.date(2026, 10, 20), source="site")


def test_payments_are_checked_against_the_register(coded: Cast) -> None:
    mill = coded.mill.name
    rows = [
        paid(CODES[2], mill, "2026-09"),
        paid("", "北京云帆数讯科技有限公司工会第一分会", "2026-09"),
        *(paid(CODES[1], SURE[1], f"2026-0{month}", "0" if month > 6 else "200") for month in (5, 6, 7, 8, 9)),
        paid(CODES[0], SURE[0], "2026-09"),
    ]
    with coded.act("department_officer") as actor:
        batch, edition = loaded(coded.district, actor, "tax_list", rows)
    compared(coded, edition)
    with coded.act("street_officer") as actor:
        found = {one.name: one for one in queries.tax_matters(actor)}
        assert {name: one.kind for name, one in found.items()} == {
            mill: "no_union",
            "北京云帆数讯科技有限公司工会第一分会": "branch",
            SURE[1]: "unpaid",
        }
        assert found[SURE[1]].unpaid_periods == 3
        branch = found["北京云帆数讯科技有限公司工会第一分会"]
        with pytest.raises(Refused, match="由它的上级单位工会缴纳"):
            actions.answer_tax_matter(branch, actor=actor, answer="urged")
        actions.answer_tax_matter(branch, actor=actor, answer="parent_pays", note="已联系")
    with coded.act("department_officer") as actor:
        with pytest.raises(Refused, match="已有答复"):
            undo_batch(batch, actor=actor)
        actions.reopen_tax_matter(branch, actor=actor)
        undo_batch(batch, actor=actor)
        assert not TaxMatter.objects.visible_to(actor).exists()


def test_periods_are_counted_through_the_lists_of_several_months(coded: Cast) -> None:
    with coded.act("department_officer") as actor:
        for month in (6, 7, 8, 9):
            rows = [paid(CODES[0], SURE[0], f"2026-0{month}"), *([paid(CODES[1], SURE[1], "2026-06")] if month == 6 else [])]
            _batch, edition = loaded(coded.district, actor, "tax_list", rows)
            compared(coded, edition)
            (shop,) = queries.tax_matters(actor).filter(edition=edition) if month > 8 else (None,)
        assert shop is not None
        assert (shop.name, shop.unpaid_periods) == (SURE[1], 3)


def test_reserve_is_no_fault_of_who_has_no_union(coded: Cast) -> None:
    with coded.act("department_officer") as actor:
        rows = [
            paid(CODES[2], coded.mill.name, "2026-09", fee="筹备金"),
            paid(CODES[0], SURE[0], "2026-09"),
            paid(CODES[1], SURE[1], "2026-09"),
        ]
        _batch, edition = loaded(coded.district, actor, "tax_list", rows)
    compared(coded, edition)
    assert not TaxMatter.objects.unscoped(WHY).exists()
    with coded.act("department_officer") as actor:
        assert queries.entries(actor).filter(reserve_paid__gt=0, coverage="none").count() == 1


def test_a_matching_that_was_stopped_changes_nothing(coded: Cast) -> None:
    _batch, edition = registry(coded, *some_rows(coded))
    with coded.act("department_officer") as actor:
        actions.match_edition(edition, actor=actor)
        tell = matching.telling(edition, actor)
        tell("read", 0.0)
        actions.stop_matching(edition, actor=actor)
        with pytest.raises(matching.Stopped):
            tell("compare", 0.5)
    jobs.match(user_id=coded.users["department_officer"].pk, edition=str(edition.public_id))
    edition.refresh_from_db()
    assert (edition.state, pairs(edition)) == ("loaded", {})


# -- telephones ---------------------------------------------------------------------------------------------------


def numbers_of(employer: Employer) -> list[tuple[str, str]]:
    rows = Contact.objects.unscoped(WHY).filter(employer=employer).order_by("pk")
    return [(one.name, one.phone()) for one in rows]


def test_an_entered_firm_can_be_called_by_the_number_of_the_list(coded: Cast) -> None:
    batch, edition = registry(coded, firm(CODES[5], "北京完全陌生的咖啡馆", phone="010-65120000", legal="马骏"))
    compared(coded, edition)
    with coded.act("department_officer") as actor:
        employer = actions.enter_firm(entries(edition)["北京完全陌生的咖啡馆"], actor=actor)
        assert numbers_of(employer) == [("马骏", "01065120000")]
        undo_batch(batch, actor=actor)
        assert not Contact.objects.unscoped(WHY).filter(name="马骏").exists()


def test_telephones_are_taken_over_for_those_that_nobody_can_call(coded: Cast) -> None:
    with acting(SYSTEM):
        add_contact(coded.shop, actor=SYSTEM, post="chair", name="甲", phone="13812345678", since=LONG_AGO)
    phones = {SURE[0]: "13900001111", SURE[1]: "13900002222"}
    batch, edition = registry(coded, *(firm(code, name, phone=phones[name]) for code, name in zip(CODES, SURE, strict=False)))
    compared(coded, edition)
    with coded.act("department_officer") as actor:
        assert actions.take_telephones(edition, actor=actor) == 1
        assert (numbers_of(coded.firm), numbers_of(coded.shop)) == ([("名单所留电话", "13900001111")], [("甲", "13812345678")])
        undo_batch(batch, actor=actor)
        assert (numbers_of(coded.firm), numbers_of(coded.shop)) == ([], [("甲", "13812345678")])


def test_the_number_of_an_agency_is_no_firm_s(coded: Cast) -> None:
    strangers = [firm(CODES[number], f"北京陌生的第{number}家店", phone="13900003333") for number in range(4, 7)]
    _batch, edition = registry(coded, firm(CODES[0], SURE[0], phone="13900003333"), *strangers)
    compared(coded, edition)
    with coded.act("department_officer") as actor, pytest.raises(Refused, match="代账公司"):
        actions.take_telephones(edition, actor=actor)
