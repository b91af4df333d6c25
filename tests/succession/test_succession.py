"""Succession: when a person leaves, everything open of his passes to a successor in one action, or nothing does."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from gonghui.core.access.actions import Invitee, end_grant, grant_role, invite, pass_on, reorganise_department
from gonghui.core.access.models import Grant
from gonghui.core.access.open_work import kinds
from gonghui.core.access.queries import actor_for
from gonghui.core.access.succession import Blocked, Handover
from gonghui.core.accounts.actions import create_user
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import apply_batch, check_batch, map_batch, start_batch
from gonghui.core.exchange.models import Batch
from gonghui.core.history.timeline import Entry, timeline
from gonghui.core.notices.actions import finish_note, write_note
from gonghui.core.notices.models import Note
from gonghui.core.notices.todo import MINE, todo
from gonghui.kit.dates import today
from gonghui.web.models import Run, RunKind, RunState, SavedFilter
from gonghui.web.runs import begin
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.test_pages import signed_in

WHY = "调任景山街道"
TOMORROW = today() + dt.timedelta(days=1)
WORKBOOK = "单位名称,职工人数\n交接的店,3\n".encode()


@pytest.fixture
def heir(cast: Cast) -> User:
    """Somebody with an account and no rights yet."""
    cast.users["heir"] = create_user(username="heir", name="何接", password=None)
    return cast.users["heir"]


def grant_of(cast: Cast, name: str) -> Grant:
    """The first grant of one of the cast."""
    with acting(SYSTEM):
        found: Grant = Grant.objects.unscoped("the cast's own").filter(user=cast.users[name]).earliest("pk")
        return found


def reminder(cast: Cast, subject: Any = None, text: str = "催报人数") -> Note:
    """A note of the street officer that reminds him tomorrow."""
    with cast.act("street_officer") as actor:
        return write_note(cast.street, actor=actor, subject=subject or cast.mill, text=text, remind_on=TOMORROW)


def batch(cast: Cast, *, state: str = "uploaded") -> Batch:
    """An import that the street officer began."""
    with cast.act("street_officer") as actor:
        one = start_batch(cast.street, actor=actor, sheet="register.employers", name="名册.csv", content=WORKBOOK)
        if state != "uploaded":
            map_batch(one, actor=actor, mapping=one.mapped)
            check_batch(one, actor=actor)
        if state == "importing":
            apply_batch(one, actor=actor)
        return one


def run(cast: Cast, state: RunState = RunState.CHECKED) -> Run:
    """A bulk action of the street officer."""
    with cast.act("street_officer") as actor:
        return begin(
            actor,
            kind=RunKind.BULK,
            step="party",
            state=state,
            title="登记党组织",
            source="list:register.employers",
            total=3,
        )


def leave(cast: Cast, successor: str = "heir", by: str = "administrator", **more: Any) -> Handover:
    """The street officer goes."""
    given: dict[str, Any] = {"on": today(), "reason": WHY} | more
    with cast.act(by) as actor:
        (handover,) = pass_on(grant_of(cast, "street_officer"), actor=actor, successor=cast.users[successor], **given)
        return handover


def fresh(record: Any) -> Any:
    """The record as the database has it."""
    with acting(SYSTEM):
        return type(record).objects.unscoped("the test compares").get(pk=record.pk)


def told(record: Any, verb: str = "离任交接") -> Entry:
    """What the history of a record says of the handing over."""
    with acting(SYSTEM):
        return next(entry for entry in timeline(record, []) if str(entry.sentence) == verb)


def waiting(cast: Cast, name: str) -> list[str]:
    """What stands in somebody's to-do list."""
    with cast.act(name) as actor:
        return [str(item.title) for item in todo(actor, MINE, today())]


# -- what passes ------------------------------------------------------------------------------------------------


