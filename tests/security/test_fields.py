"""Row A7: which role may be shown which value in full, by which way out of the system. Every role says so here, in so many words."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gonghui.areas.members import actions, queries
from gonghui.areas.members.actions import ApplicationRow, record_card
from gonghui.areas.members.cards import codes
from gonghui.areas.members.desk import papers
from gonghui.areas.members.desk.members import parts_of
from gonghui.areas.members.models import Application, Membership
from gonghui.areas.members.sheets import APPLICATIONS, MEMBERS
from gonghui.core.access.queries import actor_for
from gonghui.core.access.roles import ROLES
from gonghui.core.accounts.actions import create_user, prove_phone
from gonghui.core.actions.door import acting
from gonghui.core.history.timeline import timeline
from gonghui.core.people.actions import add_document, edit_person
from gonghui.core.people.models import IdentityDocument
from gonghui.core.reference.queries import choices
from gonghui.kit.dates import now, today
from gonghui.kit.identity import checked
from tests.cast import SYSTEM, Cast
from tests.members import records
from tests.portal.pages import PAGES
from tests.portal.pages import signed_in as worker_signed_in
from tests.sweep import said
from tests.test_pages import signed_in

WHY = "compared with the pages"
WORKER = "worker"  # no role: what every worker has, of himself
DOCUMENT, PHONE, CARD, NAME = "document", "phone", "card", "name"
FIELDS = (DOCUMENT, PHONE, CARD, NAME)
WAYS = ("html", "api", "xlsx", "paper", "history", "search", "scanner", "reveal")
EVERY_COLUMN = ",".join(dict.fromkeys(column.code for sheet in (MEMBERS, APPLICATIONS) for column in sheet.columns))
NOTHING: frozenset[str] = frozenset()
NAMED, NUMBERS = frozenset({NAME}), frozenset({DOCUMENT, PHONE, CARD, NAME})
DESK = {"html": NAMED, "api": NAMED, "xlsx": NAMED, "paper": NAMED, "history": NAMED, "search": NAMED, "scanner": NOTHING}
IN_FULL: dict[str, dict[str, frozenset[str]]] = {
    "district_chair": {**DESK, "paper": NOTHING, "reveal": NOTHING},
    "department_officer": {**DESK, "reveal": NUMBERS},
    "street_officer": {**DESK, "reveal": NUMBERS},
    "enterprise_chair": {**DESK, "reveal": NUMBERS},
    "administrator": dict.fromkeys(WAYS, NOTHING),
    WORKER: {**dict.fromkeys(WAYS, NOTHING), "html": NAMED},
}
"""Role → way → what may stand there in full. Nothing else may, and all of it does, so that the table is no wish."""


class Subject:
    """A member of the enterprise union whose every number is on record, changed once, so that the history has something to tell; and
    somebody who asks to join."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.name = cast, "欧阳长风"
        first, second = "13966660001", "13966660002"
        self.member = records.member(cast, name="欧阳", phone=first, employer=cast.firm)
        passport = checked("E12345678", "passport")
        with acting(SYSTEM):
            number = IdentityDocument.objects.unscoped(WHY).get(person=self.member.person).number()
            edit_person(self.member.person, actor=SYSTEM, phone=second, name=self.name)
            add_document(self.member.person, actor=SYSTEM, document=passport)
            record_card(self.member, actor=SYSTEM, state="issued", number=records.CARD_NUMBER)
            row = ApplicationRow(self.name, (asks := records.number()), "某处", "13966660003", employer=cast.firm)
            self.application: Application = actions.take_application(cast.own, actor=SYSTEM, row=row)
            user = create_user(username=WORKER * 2, name=self.name, password=None)
            prove_phone(user, second, person=self.member.person)
            user.refresh_from_db()
        cast.users[WORKER] = user
        self.values = {
            DOCUMENT: {number, passport.number, asks},
            PHONE: {first, second, "13966660003"},
            CARD: {records.CARD_NUMBER},
            NAME: {self.name},
        }

    def shown(self, text: str) -> frozenset[str]:
        """The fields of which a value stands in a text, in whatever groups of digits."""
        together = text.replace(" ", "").replace("-", "")
        return frozenset(
            field for field, values in self.values.items() if any(one in text or one in together for one in values)
        )

    def client(self, role: str) -> Client:
        return worker_signed_in(self.cast.users[WORKER]) if role == WORKER else signed_in(self.cast, role)


@pytest.fixture
def subject(cast: Cast) -> Subject:
    return Subject(cast)


def html(subject: Subject, role: str, patch: Any) -> str:
    """Lists with every column, records, drawers, forms; the portal."""
    client, member, asked = subject.client(role), subject.member.public_id, subject.application.public_id
    urls = ["/members/", f"/members/?cols={EVERY_COLUMN}", "/members/applications/"]
    urls += [f"/members/{member}/", f"/members/{member}/?drawer=1", f"/members/applications/{asked}/", "/members/review/", "/"]
    urls += [reverse("members:member_step", args=[member, step]) for step in ("reveal", "edit", "card", "document", "transfer")]
    urls += [reverse(f"portal:{page}") for page in PAGES] if role == WORKER else []
    return "\n".join(said(client.get(url, follow=True)) for url in urls)


