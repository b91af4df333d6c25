"""The demo holds the articles' facts, and its people can sign in."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Exists, OuterRef
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gonghui.areas.members.models import Alert, Application, IntakePoint, Transfer
from gonghui.areas.register.duplicates import suspected_employers, suspected_unions
from gonghui.areas.register.models import Coverage, Employer
from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.models import User
from gonghui.core.actions.door import acting
from gonghui.core.figures.models import ReportedFigure
from gonghui.core.figures.periods import Period
from gonghui.core.figures.registry import Basis, Scope, Value, breakdown, figures, value
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.demo.cast import SIGN_INS, SignIn
from gonghui.demo.load import load
from gonghui.kit import uscc
from gonghui.kit.dates import today
from gonghui.web.pages.sign_in import current_code
from tests.demo.conftest import SYSTEM

ARTICLE = dt.date(2016, 12, 31)
DONGHUAMEN = "110101001"
SECONDS = 120  # a minute on a quiet machine
WAITING = {"quzhuxi": 5, "bushi": 5, "donghuamen": 8}  # at least so many matters on the first screen


def union(code: str) -> Organisation:
    return Organisation.objects.visible_to(SYSTEM).get(code=code)


def asked(figure: str, organisation: Organisation, on: dt.date, basis: Basis = "managing") -> Value:
    return value(figures[figure], Scope(organisation, basis), on, actor=SYSTEM)


def counted(figure: str, organisation: Organisation, on: dt.date) -> int:
    """A figure that is a whole number."""
    number = asked(figure, organisation, on).number
    assert isinstance(number, int)
    return number


def test_loads_in_time_and_only_once(seconds: float) -> None:
    assert seconds < SECONDS
    load()
    assert User.objects.filter(is_demo=True).count() == len(SIGN_INS)


@pytest.mark.parametrize("basis", ["managing", "place"])
def test_donghuamen_is_as_the_article_says(register: None, basis: Basis) -> None:
    rate = asked("coverage_rate", union(DONGHUAMEN), ARTICLE, basis)
    assert (str(rate.number), rate.above, rate.below) == ("90.35", 1639, 1814)
    assert asked("workers", union(DONGHUAMEN), ARTICLE, basis).number == 20478
    assert asked("employers", union(DONGHUAMEN), ARTICLE, basis).number == rate.below


def first_covered(code: str, year: int, last: dt.date, **conditions: Any) -> int:
    """Employers of a district whose first coverage as a whole unit began in the year, until a day."""
    rows = Coverage.objects.visible_to(SYSTEM).filter(organisation__path__startswith=union(code).path, extent="whole")
    earlier = rows.filter(employer=OuterRef("employer"), valid__startswith__lt=dt.date(year, 1, 1))
    rows = rows.filter(valid__startswith__range=(dt.date(year, 1, 1), last), **conditions).exclude(Exists(earlier))
    return rows.values("employer").distinct().count()


def test_xicheng_2016_is_as_the_article_says(register: None) -> None:
    day = dt.date(2016, 11, 30)
    assert str(asked("coverage_rate", union("110102"), day).number) == "99.01"
    assert first_covered("110102", 2016, day) == 2617
    assert first_covered("110102", 2016, day, form="joint") == 2389
    assert first_covered("110102", 2016, day, form="own") == 228
    assert first_covered("110102", 2016, day, employer__headcounts__count__gte=100) == 75


def flowed(code: str, organisation: Organisation, year: int, last: dt.date) -> object:
    """A flow from New Year until a day."""
    return value(figures[code], Scope(organisation), Period(dt.date(year, 1, 1), last), actor=SYSTEM).number


def test_members_are_as_the_articles_say(register: None) -> None:
    rate = asked("joining_rate_of_all", union(DONGHUAMEN), ARTICLE)
    assert (str(rate.number), rate.above, rate.below) == ("91.08", 18651, 20478)
    day = dt.date(2016, 11, 30)
    assert str(asked("joining_rate_of_all", union("110102"), day).number) == "96.77"
    assert flowed("new_members", union("110102"), 2016, day) == 15815
    printed = ReportedFigure.objects.visible_to(SYSTEM).get(figure="new_members", organisation=union("110102"))
    assert (int(printed.number), printed.until) == (10893, day)
    assert flowed("new_members", union("110115"), 2018, dt.date(2018, 12, 31)) == 13596


def test_dispatch_workers_of_daxing_are_as_the_article_says(register: None) -> None:
    day = dt.date(2018, 12, 31)
    assert counted("dispatch_firms_covered", union("110115"), day) == 22
    share = asked("dispatch_share", union("110115"), day)
    assert (str(share.number), share.above) == ("50.00", 5188)


def test_somebody_waits_to_join_and_to_be_transferred(register: None) -> None:
    assert Application.objects.visible_to(SYSTEM).filter(state="pending").count() == 6
    assert Transfer.objects.visible_to(SYSTEM).filter(state="requested").count() == 3
    (alert,) = Alert.objects.visible_to(SYSTEM)
    assert (alert.count, alert.organisation) == (25, union(DONGHUAMEN))
    points = IntakePoint.objects.visible_to(SYSTEM).filter(organisation=union("110102010"))
    kinds = [points.filter(kind=kind).count() for kind in ("station", "building", "community")]
    assert kinds == [1, 13, 24]  # the article's heading says 37, which leaves the station out


def test_daxing_2018_is_as_the_article_says(register: None) -> None:
    day = dt.date(2018, 12, 31)
    assert first_covered("110115", 2018, day, form="own") == 159
    assert first_covered("110115", 2018, day, form="own", employer__headcounts__count__gte=100) == 59


def test_the_last_eighteen_months_are_alive(register: None) -> None:
    for code in ("110101", "110102", "110115"):
        ago = [today() - dt.timedelta(days=days) for days in (540, 360, 180, 0)]
        covered = [counted("covered_employers", union(code), day) for day in ago]
        assert len(set(covered)) == len(covered)
    events = apps.get_model("register.EmployerEvent")._base_manager
    days = set(
        events.filter(pgh_created_at__lt=timezone.now() - dt.timedelta(days=1)).values_list("pgh_created_at__date", flat=True)
    )
    assert len(days) > 100


def test_a_leader_sees_one_district(seconds: float) -> None:
    actor = actor_for(User.objects.get(username="xicheng"))
    with acting(actor):
        paths = set(Employer.objects.visible_to(actor).values_list("organisation__region__code", flat=True))
    assert {code[:6] for code in paths if code} == {"110102"}


def test_earlier_years_were_smaller(register: None) -> None:
    years = [counted("covered_employers", union(DONGHUAMEN), dt.date(year, 12, 31)) for year in range(2008, 2017)]
    assert years == sorted(years)
    assert 0 < years[0] < years[4] < years[8]


@pytest.mark.parametrize("by", ["street", "managing"])
@pytest.mark.parametrize("code", ["eligible_employers", "covered_employers", "workers"])
def test_parts_sum_to_the_district(register: None, code: str, by: str) -> None:
    district = union("110101")
    cells = breakdown(figures[code], Scope(district), today(), by, actor=SYSTEM)
    assert len(cells) > 1
    assert sum(cell.value.number or 0 for cell in cells) == counted(code, district, today())


def test_own_and_joint_coverage_are_all_coverage(register: None) -> None:
    street = union(DONGHUAMEN)
    forms = [counted(code, street, today()) for code in ("covered_own", "covered_joint")]
    assert sum(forms) == counted("covered_employers", street, today())
    own = Organisation.objects.visible_to(SYSTEM).under(street).filter(kind=Kind.OWN, state="active")
    assert own.count() == forms[0]


def test_employers_are_made_up_and_their_codes_are_valid(register: None) -> None:
    rows = Employer.objects.visible_to(SYSTEM)
    assert not rows.filter(is_synthetic=False).exists()
    codes = rows.values_list("uscc", flat=True)
    assert 0.8 < sum(code is not None for code in codes) / len(codes) < 0.95
    assert all(uscc.checked(code) == code for code in codes if code)


def test_the_outsider_sees_nothing_of_donghuamen_but_the_prospects_it_works_on(seconds: float) -> None:
    actor = actor_for(User.objects.get(username="jingshan"))
    with acting(SYSTEM):
        street_id = union(DONGHUAMEN).pk
    with acting(actor):
        seen = Employer.objects.visible_to(actor)
        assert seen.exists()
        without_wall_1 = Employer.objects.unscoped("wall 1 off in a test")
        for rows in (seen, without_wall_1):
            assert set(rows.filter(street=street_id).values_list("organisation__code", flat=True)) == {"110101002"}


@pytest.mark.parametrize("one", SIGN_INS, ids=lambda one: one.username)
def test_everybody_signs_in_with_password_and_code(seconds: float, one: SignIn) -> None:
    client, user = Client(), User.objects.get(username=one.username)
    response = client.post(reverse("account_login"), {"login": one.username, "password": one.password})
    assert response.headers["Location"] == reverse("mfa_authenticate")
    shown = client.get(reverse("mfa_authenticate"))
    assert shown.context["demo_code"] == current_code(user)
    client.post(reverse("mfa_authenticate"), {"code": shown.context["demo_code"]})
    home = client.get("/")
    assert home.status_code == (200 if one.access else 403)
    if one.username in WAITING:
        shell: Any = home.context["shell"]
        assert shell["todo_count"]() >= WAITING[one.username]


def test_the_department_finds_what_was_entered_twice(seconds: float) -> None:
    actor = actor_for(User.objects.get(username="bushi"))
    with acting(actor):
        employers, unions = suspected_employers(actor), suspected_unions(actor)
    assert len([one for one in employers if "（北京）" in one.other.name]) == 2
    assert len([one for one in unions if one.other.name.endswith("联合工会委员会")]) == 1
    assert max(len(employers), len(unions)) < 20, "a queue, not a flood"