def test_what_hangs_on_a_person_is_registered() -> None:
    core = {"notices.reminders", "exchange.batches", "web.runs", "access.invitations"}
    assert set(kinds) == core | {"unionbuilding.charges"}


def test_everything_open_passes_in_one_action_and_is_counted(cast: Cast, heir: User) -> None:
    note, upload, waits = reminder(cast), batch(cast, state="checked"), run(cast)
    assert leave(cast).counts == {"notices.reminders": 1, "exchange.batches": 1, "web.runs": 1}
    assert fresh(note).passed_to == heir
    assert fresh(upload).started_by == heir
    assert fresh(waits).user == heir
    assert fresh(grant_of(cast, "street_officer")).passed == {"notices.reminders": 1, "exchange.batches": 1, "web.runs": 1}


def test_an_invitation_passes_to_who_may_invite(cast: Cast, heir: User) -> None:
    with cast.act("administrator") as actor:
        (waits,) = invite(cast.street, actor=actor, invitees=[Invitee("韩雪", "13900000001", "street_officer")])
    with acting(SYSTEM):
        handover = pass_on(grant_of(cast, "administrator"), actor=SYSTEM, successor=heir, on=today(), reason=WHY)
    assert handover[0].counts == {"access.invitations": 1}
    assert fresh(waits).invited_by == heir


def test_the_leaver_has_no_right_left_and_the_successor_has_his_role(cast: Cast, heir: User) -> None:
    leave(cast)
    assert not cast.actor("street_officer").scopes
    assert cast.actor("heir").can_at("register.edit_employer", cast.street.path)
    assert not cast.actor("heir").can_at("register.edit_employer", cast.next_street.path)


def test_the_reminder_moves_from_one_to_do_list_to_the_other_and_keeps_its_author(cast: Cast, heir: User) -> None:
    note = reminder(cast)
    assert waiting(cast, "street_officer") == ["催报人数"]
    leave(cast)
    assert waiting(cast, "heir") == ["催报人数"]
    assert fresh(note).author == cast.users["street_officer"]
    with cast.act("heir") as actor:
        finish_note(note, actor=actor)
    assert waiting(cast, "heir") == []


def test_who_passed_a_reminder_on_cannot_finish_it_any_more(cast: Cast, heir: User) -> None:
    note = reminder(cast)
    with acting(SYSTEM):
        grant_role(cast.district, actor=SYSTEM, user=cast.users["street_officer"], role="department_officer", since=LONG_AGO)
    leave(cast)
    assert waiting(cast, "street_officer") == []
    with cast.act("street_officer") as actor, pytest.raises(NotAllowed):
        finish_note(note, actor=actor)


def test_the_successor_goes_on_with_the_import_and_the_bulk_action(cast: Cast, heir: User) -> None:
    upload, waits = batch(cast, state="checked"), run(cast)
    leave(cast)
    client = signed_in(cast, "heir")
    assert client.get(reverse("web:run", args=[waits.public_id])).status_code == 200
    assert "周敏" in client.get(reverse("web:run", args=[waits.public_id])).content.decode()
    client.post(reverse("web:import_step", args=[upload.public_id, "apply"]))
    assert fresh(upload).state == "done"


def test_history_shows_who_had_it_who_has_it_and_why(cast: Cast, heir: User) -> None:
    note, upload = reminder(cast), batch(cast)
    leave(cast)
    for record, old, label in ((note, "空", "接手人"), (upload, "周敏", "经办人")):
        entry = told(record)
        assert [(str(change.label), change.old, change.new) for change in entry.changes] == [(label, old, "何接")]
        assert entry.details == [f"事由：{WHY}"]
        assert entry.who == "梁静"
    page = signed_in(cast, "heir").get(reverse("register:employer", args=[cast.mill.public_id])).content.decode()
    assert "已移交 何接" in page
    assert WHY in page


