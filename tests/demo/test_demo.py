"""The demo holds the article's facts, and its people can sign in. Loaded once; rolled back after the last test."""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from gonghui.areas.register.models import Employer
from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.figures.registry import Basis, Scope, Value, breakdown, figures, value
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.demo.cast import SIGN_INS, SignIn
from gonghui.demo.load import load
from gonghui.kit import uscc
from gonghui.kit.dates import today
from gonghui.web.pages.sign_in import current_code

SYSTEM = Actor.system("tests.demo")
ARTICLE = dt.date(2016, 12, 31)
DONGHUAMEN = "110101001"
SECONDS = 30
WAITING = {"quzhuxi": 5, "bushi": 5, "donghuamen": 8}  # at least so many matters on the first screen


@pytest.fixture(scope="module")
def seconds(django_db_setup: None, django_db_blocker: Any) -> Iterator[float]:
    """The loaded demo, and how long loading it took."""
    with django_db_blocker.unblock(), transaction.atomic():
        begun = time.monotonic()
        load()
        yield time.monotonic() - begun
        transaction.set_rollback(True)


@pytest.fixture
def register(seconds: float) -> Iterator[None]:
    """The door, open for the system."""
    with acting(SYSTEM):
        yield


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


@pytest.mark.parametrize("on", [ARTICLE, today()])
@pytest.mark.parametrize("basis", ["managing", "place"])
def test_donghuamen_is_as_the_article_says(register: None, on: dt.date, basis: Basis) -> None:
    rate = asked("coverage_rate", union(DONGHUAMEN), on, basis)
    assert (str(rate.number), rate.above, rate.below) == ("90.35", 1639, 1814)
    assert asked("workers", union(DONGHUAMEN), on, basis).number == 20478
    assert asked("employers", union(DONGHUAMEN), on, basis).number == rate.below


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


def test_the_outsider_sees_nothing_of_donghuamen(seconds: float) -> None:
    actor = actor_for(User.objects.get(username="jingshan"))
    with acting(SYSTEM):
        street_id = union(DONGHUAMEN).pk
    with acting(actor):
        seen = Employer.objects.visible_to(actor)
        assert seen.exists()
        assert not seen.filter(street=street_id).exists()
        assert not Employer.objects.unscoped("wall 1 off in a test").filter(street=street_id).exists()


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
        request: Any = home.wsgi_request
        assert request.todo_count >= WAITING[one.username]
