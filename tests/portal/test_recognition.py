"""A member whom a roster has brought in signs in on his phone for the first time; nobody else learns that the register has him."""

import datetime as dt
import re

import pytest

from gonghui.areas.members.actions import MemberRow, admit_member, approve_application
from gonghui.areas.members.models import Application, Membership, Transfer
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import Refused
from gonghui.core.actions.door import acting
from gonghui.core.notices.models import Message
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.core.reference.actions import revise_parameter
from gonghui.core.reference.models import Parameter
from gonghui.kit.dates import today
from gonghui.kit.identity import checked
from tests.cast import SYSTEM, Cast
from tests.portal.pages import FIVE, newcomer, number, opened, sent, signed_in

WHY = "compared with the pages"
NAME, PHONE = "新职工", "13900004001"
STREET = "110101001"


def on_the_roster(union: Organisation, cast: Cast, *, phone: str = PHONE, name: str = NAME) -> Membership:
    """A member of the union whom nobody has seen on a phone; his number is that of the five fields."""
    row = MemberRow(PersonRow(name, checked(number(1)), phone), dt.date(2021, 5, 6), employer=cast.firm)
    with acting(SYSTEM):
        return admit_member(union, actor=SYSTEM, row=row)


def applications() -> list[Application]:
    with acting(SYSTEM):
        return list(Application.objects.unscoped(WHY))


def person_of(user: User) -> int | None:
    return User.objects.get(pk=user.pk).person_id


def test_number_name_and_telephone_lead_straight_to_the_card(cast: Cast) -> None:
    member, user = on_the_roster(cast.own, cast), newcomer(NAME, PHONE)
    page = sent(signed_in(user), "join", **FIVE)  # the place of work is known to nobody, and its street is not asked for
    assert f"您已是{cast.own.name}的会员" in page
    assert "data-codes" in page
    assert person_of(user) == member.person_id
    assert applications() == []


def test_the_account_says_in_its_history_how_it_learned_whose_it_is(cast: Cast) -> None:
    on_the_roster(cast.own, cast)
    user = newcomer(NAME, PHONE)
    sent(signed_in(user), "join", **FIVE)
    with acting(SYSTEM):
        event = User.events.rel.related_model._base_manager.filter(pgh_obj_id=user.pk).latest("pk")  # type: ignore[attr-defined]
        said = event.pgh_context.metadata
    assert (said["verb"], said["user"]) == ("members.recognise_member", user.pk)


def test_sending_the_form_twice_leaves_no_application_behind(cast: Cast) -> None:
    on_the_roster(cast.own, cast)
    client = signed_in(newcomer(NAME, PHONE))
    sent(client, "join", **FIVE)
    assert "data-codes" in sent(client, "join", **FIVE)
    assert applications() == []


@pytest.mark.parametrize(
    ("known", "doubt"),
    [
        ({"phone": "13900004999"}, "手机号与原登记的不同"),
        ({"name": "同号人"}, "同一证件号码已登记为另一个姓名"),
        ({"phone": ""}, "没有登记手机号"),
    ],
)
def test_what_does_not_agree_is_an_ordinary_application_and_says_no_more_than_an_unknown_number(
    cast: Cast, known: dict[str, str], doubt: str
) -> None:
    on_the_roster(cast.own, cast, **known)
    five = {**FIVE, "workplace": cast.shop.name}
    page = sent(signed_in(newcomer(NAME, PHONE)), "join", **five)
    other = sent(signed_in(newcomer("另一人", "13900004002")), "join", **{**five, "name": "另一人", "number": number(2)})
    assert without_own_data(page) == without_own_data(other)
    assert "申请已经交给工会" in page
    first, second = applications()
    assert doubt in first.doubt
    assert second.doubt == ""
    assert doubt not in page


