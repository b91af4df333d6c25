"""Invitations: guessing, several roles of one person, who answers for them, what nobody else sees, what no log holds."""

import logging
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from gonghui.config.log import WithoutSecrets
from gonghui.core.access.actions import Invitee, choose_departments, end_grant, grant_role, invite, issue_invitation
from gonghui.core.access.models import MOST_TRIES, Grant, Invitation
from gonghui.core.access.queries import departments_of, opened
from gonghui.core.access.secrets import as_told, new_secret
from gonghui.core.accounts.actions import close_account, create_user
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import today
from gonghui.web.letters import address_of
from tests.browser import PASSWORD
from tests.cast import SYSTEM, Cast
from tests.dayone.journey import accepted, client_of, imported
from tests.exchange.workbooks import csv_of
from tests.test_pages import signed_in

WHY = "counted beside the pages"
PHONE = "13800001234"


def rows() -> Any:
    return Invitation.objects.unscoped(WHY).order_by("pk")


def sent(cast: Cast, *places: Organisation, by: str = "administrator", role: str = "street_officer", name: str = "韩雪") -> str:
    """Somebody invited to a role at each place; the address of the first invitation."""
    with cast.act(by) as actor:
        made = [invite(place, actor=actor, invitees=[Invitee(name, PHONE, role)])[0] for place in places]
        return address_of([issue_invitation(one, actor=actor) for one in reversed(made)][-1])


def page(address: str, client: Client | None = None, data: dict[str, str] | None = None) -> Any:
    """The page of an address, asked or sent."""
    client, path = client or Client(), urlsplit(address).path
    return client.post(path, data) if data else client.get(path)


def stored() -> list[tuple[str, int]]:
    """State and tries of every invitation."""
    with acting(SYSTEM):
        return list(rows().values_list("state", "tries"))


# -- the secret -------------------------------------------------------------------------------------------------


def test_a_secret_is_told_once_and_kept_as_a_digest(cast: Cast) -> None:
    secret = urlsplit(sent(cast, cast.street)).path.split("/")[-2]
    with acting(SYSTEM):
        events: Any = Invitation._meta.get_field("events").related_model
        held = repr([*rows().values(), *events._base_manager.values()])
    assert secret not in held
    assert PHONE not in held
    assert len(secret.replace("-", "")) * 5 >= 128


def test_a_secret_may_be_typed_carelessly() -> None:
    secret = new_secret()
    typed = secret.upper().replace("-", " ").replace("0", "o").replace("1", "L")
    assert as_told(typed) == secret
    assert as_told(f"{secret}x") != secret


def test_an_unknown_secret_is_a_missing_page_and_so_is_a_former_one(cast: Cast) -> None:
    former = sent(cast, cast.street)
    with cast.act("administrator") as actor:
        fresh = address_of(issue_invitation(rows().get(), actor=actor))
    assert page(fresh).status_code == 200
    answers = [page(one) for one in (former, address_of(new_secret()), address_of("x"))]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content.partition(b"csrf")[0] for answer in answers}) == 1
    assert "请找给您邀请的工会管理员重新发出" in answers[0].content.decode()


def test_the_page_tells_nobody_elses_name_and_sends_its_address_nowhere(cast: Cast) -> None:
    answer = page(sent(cast, cast.street))
    body = answer.content.decode()
    assert "韩*" in body
    assert "韩雪" not in body
    assert cast.street.name in body
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("said", ["Not Found: %s", "Forbidden (%s)"])
def test_no_log_holds_a_secret(cast: Cast, said: str) -> None:
    address = urlsplit(address_of(new_secret())).path
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, said, (address,), None)
    assert WithoutSecrets().filter(record)
    assert record.getMessage() == said % "/invitations/…/"


# -- guessing ---------------------------------------------------------------------------------------------------


