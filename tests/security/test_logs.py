"""Row G3: whatever happens, the logs hold no number of a document, no telephone, no code, no key: of a sign-in, an application, an
admission, a reveal, requests that are refused and requests that crash with personal data in their bodies."""

import io
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from gonghui.core.actions.door import acting
from gonghui.core.reference.queries import choices
from gonghui.kit.dates import today
from gonghui.kit.identity import BadNumber, checked
from tests.api.calls import secret_of
from tests.cast import SYSTEM, WORKERS_NUMBER, WORKERS_PHONE, Cast
from tests.exports.books import do_jobs
from tests.members import records
from tests.portal.pages import FIVE
from tests.test_pages import signed_in
from tests.worker_sign_in.phone import Phone, Sent, wrong

LONG = re.compile(r"(?<![0-9a-fA-F])\d{17}[\dXx](?![0-9a-fA-F])")
MOBILE = re.compile(r"(?<![0-9a-fA-F.])1[3-9]\d{9}(?![0-9a-fA-F])")
CARD = re.compile(r"(?<!\d)62\d{14,17}(?!\d)")
TOKEN = re.compile(r"gonghui_[\w-]{20,}|Bearer \S+")


def findings(text: str, *secrets: str) -> set[str]:
    """What must not stand in a log: numbers that are right by their check character, telephones, cards, tokens, and these secrets."""
    numbers = {one for one in LONG.findall(text) if is_sound(one)}
    return (
        numbers | {*MOBILE.findall(text), *CARD.findall(text), *TOKEN.findall(text)} | {one for one in secrets if one in text}
    )


def is_sound(number: str) -> bool:
    try:
        checked(number)
    except BadNumber:
        return False
    return True


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Actions fail with an error that nobody foresaw; administrators would get a mail."""

    def crash(*args: Any, **more: Any) -> None:
        raise RuntimeError("out of order")

    settings.ADMINS, settings.DEBUG = [("管理员", "admin@example.org")], False
    monkeypatch.setattr("gonghui.areas.members.portal.joining.apply", crash)
    for name in ("admit_member", "ask_for"):
        monkeypatch.setattr(f"gonghui.areas.members.actions.{name}", crash)


def fields(cast: Cast, number: str, phone: str) -> dict[str, str]:
    return {
        "name": "赵新",
        "number": number,
        "phone": phone,
        "union": str(cast.street.public_id),
        "target": str(cast.street.public_id),
        "joined_on": today().isoformat(),
        "worker_kind": "contract",
        "work_state": "1",
    }


def officers_day(cast: Cast, client: Client, api: Client) -> list[str]:
    """Admits, reveals, is refused, asks in the address too; the numbers that he typed or saw."""
    number, phone = records.number(), "13955550001"
    data = fields(cast, number, phone)
    for step in ("admit", "admit", "ask"):
        client.post(reverse("members:enter", args=[step]), data)
    client.post(reverse("members:enter", args=["admit"]), data | {"number": number[:-1] + "?"})
    api.post("/api/v1/members", data, content_type="application/json")
    api.post("/api/v1/transfers", data | {"unknown": number}, content_type="application/json")
    with acting(SYSTEM):
        reason = choices("reveal_reason", today())[0][0]
    for what in ("document", "phone", "card"):
        client.post(reverse("members:member_step", args=[cast.member.public_id, "reveal"]), {"what": what, "reason": reason})
    client.post(
        reverse("members:member_step", args=[cast.member.public_id, "card"]), {"state": "issued", "number": records.CARD_NUMBER}
    )
    client.post(reverse("members:scanner"), {"text": number})
    client.post("/no/such/page/", data)
    client.post(reverse("members:member", args=[cast.mill.public_id]), data)
    return [number, phone, records.CARD_NUMBER]


def workers_day(sent: Sent) -> list[str]:
    """Signs in, mistypes, joins."""
    phone, number = Phone(), records.number()
    phone.ask(WORKERS_PHONE)
    code = sent.newest(WORKERS_PHONE)
    phone.type(wrong(code)), phone.type(code), phone.tell("0000"), phone.tell(WORKERS_NUMBER[-4:])
    other = Phone("192.0.2.9")
    other.sign_in(sent, "13955550002")
    other.client.raise_request_exception = False
    joining = {**FIVE, "number": number, "region": "110101001"}
    other.client.post(reverse("portal:join"), joining | {"number": number[:-1]})
    other.client.post(reverse("portal:join"), joining)
    return [WORKERS_PHONE, code, "13955550002", sent.newest("13955550002"), number]


def lived(cast: Cast, sent: Sent) -> list[str]:
    """A day of both; the secrets in it."""
    token = secret_of(cast, "street_officer")
    client, api = signed_in(cast, "street_officer"), Client(headers={"Authorization": f"Bearer {token}"})
    for one in (client, api):
        one.raise_request_exception = False
    secrets = [*workers_day(sent), *officers_day(cast, client, api), token]
    do_jobs()
    return secrets


def test_a_day_leaves_no_secret_in_the_logs(cast: Cast, sent: Sent, logged: io.StringIO, capsys: Any, settings: Any) -> None:
    settings.SMS_SENDER = "tests.worker_sign_in.test_secrecy.Refusing"
    secrets = [*lived(cast, sent), settings.DATA_KEY, settings.SECRET_KEY]
    text = logged.getvalue() + "".join(capsys.readouterr())
    assert "Not Found" in text
    assert findings(text, *secrets) == set()


def test_requests_that_crash_leave_no_secret_in_logs_mails_or_answers(
    cast: Cast, sent: Sent, logged: io.StringIO, capsys: Any, settings: Any, crashing: None
) -> None:
    settings.SMS_SENDER = "tests.worker_sign_in.test_secrecy.Refusing"
    secrets = [*lived(cast, sent), settings.DATA_KEY, settings.SECRET_KEY]
    text = logged.getvalue() + "".join(capsys.readouterr())
    assert text.count("RuntimeError: out of order") >= 3
    assert findings(text, *secrets) == set()
    mails = "\n".join(f"{one.subject}\n{one.body}\n{getattr(one, 'alternatives', '')}" for one in mail.outbox)
    assert findings(mails, *secrets) == set()


def test_the_search_would_find_them(logged: io.StringIO) -> None:
    """Else it proves nothing; and what merely looks like a number is none."""
    assert findings(f"x {WORKERS_NUMBER} y") == {WORKERS_NUMBER}
    assert findings("tel 13955550001") == {"13955550001"}
    assert findings("6222020200112233446") == {"6222020200112233446"}
    assert findings("gonghui_abcdefghijklmnopqrstuvwxyz") != set()
    assert findings("2026-11-22 110101199001011239 at 0x7f13955550001a") == set()