def without_own_data(page: str) -> str:
    """A page without what its reader has typed himself, and without what differs at every request."""
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce|csrf-token" content)="[^"]*"', "", page)
    for own in (NAME, "另一人", "139****4001", "139****4002", *(checked(number(n)).masked for n in (1, 2))):
        page = page.replace(own, "·")
    return page


def test_somebody_elses_account_learns_nothing_of_a_member_who_has_one(cast: Cast) -> None:
    member = on_the_roster(cast.own, cast)
    with acting(SYSTEM):
        User.objects.filter(pk=cast.users["outsider"].pk).update(person=member.person)
    user = newcomer(NAME, PHONE)
    assert "申请已经交给工会" in sent(signed_in(user), "join", **FIVE, region=STREET)
    assert person_of(user) is None


def test_too_many_tries_are_refused(cast: Cast) -> None:
    with acting(SYSTEM):
        present = Parameter.objects.unscoped(WHY).get(key="members.joining_tries")
        revise_parameter(present, actor=SYSTEM, value=1, since=today(), basis="一个小区")
    client = signed_in(newcomer(NAME, PHONE))
    assert "还差一步" in sent(client, "join", **FIVE)
    assert "提交的次数太多" in sent(client, "join", **FIVE)


# -- the union agrees to an application of one of its own ---------------------------------------------------------


def asked(cast: Cast, workplace: str, **more: str) -> tuple[User, Application]:
    """An application from another telephone than the one on the register."""
    user = newcomer(NAME, "13900004003")
    sent(signed_in(user), "join", **{**FIVE, "workplace": workplace, **more})
    (application,) = applications()
    return user, application


def agreed(application: Application, cast: Cast, who: str) -> Membership | Transfer:
    with cast.act(who) as actor:
        with pytest.raises(Refused):
            approve_application(application, actor=actor)
        return approve_application(application, actor=actor, is_checked=True)


def test_its_own_member_needs_no_transfer_and_his_card_is_there(cast: Cast) -> None:
    member = on_the_roster(cast.own, cast)
    user, application = asked(cast, cast.firm.name)
    assert agreed(application, cast, "enterprise_chair") == member
    page = opened(signed_in(user), "application")
    assert f"您已是{cast.own.name}的会员，不用再办入会" in page
    assert "data-codes" in opened(signed_in(user), "card")
    with acting(SYSTEM):
        assert not Transfer.objects.unscoped(WHY).exists()
        assert Message.objects.unscoped(WHY).filter(user=user, kind="members.application_recognised").exists()


def test_a_member_of_a_union_below_stays_there_while_no_other_employer_is_named(cast: Cast) -> None:
    member = on_the_roster(cast.own, cast)
    user, application = asked(cast, "拐角咖啡馆", region=STREET)
    assert agreed(application, cast, "street_officer") == member
    assert person_of(user) == member.person_id


def test_a_member_of_a_union_below_who_works_elsewhere_now_is_asked_for(cast: Cast) -> None:
    on_the_roster(cast.own, cast)
    _user, application = asked(cast, cast.mill.name)
    transfer = agreed(application, cast, "street_officer")
    assert isinstance(transfer, Transfer)
    assert (transfer.origin_id, transfer.target_id) == (cast.own.pk, cast.street.pk)


def test_a_member_of_the_union_above_is_asked_for_by_the_union_of_his_place_of_work(cast: Cast) -> None:
    on_the_roster(cast.street, cast)
    _user, application = asked(cast, cast.firm.name)
    transfer = agreed(application, cast, "enterprise_chair")
    assert isinstance(transfer, Transfer)
    assert (transfer.origin_id, transfer.target_id) == (cast.street.pk, cast.own.pk)


def test_who_has_another_account_is_told_where_his_card_is(cast: Cast) -> None:
    member = on_the_roster(cast.own, cast)
    with acting(SYSTEM):
        User.objects.filter(pk=cast.users["outsider"].pk).update(person=member.person)
    user, application = asked(cast, cast.firm.name)
    agreed(application, cast, "enterprise_chair")
    assert "会员卡在您以前登录的账号里" in opened(signed_in(user), "application")
    assert person_of(user) is None
