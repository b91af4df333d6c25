"""Unions, contacts and coverage by workbook."""

from typing import Any

import pytest

from gonghui.areas.register.actions import edit_employer
from gonghui.areas.register.models import Contact, Coverage, Employer, Placement
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import apply_batch, begin_undo, check_batch, map_batch, start_batch, undo_batch
from gonghui.core.exchange.carrying import carry_out, undo_in_job, write_in_job
from gonghui.core.exchange.models import Batch, BatchLine
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import today
from tests.cast import Cast
from tests.exchange.test_employers import WHY, counts, fresh
from tests.exchange.workbooks import HEADS, csv_of, employer_row


def checked(place: Organisation, actor: Actor, sheet: str, rows: list[list[Any]]) -> Batch:
    """A workbook after its dry run."""
    batch = start_batch(place, actor=actor, sheet=f"register.{sheet}", name="x.csv", content=csv_of(rows))
    map_batch(batch, actor=actor, mapping=batch.mapped)
    check_batch(batch, actor=actor)
    return fresh(batch)


def imported(place: Organisation, actor: Actor, sheet: str, rows: list[list[Any]]) -> Batch:
    """The same when it has been written."""
    batch = checked(place, actor, sheet, rows)
    apply_batch(batch, actor=actor)
    carry_out(fresh(batch), actor)
    return fresh(batch)


def problems(batch: Batch) -> dict[int, str]:
    """Row → the first thing that is wrong with it."""
    rows = BatchLine.objects.unscoped(WHY).filter(batch=batch, outcome="wrong")
    return {line.number: line.problems[0]["sentence"] for line in rows}


UNION_HEADS = ["工会名称", "类型", "上级工会", "成立日期", "批复文号", "联合方式"]


def test_unions_stand_under_other_rows_of_the_same_workbook(cast: Cast) -> None:
    rows = [
        UNION_HEADS,
        ["王府井工会联合会分会", "分会", "王府井商户工会", "2020-03-01", "", ""],
        ["王府井商户工会", "联合工会", "王府井工会联合会", "2020-02-01", "京工〔2020〕2号", "楼宇"],
        ["王府井工会联合会", "工会联合会", "", "2020-01-01", "京工〔2020〕1号", ""],
        ["没有文号的工会", "单独建会", "", "2020-01-01", "", ""],
        ["站错地方的工会", "分会", "东华门街道总工会", "2020-01-01", "", ""],
        ["没有上级的工会", "单独建会", "景山街道总工会", "2020-01-01", "1号", ""],
    ]
    with cast.act("street_officer") as actor:
        batch = imported(cast.street, actor, "unions", rows)
        assert counts(batch) == (3, 0, 0, 3)
        assert [("文号" in one, "不能设在" in one, "没有您能管理的" in one) for one in problems(batch).values()] == [
            (True, False, False),
            (False, True, False),
            (False, False, True),
        ]
        found = {one.name: one for one in Organisation.objects.visible_to(actor).filter(name__startswith="王府井")}
        assert found["王府井商户工会"].parent_id == found["王府井工会联合会"].pk
        assert found["王府井工会联合会分会"].parent_id == found["王府井商户工会"].pk
        again = checked(cast.street, actor, "unions", rows[:4])
        assert counts(again) == (0, 0, 0, 3)  # the names are known now, and there is no code: asked about
        undo_batch(batch, actor=actor)
        assert not Organisation.objects.visible_to(actor).filter(name__startswith="王府井").exists()