def test_the_reason_stands_with_the_role_that_the_successor_got(cast: Cast, heir: User) -> None:
    leave(cast)
    assert told(grant_of(cast, "heir"), "授予角色").details[0] == f"事由：{WHY}"
    with acting(SYSTEM):
        grant_role(cast.street, actor=SYSTEM, user=heir, role="enterprise_chair", since=today())
        later = Grant.objects.unscoped("the newest").filter(user=heir).order_by("-pk").first()
    assert told(later, "授予角色").details == []  # the reason of one action is not that of the next


def test_saved_filters_exports_and_finished_matters_stay(cast: Cast, heir: User) -> None:
    done, upload = reminder(cast), batch(cast)
    officer = cast.users["street_officer"]
    with cast.act("street_officer") as actor:
        finish_note(done, actor=actor)
        SavedFilter(user=officer, sheet="register.employers", label="我的", query="").save()
        export = begin(actor, kind=RunKind.EXPORT, state=RunState.CHECKED, title="导出", source="list:register.employers")
    with acting(SYSTEM):
        Batch.objects.unscoped("past the action").filter(pk=upload.pk).update(state="done")
    assert sum(leave(cast).counts.values()) == 0
    assert fresh(done).passed_to is None
    assert fresh(upload).started_by == officer
    assert fresh(export).user == officer
    with acting(SYSTEM):
        assert SavedFilter.objects.unscoped("the test compares").get().user == officer


def test_only_what_lies_at_the_organisation_he_leaves_passes(cast: Cast, heir: User) -> None:
    with acting(SYSTEM):
        grant_role(cast.next_street, actor=SYSTEM, user=cast.users["street_officer"], role="street_officer", since=LONG_AGO)
    here, there, waits = reminder(cast), reminder(cast, cast.neighbour), run(cast)
    assert leave(cast).counts == {"notices.reminders": 1}
    assert fresh(here).passed_to == heir
    assert fresh(there).passed_to is None
    assert fresh(waits).user == cast.users["street_officer"]  # a bulk action has no place; he is still there to finish it


def test_what_is_open_still_passes_when_the_role_was_taken_back_before(cast: Cast, heir: User) -> None:
    note, grant = reminder(cast), grant_of(cast, "street_officer")
    with acting(SYSTEM):
        end_grant(grant, actor=SYSTEM, on=today())
    leave(cast)
    assert fresh(note).passed_to == heir


def test_a_second_succession_passes_on_what_was_passed_before(cast: Cast, heir: User) -> None:
    note = reminder(cast)
    leave(cast)
    with cast.act("administrator") as actor:
        pass_on(grant_of(cast, "heir"), actor=actor, successor=cast.users["worker"], on=today(), reason="又调走了")
    assert fresh(note).passed_to == cast.users["worker"]
    assert (told(note).changes[0].old, told(note).changes[0].new) == ("何接", "李想")


# -- grants -----------------------------------------------------------------------------------------------------


def test_every_grant_at_the_organisation_ends_on_the_day_and_the_successor_begins_today(cast: Cast, heir: User) -> None:
    with acting(SYSTEM):
        officer = cast.users["street_officer"]
        grant_role(cast.street, actor=SYSTEM, user=officer, role="enterprise_chair", since=LONG_AGO, before=TOMORROW)
    leaving = today() + dt.timedelta(days=9)
    handover = leave(cast, on=leaving)
    with acting(SYSTEM):
        rows = Grant.objects.unscoped("the test compares").filter(user=officer).order_by("pk")
        assert [row.valid.upper for row in rows] == [leaving, TOMORROW]  # what ends earlier anyway is left alone
    assert [(grant.role, grant.valid.lower, grant.valid.upper) for grant in handover.given] == [
        ("street_officer", today(), None)
    ]
    assert cast.actor("street_officer").can("register.edit_employer")
    assert actor_for(heir).can("register.edit_employer")


