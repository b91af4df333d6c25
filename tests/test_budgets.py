"""What a page may cost: queries of a list, counted, and no more of them when there are more rows."""

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import count as count_up
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gonghui.areas.members import actions as members
from gonghui.areas.register.actions import EmployerRow, add_contact, enter_employers, found_union, propose_strike_off
from gonghui.areas.unionbuilding import actions as building
from gonghui.areas.unionbuilding.actions import Found, PairRow, finish_matching, load_edition, match_edition
from gonghui.areas.unionbuilding.models import Aftercare, Duty, LetterTemplate, TaxMatter
from gonghui.areas.unionbuilding.rules.firms import Firm
from gonghui.core.access.actions import Invitee, grant_role, invite, issue_token, plan_day
from gonghui.core.access.roles import WORKER
from gonghui.core.accounts.actions import create_user
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import start_batch
from gonghui.core.figures.actions import freeze, report, set_target
from gonghui.core.files.actions import store_file
from gonghui.core.notices.todo import Asker, counters, question_of, todo_count
from gonghui.core.organisations.models import Kind
from gonghui.core.people.actions import PersonRow
from gonghui.core.reference.actions import revise_parameter
from gonghui.core.reference.models import Parameter
from gonghui.kit.dates import from_day, today
from gonghui.kit.identity import check_character, checked
from gonghui.web.runs import begin
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.sweep import addresses
from tests.test_pages import signed_in

MOST = 12
MORE = 30
FRAME = re.compile(
    r"\s*(begin|commit|savepoint|release|rollback|select set_config|select coalesce\(current_setting)", re.IGNORECASE
)


def count(client: Client, url: str) -> tuple[int, Any]:
    """The queries that a page really asks, and its list if it shows one."""
    connection.queries_log.clear()  # it keeps the last 9,000 only, and then shows none of a page
    with CaptureQueriesContext(connection) as asked:
        response: Any = client.get(url)
    listing = next((part["listing"] for part in response.context or () if "listing" in part), None)
    return len([query for query in asked.captured_queries if not FRAME.match(query["sql"])]), listing