def test_contacts_are_found_by_holder_post_and_name(cast: Cast) -> None:
    rows = [
        ["姓名", "职务", "单位", "手机号码"],
        ["孙佳怡", "主席", cast.own.name, "13812342046"],
        ["赵工", "主席", cast.mill.name, "010-66668888"],
        ["钱工", "主席", cast.neighbour.name, "13800001111"],
        ["李工", "主席", cast.mill.name, "138000011112"],
    ]
    with cast.act("street_officer") as actor:
        batch = imported(cast.street, actor, "contacts", rows)
        assert counts(batch) == (1, 0, 1, 2)
        assert "没有您能管理的" in problems(batch)[4]
        made = Contact.objects.visible_to(actor).get(name="赵工")
        assert (made.employer_id, made.phone()) == (cast.mill.pk, "01066668888")
        stored = str(list(BatchLine.objects.visible_to(actor).filter(batch=batch).values()))
        assert "01066668888" not in stored
        assert "13800001111" not in stored

        rows[1][3] = "13900002222"
        second = imported(cast.street, actor, "contacts", rows[:2])
        assert counts(second) == (0, 1, 0, 0)
        assert "13900002222" not in str(list(BatchLine.objects.visible_to(actor).filter(batch=second).values()))
        now = Contact.objects.visible_to(actor).get(name="孙佳怡", valid__contains=today())
        assert now.phone() == "13900002222"
        undo_batch(second, actor=actor)
        now = Contact.objects.visible_to(actor).get(name="孙佳怡", valid__contains=today())
        assert now.phone() == "13812342046"


def test_of_lines_written_together_only_the_refused_one_stays_out(cast: Cast) -> None:
    rows = [
        ["姓名", "职务", "单位", "手机号码"],
        ["赵工", "主席", cast.mill.name, "13800001111"],
        ["孙佳怡", "主席", cast.own.name, "13900002222"],
        ["孙佳怡", "主席", cast.own.name, "13900003333"],
        ["钱工", "主席", cast.shop.name, ""],
    ]
    with cast.act("street_officer") as actor:
        batch = imported(cast.street, actor, "contacts", rows)
        assert counts(batch) == (2, 1, 0, 1)
        assert "已经结束" in problems(batch)[4]
        now = Contact.objects.visible_to(actor).filter(valid__contains=today())
        assert sorted(now.filter(name__in=["赵工", "孙佳怡", "钱工"]).values_list("name", flat=True)) == [
            "孙佳怡",
            "赵工",
            "钱工",
        ]
        assert now.get(name="孙佳怡").phone() == "13900002222"


def test_hundreds_of_unions_are_founded_together(cast: Cast) -> None:
    firms = [[f"第{number}厂工会", "单独建会", "", f"2020-01-{1 + number % 28:02}", f"{number}号", ""] for number in range(120)]
    parts = [[f"第{number}厂一车间", "工会小组", f"第{number}厂工会", "2021-01-01", "", ""] for number in range(60)]
    with cast.act("street_officer") as actor:
        batch = imported(cast.street, actor, "unions", [UNION_HEADS, *parts, *firms])
        assert counts(batch) == (180, 0, 0, 0)
        made = Organisation.objects.visible_to(actor).filter(name__regex="^第.*厂")
        firm = made.get(name="第7厂工会")
        group = made.get(name="第7厂一车间")
        assert (firm.path, group.path) == (f"{cast.street.path}{firm.pk}.", f"{firm.path}{group.pk}.")
        assert (firm.name_pinyin, firm.name_initials) == ("di 7 chang gong hui", "d7cgh")
        places = Placement.objects.visible_to(actor).filter(union__in=made)
        assert set(places.values_list("managing", "street")) == {(cast.street.pk, cast.street.pk)}
        assert [one.valid.lower for one in places.filter(union=firm)] == [firm.founded_on]
        undo_batch(batch, actor=actor)
        assert not made.exists()


def test_a_masked_number_says_nothing_new(cast: Cast) -> None:
    rows = [
        ["姓名", "职务", "单位", "电话"],
        ["孙佳怡", "主席", cast.own.name, "138****2046"],
        ["周工", "主席", cast.mill.name, "138****1111"],
    ]
    with cast.act("street_officer") as actor:
        batch = checked(cast.street, actor, "contacts", rows)
        assert counts(batch) == (0, 0, 1, 1)
        assert "遮住" in problems(batch)[3]


