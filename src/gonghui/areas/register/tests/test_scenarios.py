"""The scenarios of the register, from end to end through the actions."""

import datetime as dt

from gonghui.areas.register.actions import (
    EmployerRow,
    approve_strike_off,
    enter_employers,
    found_union,
    move_union,
    propose_strike_off,
    restore_employer,
    return_strike_off,
    withdraw_strike_off,
)
from gonghui.areas.register.models import Employer
from gonghui.core.actions.actor import Actor
from gonghui.core.figures.registry import Scope, Value, breakdown, figures, value
from gonghui.core.history.timeline import timeline
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.kit.dates import today
from tests.cast import LONG_AGO, Cast

YESTERDAY = today() - dt.timedelta(days=1)


def rate(cast: Cast, actor: Actor, on: dt.date, organisation: Organisation | None = None) -> Value:
    return value(figures["coverage_rate"], Scope(organisation or cast.district), on, actor=actor)


def enter(cast: Cast, holder: Organisation, names: list[str], actor: Actor) -> list[Employer]:
    return enter_employers(
        holder, actor=actor, rows=[EmployerRow(name, LONG_AGO, region=cast.street.region, headcount=20) for name in names]
    )


def test_grid_a_school_counts_once_by_managing_union_and_once_by_place(cast: Cast) -> None:
    with cast.act("department_officer") as actor:
        (school,) = enter(cast, cast.education, ["东华门小学"], actor)
    with cast.act("district_chair") as actor:
        figure = figures["eligible_employers"]
        scope = Scope(cast.district)
        by_managing = {cell.label: cell.value.number for cell in breakdown(figure, scope, today(), "managing", actor=actor)}
        by_place = {cell.label: cell.value.number for cell in breakdown(figure, scope, today(), "street", actor=actor)}
        assert by_managing == {"东华门街道总工会": 3, "景山街道总工会": 1, "东城区教育工会": 1}
        assert by_place == {"东华门街道总工会": 4, "景山街道总工会": 1}
        assert value(figure, scope, today(), actor=actor).number == 3 + 1 + 1 == 4 + 1
        assert value(figure, Scope(cast.street, "place"), today(), actor=actor).number == 4
        assert value(figure, Scope(cast.street, "managing"), today(), actor=actor).number == 3
    with cast.act("street_officer") as actor:
        assert school in Employer.objects.visible_to(actor)
        assert school not in Employer.objects.changeable_by(actor, "register.edit_employer")


def test_mistake_twelve_proposed_ten_struck_off_one_withdrawn_one_restored(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        firms = enter(cast, cast.street, [f"待筛查单位{number}" for number in range(12)], actor)
        proposals = [
            propose_strike_off(firm, actor=actor, reason="unreachable", evidence="三次走访均已人去楼空") for firm in firms
        ]
    with cast.act("district_chair") as actor:
        before = rate(cast, actor, YESTERDAY)
        for proposal in proposals[:10]:
            approve_strike_off(proposal, actor=actor, on=YESTERDAY)
        for proposal in proposals[10:]:
            return_strike_off(proposal, actor=actor, decision="请补电话核实记录")
        after = rate(cast, actor, YESTERDAY)
        assert (before.above, before.below, after.above, after.below) == (2, 16, 2, 6)
        unscreened = value(figures["coverage_rate_unscreened"], Scope(cast.district), YESTERDAY, actor=actor)
        assert (unscreened.above, unscreened.below) == (2, 16)
    with cast.act("department_officer") as actor:
        withdraw_strike_off(proposals[0], actor=actor, reason="找到了，搬到了三楼")
        assert rate(cast, actor, YESTERDAY).below == 7  # the past is corrected
        restore_employer(proposals[1], actor=actor, on=today(), reason="恢复营业")
        assert rate(cast, actor, YESTERDAY).below == 7  # the past stays
        assert rate(cast, actor, today()).below == 8


def test_move_a_union_with_forty_below_it(cast: Cast) -> None:
    with cast.act("department_officer") as actor:
        federation = found_union(
            cast.street, actor=actor, name="王府井工会联合会", kind=Kind.FEDERATION, on=LONG_AGO, document="东工〔2015〕9号"
        )
        for number in range(40):
            found_union(
                federation, actor=actor, name=f"商户{number}工会", kind=Kind.OWN, on=LONG_AGO, document="东工〔2015〕10号"
            )
    with cast.act("outsider") as actor:
        assert not Organisation.objects.visible_to(actor).filter(pk=federation.pk).exists()
    with cast.act("department_officer") as actor:
        move_union(federation, actor=actor, parent=cast.next_street, since=today())
    with cast.act("outsider") as actor:
        moved = Organisation.objects.visible_to(actor).get(pk=federation.pk)
        assert Organisation.objects.visible_to(actor).under(moved).count() == 41
        assert [entry.sentence for entry in timeline(moved, [])] == ["调整上级工会", "建会"]
        unions = figures["unions"]
        assert value(unions, Scope(cast.next_street), today(), actor=actor).number == 41
        assert value(unions, Scope(cast.next_street), YESTERDAY, actor=actor).number == 0
    with cast.act("street_officer") as actor:
        assert not Organisation.objects.visible_to(actor).filter(name__contains="商户").exists()
        assert value(figures["unions"], Scope(cast.street), YESTERDAY, actor=actor).number == 43