def api(subject: Subject, role: str, patch: Any) -> str:
    client, member = subject.client(role), subject.member.public_id
    urls = ["/members", f"/members/{member}", "/applications", f"/applications/{subject.application.public_id}", "/transfers"]
    return "\n".join(said(client.get(f"/api/v1{url}")) for url in urls)


def xlsx(subject: Subject, role: str, patch: Any) -> str:
    """The lists with every column, out of the file that is downloaded."""
    client, told = subject.client(role), []
    for code in ("members.members", "members.applications"):
        url = reverse("web:export", args=[f"list:{code}"])
        response = client.post(f"{url}?cols={EVERY_COLUMN}", {"purpose": "check"})
        if "/files/" in response.headers.get("Location", ""):
            told.append(said(client.post(response.headers["Location"])))
    return "\n".join(told)


def paper(subject: Subject, role: str, patch: Any) -> str:
    """What is set in type: a card, a roster."""
    printed: list[Any] = []

    def typeset(path: Any, data: Any) -> bytes:
        printed.append(data)
        return b"%PDF-"

    patch.setattr(papers, "typeset", typeset)
    subject.client(role).post(reverse("members:member_step", args=[subject.member.public_id, "print"]))
    actor = actor_for(subject.cast.users[role])
    with acting(actor):
        if actor.can("members.print_member"):
            papers.roster([(row, "") for row in queries.members(actor)])
    return json.dumps(printed, ensure_ascii=False, default=str)


def history(subject: Subject, role: str, patch: Any) -> str:
    """The timeline of the record, for who may open it."""
    actor = actor_for(subject.cast.users[role])
    with acting(actor):
        rows = list(queries.members(actor).filter(pk=subject.member.pk)) if actor.scopes else []
        return repr([timeline(row, parts_of(row)) for row in rows])


def search(subject: Subject, role: str, patch: Any) -> str:
    """The palette's suggestions for parts of every value."""
    client = subject.client(role)
    numbers = [value[-4:] for field in (DOCUMENT, PHONE, CARD) for value in subject.values[field]]
    typed = [subject.name[:2], subject.name[2:], "oycf", *numbers]
    return "\n".join(said(client.get("/search/", {"q": one}, headers={"X-Requested-With": "fetch"})) for one in typed)


def scanner(subject: Subject, role: str, patch: Any) -> str:
    code = codes(subject.member.public_id, now())[0].text
    return said(subject.client(role).post(reverse("members:scanner"), {"text": code}))


def reveal(subject: Subject, role: str, patch: Any) -> str:
    """With a reason, one by one, of the member; the reading is logged first (`test_traces.py`)."""
    with acting(SYSTEM):
        reason = choices("reveal_reason", today())[0][0]
    url, client = reverse("members:member_step", args=[subject.member.public_id, "reveal"]), subject.client(role)
    return "\n".join(said(client.post(url, {"what": what, "reason": reason})) for what in (DOCUMENT, PHONE, CARD))


PROBES: dict[str, Callable[[Subject, str, Any], str]] = {
    "html": html,
    "api": api,
    "xlsx": xlsx,
    "paper": paper,
    "history": history,
    "search": search,
    "scanner": scanner,
    "reveal": reveal,
}


def test_every_role_says_what_it_is_shown() -> None:
    """A new role, way or field fails here until somebody has decided."""
    assert set(IN_FULL) == {*ROLES, WORKER}
    assert all(set(ways) == set(WAYS) for ways in IN_FULL.values())
    assert set(PROBES) == set(WAYS)


@pytest.mark.parametrize("role", list(IN_FULL))
def test_a_value_stands_in_full_where_the_table_says_and_nowhere_else(
    subject: Subject, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {way: subject.shown(probe(subject, role, monkeypatch)) for way, probe in PROBES.items()}
    wrong = {
        (way, field): field in found[way]
        for way in WAYS
        for field in FIELDS
        if (field in found[way]) != (field in IN_FULL[role][way])
    }
    assert wrong == {}
    print(f"\n{role}: {len(WAYS) * len(FIELDS)} cells")


def test_a_number_without_a_reason_is_not_shown(subject: Subject) -> None:
    url = reverse("members:member_step", args=[subject.member.public_id, "reveal"])
    for reason in ("", "because"):
        page = said(subject.client("street_officer").post(url, {"what": PHONE, "reason": reason}))
        assert subject.shown(page) == NAMED
        assert said(subject.client("street_officer").get(url, {"what": PHONE, "reason": "1"})) != page


def test_a_template_that_forgets_the_mask_is_noticed(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the table proves nothing: one property that answers with the number itself."""
    number = next(iter(subject.values[CARD]))
    monkeypatch.setattr(Membership, "card_masked", property(lambda row: number, lambda row, value: None))
    assert CARD in subject.shown(html(subject, "street_officer", monkeypatch))