def test_coverage_is_written_union_by_union_and_undone(cast: Cast) -> None:
    rows = [
        ["单位名称", "工会名称", "从哪天起", "依据"],
        [cast.mill.name, cast.joint.name, "2020-05-01", "京工〔2020〕5号"],
        [cast.mill.name, cast.joint.name, "2020-06-01", ""],
        [cast.shop.name, cast.joint.name, "", ""],
        [cast.neighbour.name, cast.joint.name, "2020-05-01", ""],
    ]
    with cast.act("street_officer") as actor:
        before = list(Coverage.objects.unscoped(WHY).values())
        batch = imported(cast.street, actor, "coverages", rows)
        assert counts(batch) == (1, 0, 1, 2)
        assert "与第 2 行相同" in problems(batch)[3]
        mill = Employer.objects.visible_to(actor).get(pk=cast.mill.pk)
        assert (mill.organisation_id, mill.coverage) == (cast.joint.pk, "joint")
        undo_batch(batch, actor=actor)
        mill.refresh_from_db()
        assert (mill.organisation_id, mill.coverage) == (cast.street.pk, "none")
        assert list(Coverage.objects.unscoped(WHY).values()) == before


@pytest.mark.django_db(transaction=True)
def test_a_running_import_is_stopped_and_takes_everything_back(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from gonghui.core.exchange import carrying
    from tests.cast import found_cast

    cast = found_cast()
    with cast.act("street_officer") as actor:
        batch = checked(cast.street, actor, "employers", [HEADS, *(employer_row(number) for number in range(3))])
        apply_batch(batch, actor=actor)
    with acting(actor):
        before = Employer.objects.unscoped(WHY).count()
    seen: list[int] = []

    def state(one: Batch) -> str:
        seen.append(carrying.done_of(one))
        return "cancelled" if len(seen) > 1 else "importing"

    with monkeypatch.context() as patch:
        patch.setattr(carrying, "state_of", state)
        write_in_job(fresh_in(batch, actor), actor)
    with acting(actor):
        assert Employer.objects.unscoped(WHY).count() == before
        assert seen[:2] == [0, 3]  # told beside the transaction that was taken back
        assert fresh(batch).state == "importing"
    write_in_job(fresh_in(batch, actor), actor)
    with acting(actor):
        assert fresh(batch).state == "done"
        assert Employer.objects.unscoped(WHY).count() == before + 3


def fresh_in(batch: Batch, actor: Actor) -> Batch:
    """The batch as a job finds it."""
    with acting(actor):
        return fresh(batch)


@pytest.mark.django_db(transaction=True)
def test_what_goes_wrong_in_a_job_stands_on_the_batch(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from gonghui.core.exchange import carrying
    from tests.cast import found_cast

    cast = found_cast()
    with cast.act("street_officer") as actor:
        batch = checked(cast.street, actor, "employers", [HEADS, employer_row(1)])
        apply_batch(batch, actor=actor)

    def refuse(*given: Any, **named: Any) -> None:
        raise Refused("今天不行")

    with monkeypatch.context() as patch:
        patch.setattr(carrying, "judge", refuse)
        write_in_job(fresh_in(batch, actor), actor)
    with acting(actor):
        now = fresh(batch)
        assert (now.state, now.problem) == ("checked", "今天不行")


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_undone_in_a_job_stands_as_before_and_says_why(transactional_db: None) -> None:
    from tests.cast import found_cast

    cast = found_cast()
    with cast.act("street_officer") as actor:
        batch = checked(cast.street, actor, "employers", [HEADS, employer_row(1)])
        apply_batch(batch, actor=actor)
    write_in_job(fresh_in(batch, actor), actor)
    with acting(actor):
        entered = Employer.objects.unscoped(WHY).latest("pk")
        edit_employer(entered, actor=actor, address="后来改的地址")
        begin_undo(fresh(batch), actor=actor)
    undo_in_job(fresh_in(batch, actor), actor)
    with acting(actor):
        now = fresh(batch)
        assert now.state == "done"
        assert entered.name in now.problem
        assert Employer.objects.unscoped(WHY).filter(pk=entered.pk).exists()
