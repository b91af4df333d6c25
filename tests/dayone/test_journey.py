"""Day one of a real district, on an empty system, through the command and the pages alone."""

import argparse
import io
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typst
from django.test import Client
from django.urls import reverse

from gonghui.areas.register.models import Employer
from gonghui.config import verbs
from gonghui.core.access.models import Grant, Invitation
from gonghui.core.accounts.models import User
from gonghui.core.actions.door import acting
from gonghui.core.history.models import Reading
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.kit.dates import as_if, today
from gonghui.kit.paper import fonts, typeset
from gonghui.web import letters
from tests.browser import PASSWORD
from tests.cast import SYSTEM
from tests.dayone import district, qr
from tests.dayone.journey import accepted, accepted_by_code, address_on, carried_out, client_of, file_of, imported, with_totp

WHY = "counted beside the pages"


class Printer:
    """Stands before the typesetter and keeps what was set, so that a page can be looked at."""

    def __init__(self) -> None:
        self.template, self.data = Path(), dict[str, Any]()

    def __call__(self, template: Path, data: Mapping[str, Any]) -> bytes:
        self.template, self.data = template, dict(data)
        return typeset(template, data)

    def picture(self, place: int) -> bytes:
        """The sheet of one letter as PNG."""
        import json

        one = {**self.data, "letters": [self.data["letters"][place]]}
        inputs = {"data": json.dumps(one, ensure_ascii=False), "language": "zh"}
        made: bytes = typst.compile(
            str(self.template), font_paths=fonts(), ignore_system_fonts=True, sys_inputs=inputs, format="png", ppi=110
        )
        return made