def test_a_successor_with_the_role_gets_no_second_one(cast: Cast, heir: User) -> None:
    with acting(SYSTEM):
        grant_role(cast.district, actor=SYSTEM, user=heir, role="street_officer", since=LONG_AGO)
    assert leave(cast).given == []


def test_closing_the_account_ends_every_session_at_once(cast: Cast, heir: User) -> None:
    client = signed_in(cast, "street_officer")
    leave(cast, closes_account=True)
    assert not User.objects.get(username="street_officer").is_active
    assert client.get(reverse("web:home")).status_code == 302


@pytest.mark.parametrize("day", ["today", "later"])
def test_an_account_with_rights_left_is_not_closed_and_nothing_passes(cast: Cast, heir: User, day: str) -> None:
    note = reminder(cast)
    if day == "today":
        with acting(SYSTEM):
            grant_role(cast.next_street, actor=SYSTEM, user=cast.users["street_officer"], role="street_officer", since=LONG_AGO)
    with pytest.raises(Refused, match="在别的工会还有授权" if day == "today" else "离任那天才能停用"):
        leave(cast, closes_account=True, on=today() if day == "today" else TOMORROW)
    assert fresh(note).passed_to is None
    assert cast.actor("street_officer").can_at("register.edit_employer", cast.street.path)