def test_five_wrong_answers_close_an_invitation_until_it_is_issued_anew(cast: Cast) -> None:
    address = sent(cast, cast.street)
    for number in range(MOST_TRIES):
        assert stored()[0][0] == "invited"
        _client, answer = accepted(address, f"{number:04d}")
    assert "重新发出" in answer.content.decode()
    assert stored() == [("invited", MOST_TRIES)]
    closed = page(address, data={"digits": "1234", "username": "hanxue", "password": PASSWORD, "again": PASSWORD})
    assert "邀请已经关闭" in closed.content.decode()
    assert not User.objects.filter(username="hanxue").exists()
    with cast.act("administrator") as actor:
        address = address_of(issue_invitation(rows().get(), actor=actor))
    _client, answer = accepted(address, "1234")
    assert answer.request["PATH_INFO"] == reverse("mfa_activate_totp")
    assert stored() == [("accepted", 0)]


def test_what_is_typed_wrong_elsewhere_is_no_guess_and_tells_nothing_about_the_number(cast: Cast) -> None:
    address = sent(cast, cast.street)
    for digits in ("1234", "9999"):
        _client, answer = accepted(address, digits, again="another one altogether")
        assert answer.context["form"].errors.keys() == {"again"}
    for changed, field in (({"username": "李"}, "username"), ({"password": "1234567890", "again": "1234567890"}, "password")):
        _client, answer = accepted(address, "1234", **changed)
        assert answer.context["form"].errors.keys() == {field}
    _client, answer = accepted(address, "1234", username="STREET_officer")
    assert "street_officer" not in answer.context["form"].errors["username"][0]
    assert "已有人使用" in answer.context["form"].errors["username"][0]
    assert stored() == [("invited", 0)]


# -- one person, several roles ----------------------------------------------------------------------------------


def test_one_number_with_two_roles_is_one_account(cast: Cast) -> None:
    address = sent(cast, cast.street, cast.education)
    assert cast.education.name in page(address).content.decode()
    accepted(address, "1234")
    assert [state for state, _tries in stored()] == ["accepted", "accepted"]
    user = User.objects.get(username="hanxue")
    with acting(SYSTEM):
        grants = Grant.objects.unscoped(WHY).filter(user=user).values_list("organisation__name", flat=True)
        assert set(grants) == {cast.street.name, cast.education.name}
        assert {one.user_id for one in rows()} == {user.pk}


def test_what_another_inviter_answers_for_is_not_taken_along(cast: Cast) -> None:
    """Else an administrator of one street could invite a number he holds and take what another street offered it."""
    with acting(SYSTEM):
        other = create_user(username="other", name="别街管理员", password=None)
        grant_role(cast.next_street, actor=SYSTEM, user=other, role="administrator", since=today())
        cast.users["other"] = other
    sent(cast, cast.street)
    address = sent(cast, cast.next_street, by="other")
    assert cast.street.name not in page(address).content.decode()
    accepted(address, "1234")
    assert [state for state, _tries in stored()] == ["invited", "accepted"]


def test_who_has_an_account_adds_the_role_to_it(cast: Cast) -> None:
    address = sent(cast, cast.education)
    client = signed_in(cast, "worker")
    assert "worker" in page(address, client).content.decode()
    assert page(address, client, {"digits": "0000"}).status_code == 200
    assert page(address, client, {"digits": "1234"}).status_code == 302
    with acting(SYSTEM):
        assert Grant.objects.unscoped(WHY).filter(user=cast.users["worker"], organisation=cast.education).count() == 1


def test_nobody_invites_himself(cast: Cast) -> None:
    address = sent(cast, cast.street)
    answer = page(address, signed_in(cast, "administrator"), {"digits": "1234"})
    assert "不能给自己授权" in answer.content.decode()
    client, _answer = accepted(sent_as_administrator(cast), "1234")
    user = User.objects.get(pk=client.session["_auth_user_id"])
    cast.users["new"] = user
    with cast.act("new") as actor, pytest.raises(Refused, match="不能邀请自己"):
        invite(cast.district, actor=actor, invitees=[Invitee("换名", PHONE, "department_officer")])


