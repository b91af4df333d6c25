"""Nobody learns from a sign-in whether a number is known (A8), and nothing keeps number or code in clear (A7, G3)."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gonghui.config.settings import LOGGING
from gonghui.core.accounts.actions import worker_account
from gonghui.core.actions.door import acting
from gonghui.core.notices.jobs import send_message
from gonghui.core.notices.senders import NotSent
from tests.cast import SYSTEM, WORKERS_NUMBER, WORKERS_PHONE, Cast
from tests.exports.books import do_jobs
from tests.worker_sign_in.phone import NUMBER, Phone, Sent, wrong

pytestmark = pytest.mark.django_db
UNKNOWN = "13755556666"
CHANGING = re.compile(r'csrfmiddlewaretoken" value="\w+"|\d{3}\*{4}\d{4}|value="\d{6}"|class="code">\d{6}<')


def alike(answer: Any) -> tuple[int, dict[str, str], str]:
    """Status, headers and body, without what differs from one request to the next: tokens, the number's mask, the code (as typed, and as
    the demo shows it)."""
    headers = {name: value for name, value in answer.headers.items() if name != "Expires"}
    return answer.status_code, headers, CHANGING.sub("", answer.content.decode())


def shape(queries: Any) -> list[str]:
    """What was asked of the database, without values."""
    return [re.sub(r"'[^']*'|\d+|\\x[0-9a-f]+", "?", query["sql"])[:80] for query in queries.captured_queries]


def test_a_known_number_answers_like_an_unknown_one_until_the_code_is_right(cast: Cast, sent: Sent) -> None:
    """Every step before the code is proven: the same answers from the same work, for numbers of members and of nobody."""
    found = []
    for number in (WORKERS_PHONE, UNKNOWN):
        phone, answers = Phone(), []
        with CaptureQueriesContext(connection) as asked:
            answers.append(phone.ask(number))
            answers.append(phone.client.get(reverse("portal:sign_in_code")))
            code = sent.newest(number)
            answers += [phone.type(wrong(code)) for _try in range(5)]
            answers.append(phone.type(code))
        found.append(([alike(answer) for answer in answers], shape(asked)))
    (known, work_known), (unknown, work_unknown) = found
    assert known == unknown
    assert work_known == work_unknown


def test_the_message_that_carries_a_code_says_nothing_about_its_reader(cast: Cast, sent: Sent, capsys: Any) -> None:
    for number in (WORKERS_PHONE, UNKNOWN):
        Phone().ask(number)
    do_jobs()
    said = [re.sub(r"\d+", "", line) for line in capsys.readouterr().out.splitlines() if line.startswith("[sms]")]
    assert len(said) == 2
    assert said[0] == said[1]


# -- nothing is kept --------------------------------------------------------------------------------------------


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that any logger says at any level, as the settings' handlers write it."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logging.Formatter(LOGGING["formatters"]["plain"]["format"]))  # type: ignore[index]
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)  # SQL is logged by DEBUG alone, which `start` refuses
    yield said
    root.removeHandler(handler)
    root.setLevel(level)
    logging.getLogger("django.db.backends").setLevel(logging.NOTSET)


class Refusing:
    """A gateway that is down and says too much."""

    def send(self, message: Any) -> None:
        raise RuntimeError(f"cannot reach {message.to}: {message.text}")


def stored() -> str:
    """Every row of every table, sessions unpacked, history and jobs included."""
    with acting(SYSTEM), connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        told = []
        for table in tables:
            cursor.execute(f"select * from {connection.ops.quote_name(table)}")
            told.append(repr([tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in cursor]))
    sessions = apps.get_model("sessions.Session").objects.all()
    return "\n".join([*told, *(repr(one.get_decoded()) for one in sessions)])


def journey(sent: Sent) -> tuple[list[str], list[Any]]:
    """A whole sign-in with everything that can go wrong in it; the secrets it meets, and what was answered."""
    phone, answers = Phone(), []
    answers += [phone.ask(WORKERS_PHONE), phone.ask(WORKERS_PHONE), phone.client.get(reverse("portal:sign_in_code"))]
    code = sent.newest(WORKERS_PHONE)
    answers += [phone.type(wrong(code)), phone.type(code), phone.tell("0000"), phone.tell(WORKERS_NUMBER[-4:])]
    answers += [
        phone.client.get(reverse("portal:sign_out")),
        phone.client.post(reverse("portal:sign_out"), {"everywhere": "1"}),
    ]
    answers.append(Client().get("/m/sign-in/nowhere/"))
    return [WORKERS_PHONE, code], answers


def test_no_log_address_or_table_holds_number_or_code(cast: Cast, sent: Sent, logged: io.StringIO, settings: Any) -> None:
    settings.SMS_SENDER = f"{__name__}.Refusing"
    secrets, answers = journey(sent)
    messages = do_jobs()
    assert messages
    addresses = " ".join(
        f"{one.request['PATH_INFO']} {one.request['QUERY_STRING']} {one.headers.get('Location', '')}" for one in answers
    )
    cookies = repr([one.cookies.output() for one in answers])
    places = {"log": logged.getvalue(), "addresses": addresses, "cookies": cookies, "tables": stored()}
    number, code = secrets
    assert {place for place, told in places.items() if number in told} == set()
    word = re.compile(rf"(?<![0-9a-f.:\\]){code}(?![0-9a-f])")
    assert {place for place, told in places.items() if word.search(told)} == set()


def test_the_canary_would_sing(cast: Cast, sent: Sent, logged: io.StringIO) -> None:
    """Else it proves nothing."""
    Phone().ask(WORKERS_PHONE)
    logging.getLogger("gonghui").warning("sent to %s", WORKERS_PHONE)
    assert WORKERS_PHONE in logged.getvalue()
    user = worker_account(NUMBER)
    user.name = NUMBER
    with acting(SYSTEM):
        user.save()
    assert NUMBER in stored()


def test_a_sender_that_talks_too_much_is_not_listened_to(cast: Cast, sent: Sent, settings: Any) -> None:
    settings.SMS_SENDER = f"{__name__}.Refusing"
    Phone().ask(WORKERS_PHONE)
    do_jobs()
    assert "RuntimeError" in stored()
    assert NotSent.__doc__ is not None
    assert send_message.queue == "messages"