def lists(client: Client, known: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Every list page that one may open: the addresses without arguments that show one; asks only those known, if any are."""
    for address in addresses():
        if not address.arguments and (not known or address.name in known):
            url = address.url({})
            if count(client, url)[1] is not None:
                yield address.name, url


def crowd(cast: Cast, prefix: str, times: int) -> None:
    """Many more rows in every list there is; a new list wants a line here."""
    names = [f"{prefix}{number}" for number in range(times)]
    street = cast.street
    with acting(SYSTEM):
        rows = [EmployerRow(f"{name}店", LONG_AGO, region=street.region, headcount=9) for name in names]
        for name, employer in zip(names, enter_employers(street, actor=SYSTEM, rows=rows), strict=True):
            found_union(street, actor=SYSTEM, name=f"{name}工会", kind=Kind.OWN, on=LONG_AGO, document="京工发〔2015〕3号")
            add_contact(employer, actor=SYSTEM, post="chair", name=name, phone="", since=LONG_AGO)
            propose_strike_off(employer, actor=cast.actor("street_officer"), reason="unreachable", evidence="无人")
            invite(street, actor=SYSTEM, invitees=[Invitee(name, f"139{employer.pk:08d}", "enterprise_chair")])
            user = create_user(username=name, name=name, password=None)
            grant_role(street, actor=SYSTEM, user=user, role="street_officer", since=LONG_AGO)
            officer, expires_on = cast.users["street_officer"], today() + dt.timedelta(days=9)
            issue_token(
                officer, actor=cast.actor("street_officer"), label=name, permissions=["register.view"], expires_on=expires_on
            )
            newest = Parameter.objects.unscoped("the newest value").filter(valid__upper_inf=True).order_by("key")[0]
            since = (newest.valid.lower or LONG_AGO) + dt.timedelta(days=1)
            store_file(cast.district, actor=SYSTEM, name=name, content=b"", purpose="测试")
            workbook = "单位名称\n某店\n".encode()
            start_batch(cast.street, actor=SYSTEM, sheet="register.employers", name=f"{name}.csv", content=workbook)
            revise_parameter(newest, actor=SYSTEM, value=newest.value, since=since, basis="测试")
            publish(cast, name, since)

    crowd_of_members(cast, names)
    crowd_of_prospects(cast, names)
    crowd_of_foundings(cast, names)
    crowd_of_lists(cast, names)
    actor = cast.actor("street_officer")
    with acting(actor):
        for name in names:
            begin(actor, kind="export", source="list:register.employers", title=name)


def crowd_of_lists(cast: Cast, names: list[str]) -> None:
    """A list for each name, with a firm that is an employer and, after the first, one that is new; and what its payments leave open."""
    with acting(SYSTEM):
        for name in names:
            (employer,) = enter_employers(cast.street, actor=SYSTEM, rows=[EmployerRow(f"{name}坊", LONG_AGO)])
            firm = Firm(name, headcount=9, street=cast.street)
            edition, entries = load_edition(cast.street, actor=SYSTEM, kind="tax", firms=[firm], lines=1, code=uuid4())
            match_edition(edition, actor=SYSTEM)
            found = Found([PairRow(entries[0].pk, employer.pk, 9, "auto", 0.99)])
            finish_matching(edition, actor=SYSTEM, found=found)
            TaxMatter.objects.create(edition=edition, organisation=cast.street, kind="no_union", employer=employer, name=name)


def crowd_of_members(cast: Cast, names: list[str]) -> None:
    """Members who move, applicants, people who want something corrected, points, entitlements, reminders, counter sessions."""
    street, numbers = cast.street, numbers_of(names)
    with acting(SYSTEM):
        threshold = Parameter.objects.unscoped("the newest value").get(
            key="members.founding_threshold", valid__endswith__isnull=True
        )
        if threshold.value != 1:
            revise_parameter(threshold, actor=SYSTEM, value=1, since=today(), basis="测试")
        for name, (first, second) in zip(names, numbers, strict=True):
            (employer,) = enter_employers(street, actor=SYSTEM, rows=[EmployerRow(f"{name}馆", LONG_AGO, region=street.region)])
            row = members.MemberRow(PersonRow(name, checked(first)), LONG_AGO, employer=employer)
            member = members.admit_member(street, actor=SYSTEM, row=row)
            members.request_transfer(cast.joint, actor=SYSTEM, person=member.person)
            members.take_application(street, actor=SYSTEM, row=members.ApplicationRow(name, second, name))
            own = Actor(name=name, own=WORKER, person_id=member.person_id)
            members.request_correction(member.person, actor=own, values={"native_place": name})
            values = {"kind": "stand", "address": name, "hours": name, "opened_on": LONG_AGO}
            members.open_point(street, actor=SYSTEM, name=name, **values)
            members.give_entitlement(street, actor=SYSTEM, since=LONG_AGO, name=name, basis="测试")
            members.end_counter(members.begin_counter(street, actor=SYSTEM, purpose=name), actor=SYSTEM)
            plan_day(cast.district, actor=SYSTEM, day=next(DAYS), is_working=False, occasion=name)


def crowd_of_prospects(cast: Cast, names: list[str]) -> None:
    """Prospects that were claimed and called, some found closed, each disputed; and somebody who answers for an area."""
    street, officer = cast.street, cast.users["street_officer"]
    with acting(SYSTEM):
        for name in names:
            row = EmployerRow(f"{name}铺", LONG_AGO, region=street.region)
            (employer,) = enter_employers(street, actor=SYSTEM, rows=[row])
            (prospect,) = building.open_prospects(street, actor=SYSTEM, employers=[employer])
            building.claim(street, actor=SYSTEM, prospect=prospect)
            prospect.refresh_from_db()
            building.record_attempt(prospect, actor=SYSTEM, row=building.AttemptRow("visit", "nobody"))
            found = building.FindingRow("visit", "duplicate", today())
            building.record_finding(prospect, actor=SYSTEM, row=found)
            building.give_charge(street, actor=SYSTEM, user=officer, since=today(), area=name)
            asker = replace(SYSTEM, user_id=User.objects.get(username=name).pk)  # each may ask so often only
            building.raise_dispute(cast.next_street, actor=asker, firm=f"{name}铺", reason="测试")


def crowd_of_foundings(cast: Cast, names: list[str]) -> None:
    """Employers to be worked on, unions that are looked after with their duties, awards, templates."""
    street = cast.street
    with acting(SYSTEM):
        rows = [EmployerRow(f"{name}厂", LONG_AGO, region=street.region, headcount=9) for name in names]
        employers = enter_employers(street, actor=SYSTEM, rows=rows)
        building.open_prospects(street, actor=SYSTEM, employers=employers)
        file = store_file(street, actor=SYSTEM, name="x.docx", content=b"", purpose="测试")
        for name, employer in zip(names, employers, strict=True):
            union = found_union(street, actor=SYSTEM, name=f"{name}厂工会", kind=Kind.OWN, on=LONG_AGO, document="3号")
            care = Aftercare(union=union, employer=employer, organisation=street, founded_on=LONG_AGO)
            care.save(force_insert=True)
            Duty(aftercare=care, kind="audit", group="orderly", due_on=today()).save(force_insert=True)
            day = next(DAYS)
            building.compute_award(street, actor=SYSTEM, since=day, before=day + dt.timedelta(days=1))
            valid = from_day(day, day + dt.timedelta(days=1))
            LetterTemplate(organisation=street, kind="notice", file=file, valid=valid).save(force_insert=True)


DAYS = (dt.date(2040, 1, 1) + dt.timedelta(days=number) for number in count_up())


def numbers_of(names: list[str]) -> list[tuple[str, str]]:
    """Two resident IDs for everybody."""
    made = []
    for _name in names:
        bases = [f"11010119700101{next(NUMBERS):03d}" for _which in range(2)]
        made.append((bases[0] + check_character(bases[0]), bases[1] + check_character(bases[1])))
    return made


NUMBERS = count_up()


def publish(cast: Cast, name: str, since: dt.date) -> None:
    """A frozen value, what a paper said of it, and a target."""
    actor, figure = cast.actor("department_officer"), "employers"
    freeze(cast.district, actor=actor, figure=figure, when=LONG_AGO, occasion=name)
    report(cast.district, actor=actor, figure=figure, when=LONG_AGO, number=Decimal(1), source=name)
    period = from_day(since, since + dt.timedelta(days=1))
    set_target(cast.district, actor=actor, figure=figure, period=period, number=Decimal(1), basis=name)


def costs(cast: Cast, known: Collection[str] = ()) -> dict[str, tuple[int, int]]:
    """Every list, or those known: the most queries it asks of one of the cast who may open it, and the most rows it shows."""
    found: dict[str, tuple[int, int]] = {}
    for user in cast.users:
        client = signed_in(cast, user)
        for name, url in lists(client, known):
            queries, listing = count(client, url)
            most, rows = found.get(name, (0, 0))
            found[name] = max(most, queries), max(rows, listing.total)
    return found


def test_a_list_keeps_to_its_budget_and_asks_no_more_when_it_grows(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("ERROR", logger="django.request")
    crowd(cast, "先", 2)  # so that every list has rows to begin with
    before, users = costs(cast), list(cast.users)
    assert set(before) >= {"register:employers", "register:unions", "web:grants"}
    assert {name: queries for name, (queries, _rows) in before.items() if queries > MOST} == {}
    crowd(cast, "后", MORE)
    assert list(cast.users) == users
    after = costs(cast, before)
    print()
    for name, (queries, rows) in after.items():
        print(f"{name}: {before[name][0]} queries for {before[name][1]} rows, {queries} for {rows}")
    assert {name for name, (_queries, rows) in after.items() if rows < before[name][1] + MORE} == set(), "crowd() misses a list"
    assert {name for name, (queries, _rows) in after.items() if queries > before[name][0]} == set()


def test_what_waits_is_one_question_made_of_the_actor_alone(cast: Cast) -> None:
    """It is kept for a minute, so nothing that was read may be part of it."""
    assert list(addresses()), "they bring the sources with them"
    assert len(counters) > 10
    for name in cast.users:
        actor = cast.actor(name)
        with acting(actor), CaptureQueriesContext(connection) as asked:
            question_of(Asker.of(actor))
        assert [query["sql"] for query in asked.captured_queries if not FRAME.match(query["sql"])] == [], name
        with acting(actor), CaptureQueriesContext(connection) as asked:
            todo_count(actor, today())
        assert len([query for query in asked.captured_queries if not FRAME.match(query["sql"])]) <= 1, name