def sent_as_administrator(cast: Cast) -> str:
    with cast.act("administrator"):
        rows().delete()
    return sent(cast, cast.district, role="administrator")


# -- who answers for it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["role ended", "account closed"])
def test_an_inviter_who_may_no_longer_invite_answers_for_nothing(cast: Cast, way: str) -> None:
    address = sent(cast, cast.street)
    with acting(SYSTEM):
        user = cast.users["administrator"]
        if way == "role ended":
            end_grant(Grant.objects.unscoped(WHY).get(user=user), actor=SYSTEM, on=today())
        else:
            close_account(user, actor=SYSTEM)
    answer = page(address)
    assert "已不再管理账号" in answer.content.decode()
    page(address, data={"digits": "1234", "username": "hanxue", "password": PASSWORD, "again": PASSWORD})
    assert stored() == [("invited", 0)]


def test_an_accepted_and_a_withdrawn_one_say_what_to_do(cast: Cast) -> None:
    address = sent(cast, cast.street)
    accepted(address, "1234")
    assert "请直接登录" in page(address).content.decode()
    withdrawn = sent(cast, cast.street, role="enterprise_chair")
    client = signed_in(cast, "administrator")
    with acting(SYSTEM):
        one = rows().last()
    assert client.post(reverse("web:invitation_step", args=[one.public_id, "withdraw"])).status_code == 302
    assert "重新邀请" in page(withdrawn).content.decode()


# -- isolation --------------------------------------------------------------------------------------------------


def test_an_administrator_of_another_street_sees_nothing(cast: Cast) -> None:
    with acting(SYSTEM):
        for name, place in (("here", cast.street), ("there", cast.next_street)):
            cast.users[name] = create_user(username=name, name=name, password=None)
            grant_role(place, actor=SYSTEM, user=cast.users[name], role="administrator", since=today())
    sent(cast, cast.street)
    with acting(SYSTEM):
        one = rows().get()
    for name, status, found in (("here", 200, 1), ("there", 404, 0)):
        client = client_of(cast.users[name])
        listed: Any = client.get(reverse("web:invitations"))
        assert (listed.context["listing"].total, listed.context["whole"].total) == (found, found)
        assert client.get(reverse("web:invitation", args=[one.public_id])).status_code == status
        actor = cast.actor(name)
        with acting(actor):
            assert opened(actor)[0].total == found
    assert signed_in(cast, "street_officer").get(reverse("web:invitations")).status_code == 403


def test_an_administrator_does_not_read_or_touch_business_imports(cast: Cast) -> None:
    officer, administrator = signed_in(cast, "department_officer"), signed_in(cast, "administrator")
    imported(officer, "register.employers", csv_of([["单位名称"], ["新开的店"]]), "x.csv")
    listed: Any = administrator.get(reverse("web:imports"))
    assert listed.context["listing"].total == 0
    files: Any = administrator.get(reverse("web:files"))
    for row in files.context["listing"].rows:
        assert administrator.get(row.url).status_code == 404
    assert administrator.get(f"{reverse('web:start_import')}?sheet=register.employers").status_code == 404


# -- departments ------------------------------------------------------------------------------------------------


def test_departments_are_those_the_federation_has_chosen(cast: Cast) -> None:
    whole = [code for code, _name in departments_of(cast.street, today())]
    assert len(whole) > 5  # nothing is chosen yet: the whole list
    with cast.act("administrator") as actor:
        choose_departments(cast.district, actor=actor, codes=["office", "rights"], since=today())
        assert [code for code, _name in departments_of(cast.street, today())] == ["office", "rights"]
        with pytest.raises(Refused, match="没有这个部室"):
            invite(cast.district, actor=actor, invitees=[Invitee("韩雪", PHONE, "department_officer", "finance")])
    with acting(SYSTEM):
        worker = cast.users["worker"]
        grant_role(cast.district, actor=SYSTEM, user=worker, role="department_officer", since=today(), department="office")
    with cast.act("administrator") as actor:
        with pytest.raises(Refused, match="还有 1 项授权"):
            choose_departments(cast.district, actor=actor, codes=["rights"], since=today())
        choose_departments(cast.district, actor=actor, codes=["office"], since=today())
        assert [code for code, _name in departments_of(cast.district, today())] == ["office"]