def founded(monkeypatch: pytest.MonkeyPatch, code: str = district.DISTRICT, username: str = "guanli") -> Client:
    """`gonghui createadmin --district`; the administrator's client."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert verbs.createadmin(argparse.Namespace(username=username, district=code, name=None)) == 0
    return client_of(User.objects.get(username=username))


def place() -> Organisation:
    """The federation."""
    with acting(SYSTEM):
        found: Organisation = Organisation.objects.unscoped(WHY).get(parent=None)
        return found


def step(code: str, name: str = "web:organisation_step") -> str:
    return reverse(name, args=[place().public_id, code])


def invited(client: Client, **person: str) -> str:
    """One person invited at the desk; the address that is shown to him."""
    assert client.post(step("invite"), person).status_code == 302
    with acting(SYSTEM):
        one = Invitation.objects.unscoped(WHY).latest("pk")
    return address_on(client.post(reverse("web:invitation_step", args=[one.public_id, "issue"])))


def stages(client: Client) -> dict[str, tuple[str, bool, bool]]:
    """Stage → how far it is, whether it is done, whether this user may do it."""
    page: Any = client.get(reverse("web:getting_started"))
    return {str(one.stage.label): (one.found.words, one.found.is_done, bool(one.url)) for one in page.context["lines"]}


def counts(**conditions: Any) -> int:
    with acting(SYSTEM):
        return int(Invitation.objects.unscoped(WHY).filter(**conditions).count())


@pytest.mark.slow
@pytest.mark.django_db
def test_a_district_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    printer = Printer()
    monkeypatch.setattr(letters, "typeset", printer)
    admin = founded(monkeypatch)
    assert place().name == "西城区总工会"
    assert stages(admin)["选定部室"] == ("已选 0 个部室", False, True)
    assert stages(admin)["设立街道（乡镇）总工会"][2] is False  # the administrator does no business

    admin.post(step("departments"), {"codes": ["office", "grassroots"], "since": today().isoformat()})
    assert stages(admin)["选定部室"] == ("已选 2 个部室", True, True)
    person = {"name": "韩雪", "phone": "138 0000 1234", "role": "department_officer", "department": "grassroots"}
    desk, page = accepted(invited(admin, **person), "1234")
    assert with_totp(desk, page).status_code == 200
    assert stages(desk)["设立街道（乡镇）总工会"] == ("已设 0 个，本区共 15 个街道（乡镇）", False, True)

    form: Any = desk.get(step("streets", "register:union_step")).context["form"]
    chosen = {"regions": form.initial["regions"], "on": "2005-03-01", "document": ""}
    for _time in range(2):  # the second time changes nothing
        desk.post(step("streets", "register:union_step"), chosen)
        assert stages(desk)["设立街道（乡镇）总工会"] == ("已设 15 个，本区共 15 个街道（乡镇）", True, True)

    assert imported(desk, "register.unions", district.unions(), "工会名册.csv").context["batch"].new == district.UNIONS
    assert imported(desk, "register.employers", district.employers(), "单位.xlsx").context["batch"].new == district.EMPLOYERS
    assert stages(desk)["导入工会名册"][:2] == ("已有 300 个基层工会", True)
    assert stages(desk)["导入单位名册"][:2] == ("已有 2,000 家单位", True)
    assert stages(admin)["导入单位名册"][:2] == ("", False)  # nor does he look into the register
    held_by_streets()

    result = imported(admin, "access.accounts", district.accounts(), "账号.xlsx")
    batch = result.context["batch"]
    assert (batch.new, batch.wrong) == (district.ACCOUNTS - len(district.BAD_PHONES), len(district.BAD_PHONES))
    told = [line for line in result.context["lines"] if line.column]
    assert [(line.number, line.column) for line in told] == [(row + 2, "手机号") for row in sorted(district.BAD_PHONES)]

    run = carried_out(admin, "letters", {}, "state=unissued")
    assert (run.state, run.done, counts(state="invited", expires_on=today() + timedelta(days=30))) == ("done", 315, 315)
    assert file_of(admin, run).startswith(b"%PDF-")
    chair = next(at for at, one in enumerate(printer.data["letters"]) if one["place"] == district.union_name(7))
    address = qr.text_of(qr.modules(qr.darkness(printer.picture(chair))))
    assert address == printer.data["letters"][chair]["address"]
    assert f"{today() + timedelta(days=30)}" in printer.data["letters"][chair]["until"]

    client, page = accepted_by_code(address)
    assert page.request["PATH_INFO"] == reverse("web:home")
    unions: Any = client.get(reverse("register:unions"))
    assert [row.name for row in unions.context["listing"].rows] == [district.union_name(7)]
    accounts: Any = admin.get(reverse("web:invitations"))
    assert (accounts.context["whole"].accepted, accounts.context["whole"].total) == (2, 316)
    assert "开通 2/316" in accounts.content.decode()
    assert {one.name: one.accepted for one in accounts.context["places"]}["大栅栏街道总工会"] == 1
    inviter_stands_in_the_history(admin, district.union_name(7))


def held_by_streets() -> None:
    """Every employer came to the union of its street."""
    with acting(SYSTEM):
        rows = Employer.objects.unscoped(WHY).exclude(organisation__kind=Kind.STREET)
        assert rows.count() == 0


def inviter_stands_in_the_history(admin: Client, union: str) -> None:
    """The grant says who gave it: the inviter, by an invitation."""
    with acting(SYSTEM):
        grant = Grant.objects.unscoped(WHY).get(organisation__name=union)
    page = admin.get(reverse("web:grant", args=[grant.public_id])).content.decode()
    assert "授予角色" in page
    assert "guanli" in page
    assert "开通邀请" in page


@pytest.mark.django_db
def test_the_list_of_messages_holds_full_numbers_and_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    admin = founded(monkeypatch)
    for number, name in enumerate(("韩雪", "马跃")):
        invited(admin, name=name, phone=f"1380000123{number}", role="department_officer")
    run = carried_out(admin, "messages", {"purpose": "own_work"})
    assert run.state == "done", run.problem
    book = openpyxl.load_workbook(io.BytesIO(file_of(admin, run)))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [row[:2] for row in rows] == [["韩雪", "13800001230"], ["马跃", "13800001231"]]
    assert "本系统不发短信" in str([[cell.value for cell in row] for row in book.worksheets[1].iter_rows()])
    with acting(SYSTEM):
        readings = Reading.objects.unscoped(WHY).filter(subject_model="access.invitation")
        assert readings.count() == 2
    address = next(word for word in rows[0][2].split() if word.startswith("http"))
    _client, page = accepted(address, "1230")
    assert page.request["PATH_INFO"] == reverse("mfa_activate_totp")


@pytest.mark.django_db
def test_a_system_without_a_district_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    verbs.createadmin(argparse.Namespace(username="guanli", district=None, name=None))
    assert "--district CODE" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="110101 东城区"):
        verbs.createadmin(argparse.Namespace(username="other", district="999999", name=None))
    assert not User.objects.filter(username="other").exists()
    founded(monkeypatch, "110101", "second")
    with pytest.raises(SystemExit, match="empty system"):
        verbs.createadmin(argparse.Namespace(username="third", district="110102", name=None))


@pytest.mark.django_db
def test_an_address_of_yesterday_is_closed_by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    admin = founded(monkeypatch)
    address = invited(admin, name="韩雪", phone="13800001234", role="department_officer")
    with as_if(today() + timedelta(days=30)):
        assert "开通账号" in Client().get(address.removeprefix("http://localhost")).content.decode()
    with as_if(today() + timedelta(days=31)):
        page = Client().get(address.removeprefix("http://localhost")).content.decode()
        assert "到期" in page
        assert "guanli" in page
