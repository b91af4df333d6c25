"""A worker sees his own and what is published, nothing of anybody else's; and his own unit does not see an individual member."""

from typing import Any

import pytest
from django.urls import reverse

from gonghui.areas.members import own
from gonghui.areas.members.actions import MemberRow, admit_member, close_point, end_entitlement, give_entitlement, open_point
from gonghui.areas.members.models import Application, Membership, Transfer
from gonghui.core.access.actions import grant_role
from gonghui.core.access.queries import actor_for
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.people.actions import PersonRow
from gonghui.core.people.models import Person
from gonghui.kit.dates import today
from gonghui.kit.identity import checked
from tests.canaries import planted
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.portal.pages import FIVE, PAGES, newcomer, number, opened, sent, signed_in
from tests.test_pages import signed_in as with_second_factor
from tests.world import WORDS

WHY = "compared with the pages"


def as_worker(cast: Cast, name: str = "worker") -> Actor:
    """As the portal's door makes the actor."""
    return actor_for(cast.users[name], channel="portal", only=())


def test_every_page_shows_what_is_mine_and_no_canary_of_others(cast: Cast) -> None:
    world = planted(cast)
    seen = set()
    for user, name in ((cast.users["worker"], "worker"), (newcomer(), "somebody new")):
        client = signed_in(user)
        for page in PAGES:
            for query in ({}, {"q": "雀00"}):
                found = {
                    world.canaries[word] for word in WORDS.findall(opened(client, page, **query)) if word in world.canaries
                }
                seen |= {canary.what for canary in found}
                told = {
                    canary.what
                    for canary in found
                    if name not in (canary.also, canary.owner) and not is_looked_for(page, canary.what)
                }
                assert told == set(), (name, page)
    assert "name of a union" in seen
    assert "native place that somebody wants corrected" in seen


def is_looked_for(page: str, what: str) -> bool:
    """The search for the new union names unions and employers that are called so; their names are public."""
    return page == "transfer" and what in ("name of a union", "name of an employer")


def test_somebody_elses_rows_are_not_there(cast: Cast) -> None:
    other = newcomer()
    client = signed_in(other)
    sent(client, "join", **{**FIVE, "workplace": cast.firm.name})
    mine = signed_in(cast.users["worker"])
    for page in PAGES:
        assert "新职工" not in opened(mine, page), page
        assert "李想" not in opened(client, page), page
    actor = as_worker(cast)
    with acting(actor):
        assert not Application.objects.visible_to(actor).exists()
        assert [one.name for one in Person.objects.visible_to(actor)] == ["李想"]
        assert [one.pk for one in Membership.objects.visible_to(actor)] == [cast.member.pk]


def test_in_the_portal_an_officer_is_a_worker_like_any_other(cast: Cast) -> None:
    """What he may do at his union stays outside the portal's door."""
    with acting(SYSTEM):
        grant_role(cast.street, actor=SYSTEM, user=cast.users["worker"], role="street_officer", since=LONG_AGO)
    sent(signed_in(newcomer()), "join", **FIVE, region="110101001")
    client = signed_in(cast.users["worker"])
    for page in PAGES:
        assert "新职工" not in opened(client, page), page
    actor = as_worker(cast)
    assert not actor.scopes
    with acting(actor):
        assert not Application.objects.visible_to(actor).exists()


def test_the_chair_of_ones_own_unit_sees_nothing_of_an_individual_member(cast: Cast) -> None:
    """security.md 10: the chair may be the HR manager. Every page he may open, before and after the street approves."""
    sent(signed_in(newcomer()), "join", **{**FIVE, "workplace": "云帆数讯", "which_workplace": "none", "region": "110101001"})
    with acting(SYSTEM):
        person = PersonRow("隐名人", checked(number(7)), "13900005555")
        admit_member(cast.street, actor=SYSTEM, row=MemberRow(person, LONG_AGO, employer=cast.firm))
    chair = cast.actor("enterprise_chair")
    client = with_second_factor(cast, "enterprise_chair")
    for url in ("/", reverse("register:employer", args=[cast.firm.public_id]), reverse("web:search") + "?q=隐名人"):
        page = client.get(url).content.decode()
        assert "新职工" not in page
        assert "隐名人" not in page.replace('value="隐名人"', "").replace("“隐名人”", "")
    with acting(chair):
        assert not Application.objects.visible_to(chair).exists()
        assert [one.name for one in Person.objects.visible_to(chair)] == ["李想"]
        assert not Transfer.objects.visible_to(chair).exists()


def test_a_worker_reaches_no_record_by_an_address(cast: Cast) -> None:
    """No page of the portal takes the id of a record, and what a form names is looked for among one's own."""
    client = signed_in(newcomer())
    sent(client, "withdraw_transfer")
    sent(client, "withdraw_application")
    sent(client, "withdraw_correction", kind="correction")
    response: Any = client.post(reverse("portal:officer_phone"), {"post": "chair", "name": "孙佳怡"}, follow=True)
    assert "13812342046" not in response.content.decode()
    with acting(SYSTEM):
        cast.member.refresh_from_db()
    assert cast.member.state == "active"


@pytest.mark.parametrize("text", ["", "云", "云帆", "  云帆  ", "%%%", "___"])
def test_too_few_characters_find_nothing(cast: Cast, text: str) -> None:
    with acting(as_worker(cast)):
        assert own.employers_named(text) == []
        assert own.unions_named(text) == []


def test_entitlements_are_those_of_the_unions_above_mine_today(cast: Cast) -> None:
    with acting(SYSTEM):
        for union, name in ((cast.district, "区里的"), (cast.own, "本单位的"), (cast.joint, "别家的")):
            give_entitlement(union, actor=SYSTEM, name=name, since=LONG_AGO, basis="测试")
        give_entitlement(cast.street, actor=SYSTEM, name="单体的", for_individuals=True, since=LONG_AGO, basis="测试")
        ended = give_entitlement(cast.own, actor=SYSTEM, name="过期的", since=LONG_AGO, basis="测试")
        end_entitlement(ended, actor=SYSTEM, on=today())
    client = signed_in(cast.users["worker"])

    def given() -> set[str]:
        page = opened(client, "entitlements")
        return {name for name in ("区里的", "本单位的", "别家的", "单体的", "过期的") if name in page}

    assert given() == {"区里的", "本单位的"}
    sent(client, "transfer", q="王府井楼宇", goal_id=str(cast.joint.public_id))
    assert given() == {"区里的", "本单位的"}  # while it is under way nothing lapses
    assert "原工会的照旧有效" in opened(client, "entitlements")


def test_open_points_are_everybodys_and_closed_ones_nobodys(cast: Cast) -> None:
    with acting(SYSTEM):
        values: dict[str, Any] = {"kind": "stand", "address": "门口", "hours": "周三", "opened_on": LONG_AGO}
        for union, name in ((cast.next_street, "景山摊"), (cast.street, "东华门摊")):
            open_point(union, actor=SYSTEM, name=name, phone="010-65120000", **values)
        close_point(open_point(cast.street, actor=SYSTEM, name="撤了的摊", **values), actor=SYSTEM, on=today())
    page = opened(signed_in(cast.users["worker"]), "points")
    assert page.index("东华门摊") < page.index("景山摊")  # one's own street first
    assert "tel:010-65120000" in page
    assert "撤了的摊" not in page