# -- the sheet --------------------------------------------------------------------------------------------------

HEADS = ["姓名", "手机号", "工会组织", "角色", "部室"]
WRONG = [
    (["", "13900000001", "东华门街道", "街道（系统）工会干部", ""], "姓名", "必填"),
    (["甲", "1390000", "东华门街道", "街道（系统）工会干部", ""], "手机号", "现在有 7 位数字"),
    (["乙", "13900000002", "户外街道", "街道（系统）工会干部", ""], "工会组织", "没有您能管理的工会叫“户外街道”"),
    (["丙", "13900000003", "东华门街道", "处长", ""], "角色", "没有“处长”这一项"),
    (["丁", "13900000004", "东城区总工会", "部室干部", "财务部"], "部室", "本区没有选定这个部室"),
    (["戊", "139-0000-0009", "东华门街道", "街道（系统）工会干部", ""], "手机号", "与第 2 行相同"),
    (["己", "13900000009", "景山街道", "街道（系统）工会干部", ""], "手机号", "与第 2 行手机号相同而姓名不同"),
]


def told(result: Any) -> list[tuple[str, str]]:
    return [(line.column, line.text) for line in result.context["lines"] if line.text]


def test_what_is_wrong_in_a_row_is_named(cast: Cast) -> None:
    client = signed_in(cast, "administrator")
    client.post(
        reverse("web:organisation_step", args=[cast.district.public_id, "departments"]), {"codes": "office", "since": today()}
    )
    sound = ["戊", "13900000009", "110101001", "街道（系统）工会干部", ""]
    result = imported(client, "access.accounts", csv_of([HEADS, sound, *(row for row, _column, _why in WRONG)]), "x.csv")
    found = told(result)
    for _row, column, why in WRONG:
        assert any(column == head and why in text for head, text in found), (column, why, found)
    assert (result.context["batch"].new, result.context["batch"].wrong) == (1, len(WRONG))


def test_a_sheet_that_comes_again_invites_only_those_who_are_new(cast: Cast) -> None:
    client = signed_in(cast, "administrator")
    first = ["甲", "13900000001", "东华门街道", "街道（系统）工会干部", ""]
    chair = ["乙", "+86 139 0000 0002", "北京云帆数讯科技有限公司", "基层工会主席", ""]
    imported(client, "access.accounts", csv_of([HEADS, first]), "x.csv")
    batch = imported(client, "access.accounts", csv_of([HEADS, first, chair]), "x.csv").context["batch"]
    assert (batch.new, batch.unchanged, batch.wrong) == (1, 1, 0)
    with acting(SYSTEM):
        assert [one.organisation.name for one in rows().select_related("organisation")] == [cast.street.name, cast.own.name]
    other = imported(client, "access.accounts", csv_of([HEADS, ["丙", *chair[1:]], ["丁", "13900000004", *chair[2:]]]), "x.csv")
    assert any("已用于邀请“乙”" in text for _column, text in told(other))
    undone = client.post(reverse("web:import_step", args=[other.context["batch"].public_id, "undo"]))
    assert undone.status_code == 302
    assert len(stored()) == 2


def test_no_page_and_no_export_shows_a_full_number(cast: Cast) -> None:
    sent(cast, cast.street)
    client = signed_in(cast, "administrator")
    with acting(SYSTEM):
        one = rows().get()
    pages = [reverse("web:invitations"), reverse("web:invitation", args=[one.public_id])]
    for url in pages:
        body = client.get(url).content.decode()
        assert "138****1234" in body
        assert PHONE not in body


def test_only_the_system_accepts(cast: Cast) -> None:
    """No role holds it; the action asks the same of everybody."""
    assert not any(cast.actor(name).can("access.accept_invitation") for name in cast.users)
    assert Actor.system("x").can("access.accept_invitation")