# -- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("successor", "more", "sentence"),
    [
        ("street_officer", {}, "另一个人"),
        ("administrator", {}, "不能交接给自己"),
        ("heir", {"reason": "  "}, "请写明事由"),
    ],
)
def test_nobody_succeeds_himself_and_a_reason_is_needed(
    cast: Cast, heir: User, successor: str, more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        leave(cast, successor, **more)


def test_a_closed_account_takes_nothing_over(cast: Cast, heir: User) -> None:
    User.objects.filter(pk=heir.pk).update(is_active=False)
    heir.refresh_from_db()
    with pytest.raises(Refused, match="已停用"):
        leave(cast)


def test_nothing_passes_while_one_item_cannot(cast: Cast, heir: User) -> None:
    note, running = reminder(cast), batch(cast, state="importing")
    with pytest.raises(Blocked, match="正在导入") as blocked:
        leave(cast)
    (handover,) = blocked.value.handovers
    assert {one.kind.code: [str(row.obstacle) for row in one.rows] for one in handover.passing} == {
        "notices.reminders": [""],
        "exchange.batches": ["正在导入，等它完成或放弃后再交接"],
    }
    assert fresh(note).passed_to is None
    assert fresh(running).started_by == cast.users["street_officer"]
    assert cast.actor("street_officer").can("register.edit_employer")
    assert not cast.actor("heir").scopes


@pytest.mark.parametrize("kind", ["batch", "run"])
def test_work_that_the_successor_may_not_do_does_not_pass(cast: Cast, heir: User, kind: str) -> None:
    """The role had ended before, so it is not passed with the work."""
    record = batch(cast) if kind == "batch" else run(cast)
    with acting(SYSTEM):
        end_grant(grant_of(cast, "street_officer"), actor=SYSTEM, on=today())
    with pytest.raises(Blocked, match="权限，请先授予角色"):
        leave(cast)
    with acting(SYSTEM):
        grant_role(cast.street, actor=SYSTEM, user=heir, role="street_officer", since=today())
    leave(cast)
    assert "heir" in (getattr(fresh(record), "started_by", None) or fresh(record).user).username


def test_a_bulk_action_under_way_blocks(cast: Cast, heir: User) -> None:
    run(cast, RunState.RUNNING)
    with pytest.raises(Blocked, match="正在办理"):
        leave(cast)


# -- whose matter it is -----------------------------------------------------------------------------------------


def test_an_administrator_of_another_street_can_neither_see_nor_do_it(cast: Cast, heir: User) -> None:
    note = reminder(cast)
    cast.users["next"] = create_user(username="next", name="邻管", password=None)
    with acting(SYSTEM):
        grant_role(cast.next_street, actor=SYSTEM, user=cast.users["next"], role="administrator", since=LONG_AGO)
    with pytest.raises(NotAllowed):
        leave(cast, by="next")
    page = reverse("web:pass_on", args=[grant_of(cast, "street_officer").public_id])
    missing = reverse("web:pass_on", args=["6f1d8b1e-0000-4000-8000-000000000000"])
    client = signed_in(cast, "next")
    assert (client.get(page).status_code, client.get(page).content) == (404, client.get(missing).content)
    assert client.post(page, {"successor": "heir", "on": today(), "reason": WHY, "confirm": "1"}).status_code == 404
    assert client.get(reverse("web:reorganise", args=[cast.street.public_id])).status_code == 404
    assert fresh(note).passed_to is None


@pytest.mark.parametrize("name", ["department_officer", "district_chair", "street_officer", "outsider", "enterprise_chair"])
def test_only_administrators_hand_over(cast: Cast, heir: User, name: str) -> None:
    with pytest.raises(NotAllowed):
        leave(cast, by=name)
    with cast.act(name) as actor, pytest.raises(NotAllowed):
        reorganise_department(cast.district, actor=actor, department="", into="rights", on=today(), reason=WHY)


# -- departments ------------------------------------------------------------------------------------------------


@pytest.fixture
def department(cast: Cast) -> list[User]:
    """Two people of the organising department, one with a reminder."""
    people = [create_user(username=f"organiser{number}", name=f"组织{number}", password=None) for number in (1, 2)]
    with acting(SYSTEM):
        for user in people:
            cast.users[user.username] = user
            grant_role(
                cast.district, actor=SYSTEM, user=user, role="department_officer", since=LONG_AGO, department="organising"
            )
    with cast.act("organiser1") as actor:
        write_note(cast.district, actor=actor, subject=cast.mill, text="核对名册", remind_on=TOMORROW)
    return people


def reorganise(cast: Cast, **more: Any) -> list[Handover]:
    """The organising department goes into that of rights."""
    given: dict[str, Any] = {"department": "organising", "into": "rights", "on": today(), "reason": "机构改革"} | more
    with cast.act("administrator") as actor:
        return reorganise_department(cast.district, actor=actor, **given)


def departments(user: User) -> list[str]:
    """Where somebody stands today."""
    with acting(SYSTEM):
        rows = Grant.objects.unscoped("the test compares").filter(user=user, valid__contains=today()).order_by("pk")
        return [row.department for row in rows]


def test_a_department_moves_with_its_people_who_keep_their_work(cast: Cast, department: list[User]) -> None:
    handovers = reorganise(cast)
    assert [handover.succession.leaver for handover in handovers] == department
    assert [departments(user) for user in department] == [["rights"], ["rights"]]
    assert waiting(cast, "organiser1") == ["核对名册"]


def test_a_department_moves_on_the_day_named(cast: Cast, department: list[User]) -> None:
    reorganise(cast, on=TOMORROW)
    assert departments(department[0]) == ["organising"]
    with acting(SYSTEM):
        rows = Grant.objects.unscoped("the test compares").filter(user=department[0], valid__contains=TOMORROW)
        assert [row.department for row in rows] == ["rights"]


def test_a_department_passes_to_one_person(cast: Cast, department: list[User], heir: User) -> None:
    handovers = reorganise(cast, successor=heir)
    assert [handover.counts for handover in handovers] == [{"notices.reminders": 1}, {}]
    assert [departments(user) for user in (*department, heir)] == [[], [], ["rights"]]
    assert waiting(cast, "heir") == ["核对名册"]
    assert waiting(cast, "organiser1") == []


def test_who_keeps_another_role_there_keeps_his_work(cast: Cast, department: list[User], heir: User) -> None:
    with acting(SYSTEM):
        grant_role(
            cast.district,
            actor=SYSTEM,
            user=department[0],
            role="department_officer",
            since=LONG_AGO,
            department="finance",
        )
    reorganise(cast, successor=heir)
    assert departments(department[0]) == ["finance"]
    assert waiting(cast, "organiser1") == ["核对名册"]


@pytest.mark.parametrize(("more", "sentence"), [({"department": "finance"}, "没有人"), ({"into": "organising"}, "另一个部室")])
def test_an_empty_department_or_the_same_one_is_refused(
    cast: Cast, department: list[User], more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        reorganise(cast, **more)


def test_nobody_moves_his_own_department(cast: Cast, department: list[User]) -> None:
    with acting(SYSTEM):
        administrator = cast.users["administrator"]
        grant_role(
            cast.district, actor=SYSTEM, user=administrator, role="administrator", since=LONG_AGO, department="organising"
        )
    with pytest.raises(Refused, match="另一位管理员"):
        reorganise(cast)
    assert departments(department[0]) == ["organising"]


# -- pages ------------------------------------------------------------------------------------------------------


def test_the_dry_run_shows_each_item_and_writes_nothing_then_it_is_done(cast: Cast, heir: User) -> None:
    note, upload = reminder(cast), batch(cast)
    run(cast)
    client, grant = signed_in(cast, "administrator"), grant_of(cast, "street_officer")
    page, record = reverse("web:pass_on", args=[grant.public_id]), reverse("web:grant", args=[grant.public_id])
    assert page in client.get(record).content.decode()
    sent = {"successor": "heir", "on": today().isoformat(), "reason": WHY}
    shown = client.post(page, sent).content.decode()
    for words in ("催报人数", "登记党组织，3 条，待确认", "已上传", "何接", "确认交接"):
        assert words in shown
    assert "名册.csv" not in shown  # who may not import employers is not told of their files
    assert (fresh(note).passed_to, fresh(upload).started_by) == (None, cast.users["street_officer"])
    assert not cast.actor("heir").scopes
    done = client.post(page, sent | {"confirm": "1"}, follow=True).content.decode()
    assert "已交接：" in done
    for words in ("未办结的提醒 1 项", "未完成的导入 1 项", "待确认的批量办理 1 项"):
        assert words in done
    assert fresh(note).passed_to == heir


def test_the_dry_run_shows_what_blocks_and_offers_no_confirmation(cast: Cast, heir: User) -> None:
    batch(cast, state="importing")
    client, grant = signed_in(cast, "administrator"), grant_of(cast, "street_officer")
    sent = {"successor": "heir", "on": today().isoformat(), "reason": WHY}
    shown = client.post(reverse("web:pass_on", args=[grant.public_id]), sent).content.decode()
    assert "正在导入，等它完成或放弃后再交接" in shown
    assert "确认交接" not in shown


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(cast: Cast, heir: User) -> None:
    client, grant = signed_in(cast, "administrator"), grant_of(cast, "street_officer")
    page = reverse("web:pass_on", args=[grant.public_id])
    for typed, sentence in (("nobody", "没有这个登录名"), ("administrator", "不能交接给自己"), ("street_officer", "另一个人")):
        shown = client.post(page, {"successor": typed, "on": today().isoformat(), "reason": WHY}).content.decode()
        assert sentence in shown
        assert f'value="{typed}"' in shown


def test_a_department_is_reorganised_on_its_page(cast: Cast, department: list[User]) -> None:
    client = signed_in(cast, "administrator")
    page = reverse("web:reorganise", args=[cast.district.public_id])
    assert page in client.get(reverse("web:grants")).content.decode()
    sent = {"department": "organising", "into": "rights", "on": today().isoformat(), "reason": "机构改革"}
    shown = client.post(page, sent).content.decode()
    assert "组织1" in shown
    assert departments(department[0]) == ["organising"]
    client.post(page, sent | {"confirm": "1"})
    assert departments(department[0]) == ["rights"]
