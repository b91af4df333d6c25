"""One action on many rows: tried first, done where it can be, told where it cannot, taken back where there is an inverse."""

import re
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django import app

from gonghui.areas.register.actions import EmployerRow, edit_employer, enter_employers, found_union
from gonghui.areas.register.models import Employer, StrikeOff
from gonghui.core.actions.door import acting
from gonghui.core.figures.registry import Scope, figures, value
from gonghui.core.organisations.models import Kind
from gonghui.kit.dates import today
from gonghui.web import runs
from gonghui.web.jobs import carry_out, remove_old_runs
from gonghui.web.models import Run, RunRow
from gonghui.web.pages import bulk
from tests.cast import LONG_AGO, SYSTEM, Cast, found_cast, region
from tests.exports.books import do_jobs
from tests.test_pages import signed_in

EMPLOYERS = "/bulk/list:register.employers/"


def shops(cast: Cast, count: int, prefix: str = "店") -> list[Employer]:
    """More employers of the street, uncovered."""
    rows = [EmployerRow(f"{prefix}{number:03d}", LONG_AGO, region=cast.street.region, headcount=5) for number in range(count)]
    with acting(SYSTEM):
        return enter_employers(cast.street, actor=SYSTEM, rows=rows)


def chosen(client: Client, step: str, *employers: Employer, query: str = "", **more: str) -> str:
    """Ticks employers for a verb; the address of the run."""
    ids = [str(one.public_id) for one in employers]
    response = client.post(f"{EMPLOYERS}?{query}", {"step": step, "chosen": ids, **more})
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"]


def page(client: Client, url: str) -> Any:
    return client.get(url).context


def outcomes(client: Client, url: str) -> dict[str, str]:
    """Name of the record → its outcome and why."""
    listing = page(client, url)["listing"]
    return {row.cells[0].text: f"{row.cells[1].text} {row.cells[2].text}".strip() for row in listing.rows}


def fresh(employer: Employer) -> Employer:
    with acting(SYSTEM):
        return Employer.objects.unscoped("as it is now").get(pk=employer.pk)


def run_of(url: str) -> Run:
    with acting(SYSTEM):
        found: Run = Run.objects.unscoped("the run").get(public_id=url.strip("/").rpartition("/")[2])
        return found


# -- on the list ------------------------------------------------------------------------------------------------


def test_the_bar_offers_what_one_may_do(cast: Cast) -> None:
    verbs = {
        name: re.findall(r'name="step" value="([\w-]+)"', signed_in(cast, name).get("/register/employers/").content.decode())
        for name in ("street_officer", "district_chair", "enterprise_chair")
    }
    assert verbs == {
        "street_officer": ["party", "cover", "relocate", "strike-off", "open-prospect"],
        "district_chair": [],
        "enterprise_chair": [],
    }
    text = signed_in(cast, "street_officer").get("/register/employers/").content.decode()
    assert f'form="bulk" name="chosen" value="{cast.mill.public_id}"' in text
    assert "选中全部 3 家" in text


def test_a_verb_one_may_not_use_is_refused(cast: Cast) -> None:
    data = {"step": "party", "chosen": str(cast.firm.public_id)}
    assert signed_in(cast, "district_chair").post(EMPLOYERS, data).status_code == 403
    assert signed_in(cast, "street_officer").post(EMPLOYERS, {**data, "step": "nonsense"}).status_code == 403
    assert signed_in(cast, "street_officer").post("/bulk/list:nonsense/", data).status_code == 404


@pytest.mark.parametrize("ids", [[], ["nonsense"], ["6f1d8b1e-0000-4000-8000-000000000000"]])
def test_nothing_chosen_is_said(cast: Cast, ids: list[str]) -> None:
    response = signed_in(cast, "street_officer").post(EMPLOYERS, {"step": "party", "chosen": ids}, follow=True)
    assert "还没有选中任何一行" in response.content.decode()


def test_rows_of_others_are_not_taken(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    assert run_of(chosen(client, "party", cast.mill, cast.neighbour)).total == 1


def test_all_rows_of_the_filter_not_only_those_of_the_page(cast: Cast) -> None:
    shops(cast, 70)
    client = signed_in(cast, "street_officer")
    url = chosen(client, "party", query="name=店&sort=-name", all="1")
    assert run_of(url).total == 70
    assert run_of(chosen(client, "party", query="coverage=own", all="1")).total == 1


def test_too_many_rows_are_refused_with_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_ROWS", 2)
    response = signed_in(cast, "street_officer").post(EMPLOYERS, {"step": "party", "all": "1"}, follow=True)
    assert "一次最多办理 2 条" in response.content.decode()


# -- the dry run ------------------------------------------------------------------------------------------------


def test_the_dry_run_says_how_many_and_why_and_changes_nothing(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    url = chosen(client, "cover", cast.firm, cast.shop, cast.mill)
    assert "对选中的 3 条" in client.get(url).content.decode()
    response = client.post(url, {"union": str(cast.joint.public_id), "extent": "whole", "since": today().isoformat()})
    assert response.status_code == 302
    text = client.get(url).content.decode()
    assert "试算：1 条可以，2 条不可以。" in text
    assert "办理这 1 条" in text
    seen = outcomes(client, url)
    assert seen[cast.mill.name] == "可办"
    assert seen[cast.firm.name].startswith("不可办 这个单位在这些日子里已由一个工会整体覆盖")
    assert fresh(cast.mill).coverage == "none"
    assert not run_of(url).file


def test_a_form_that_is_not_complete_keeps_asking(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    url = chosen(client, "strike-off", cast.mill)
    assert client.post(url, {"reason": "unreachable"}).status_code == 200
    assert run_of(url).state == "draft"


def test_what_cannot_be_chosen_cannot_be_sent(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    url = chosen(client, "cover", cast.mill)
    with acting(SYSTEM):
        foreign = found_union(
            cast.next_street,
            actor=SYSTEM,
            name="景山联合工会",
            kind=Kind.JOINT,
            on=LONG_AGO,
            document="1",
            joint_basis="building",
        )
    sent = {"union": str(foreign.public_id), "extent": "whole", "since": today().isoformat()}
    assert client.post(url, sent).status_code == 200
    assert run_of(url).state == "draft"


def test_reasons_are_counted_without_the_names_of_the_rows(cast: Cast) -> None:
    employers = shops(cast, 3)
    with acting(SYSTEM):
        for one in employers:
            edit_employer(one, actor=SYSTEM, has_party_organisation=True)
    client = signed_in(cast, "street_officer")
    url = chosen(client, "party", *employers, cast.mill)
    client.post(url, {"has_party_organisation": "1"})
    assert page(client, url)["reasons"] == [("已经是这样登记的", "3")]


# -- doing it ---------------------------------------------------------------------------------------------------


def confirmed(client: Client, step: str, *employers: Employer, **sent: str) -> str:
    url = chosen(client, step, *employers)
    assert client.post(url, sent).status_code == 302
    assert client.post(f"{url}start/").status_code == 302
    return url


def test_party_organisations_are_registered_and_taken_back(cast: Cast) -> None:
    with acting(SYSTEM):
        edit_employer(cast.firm, actor=SYSTEM, has_party_organisation=True)
    client = signed_in(cast, "street_officer")
    url = confirmed(client, "party", cast.firm, cast.shop, cast.mill, has_party_organisation="1")
    assert "已办 2 条，1 条没有办。" in client.get(url).content.decode()
    assert fresh(cast.mill).has_party_organisation
    with acting(SYSTEM):
        edit_employer(cast.shop, actor=SYSTEM, has_party_organisation=False)  # somebody was there since
    assert client.post(f"{url}undo/").status_code == 302
    assert "已撤销 1 条，1 条没有撤销。" in client.get(url).content.decode()
    assert outcomes(client, url)[cast.shop.name] == "未能撤销 办理之后又有改动，请逐家更正"
    assert not fresh(cast.mill).has_party_organisation
    assert fresh(cast.firm).has_party_organisation


def test_every_row_is_an_action_of_its_own_in_its_history(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    confirmed(client, "party", cast.mill, cast.shop, has_party_organisation="1")
    text = client.get(f"/register/employers/{cast.mill.public_id}/").content.decode()
    assert "修改单位资料" in text
    assert "有党组织" in text


def test_a_joint_union_covers_many(cast: Cast) -> None:
    employers = shops(cast, 3)
    client = signed_in(cast, "street_officer")
    confirmed(
        client, "cover", *employers, union=str(cast.joint.public_id), extent="whole", since=today().isoformat(), basis="协议"
    )
    assert {fresh(one).coverage for one in employers} == {"joint"}
    assert {fresh(one).organisation_id for one in employers} == {cast.joint.pk}


def test_what_has_no_inverse_is_not_undone(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    url = confirmed(client, "strike-off", cast.mill, reason="unreachable", evidence="两次上门无人")
    with acting(SYSTEM):
        assert StrikeOff.objects.unscoped("the proposal").get(employer=cast.mill).evidence == "两次上门无人"
    text = client.get(url).content.decode()
    assert "撤销已办的" not in text
    client.post(f"{url}undo/")
    run = run_of(url)
    assert (run.state, run.problem) == ("failed", "这项办理没有相反的步骤，不能整批撤销")


def test_moving_to_another_street_and_back_leaves_the_figures_as_they_were(cast: Cast) -> None:
    employers = shops(cast, 2)
    scope = Scope(cast.street)

    def count() -> Any:
        with acting(SYSTEM):
            return value(figures["eligible_employers"], scope, today(), actor=SYSTEM).number

    before = count()
    client = signed_in(cast, "department_officer")
    to = str(region("110101002").pk)
    url = confirmed(client, "relocate", *employers, cast.neighbour, region=to, on=today().isoformat())
    assert count() == before - 2
    assert outcomes(client, url)[cast.neighbour.name].startswith("不可办 仍在本街道")
    client.post(f"{url}undo/")
    assert count() == before
    assert {fresh(one).organisation_id for one in employers} == {cast.street.pk}


def test_a_street_cannot_take_back_what_it_holds_no_longer(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    url = confirmed(client, "relocate", cast.mill, region=str(region("110101002").pk), on=today().isoformat())
    assert outcomes(client, url) == {"（已看不到）": "已办"}  # the name went with the employer
    client.post(f"{url}undo/")
    assert outcomes(client, url) == {"（已看不到）": "未能撤销 已看不到这条记录"}
    assert cast.mill.name not in client.get(url).content.decode()


def test_a_second_click_does_nothing(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    url = confirmed(client, "strike-off", cast.mill, reason="unreachable", evidence="两次上门无人")
    for _time in range(2):
        assert client.post(f"{url}start/").status_code == 302
    with acting(SYSTEM):
        assert StrikeOff.objects.unscoped("every proposal").filter(employer=cast.mill).count() == 1


# -- as a job ---------------------------------------------------------------------------------------------------


@pytest.fixture
def many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[Client, str, list[Employer]]:
    """A run on 25 employers, tried already, in chunks of ten."""
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(runs, "CHUNK", 10)
    employers = shops(cast, 25)
    client = signed_in(cast, "street_officer")
    url = chosen(client, "party", *employers)
    client.post(url, {"has_party_organisation": "1"})
    assert run_of(url).state == "checking"
    assert "hx-trigger" in client.get(url).content.decode()
    assert do_jobs() == 1
    assert "试算：25 条可以，0 条不可以。" in client.get(url).content.decode()
    return client, url, employers


def test_many_rows_are_done_by_a_job(cast: Cast, many: tuple[Client, str, list[Employer]]) -> None:
    client, url, employers = many
    client.post(f"{url}start/")
    assert not any(fresh(one).has_party_organisation for one in employers)
    assert do_jobs() == 1
    assert all(fresh(one).has_party_organisation for one in employers)
    assert (run_of(url).state, run_of(url).done) == ("done", 25)


def test_a_run_stops_between_chunks_and_what_is_done_can_be_taken_back(
    cast: Cast, many: tuple[Client, str, list[Employer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url, employers = many
    client.post(f"{url}start/")
    note = runs.note

    def stop_after_the_first(run: Run, actor: Any, **values: Any) -> None:
        if values.get("done") == 10:
            client.post(f"{url}stop/")
        note(run, actor, **values)

    monkeypatch.setattr(runs, "note", stop_after_the_first)
    do_jobs()
    assert run_of(url).state == "stopped"
    assert sum(fresh(one).has_party_organisation for one in employers) == 10
    assert "办了 10 条，15 条没有动" in client.get(url).content.decode()
    client.post(f"{url}undo/")
    do_jobs()
    assert sum(fresh(one).has_party_organisation for one in employers) == 0


def test_a_run_that_died_goes_on_where_it_was(
    cast: Cast, many: tuple[Client, str, list[Employer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url, employers = many
    client.post(f"{url}start/")
    note = runs.note

    def die_after_the_first(run: Run, actor: Any, **values: Any) -> None:
        if values.get("done") == 10:
            raise KeyboardInterrupt
        note(run, actor, **values)

    with monkeypatch.context() as patch:
        patch.setattr(runs, "note", die_after_the_first)
        with pytest.raises(KeyboardInterrupt):
            do_jobs()
    assert run_of(url).state == "running"
    assert sum(fresh(one).has_party_organisation for one in employers) == 10
    carry_out.func(user_id=cast.users["street_officer"].pk, run=str(run_of(url).public_id))
    assert all(fresh(one).has_party_organisation for one in employers)
    with acting(SYSTEM):
        done = RunRow.objects.unscoped("what came of the rows").filter(run=run_of(url), outcome="done")
        assert done.count() == 25
        events = Employer.events.rel.related_model._base_manager  # type: ignore[attr-defined]
        assert events.filter(pgh_obj=employers[0].pk, has_party_organisation=True).count() == 1


def test_an_error_of_the_system_is_told_and_not_swallowed(
    cast: Cast, many: tuple[Client, str, list[Employer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url, _employers = many
    client.post(f"{url}start/")
    monkeypatch.setattr(runs, "work_through", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        do_jobs()
    assert run_of(url).state == "failed"
    assert "系统出错了" in client.get(url).content.decode()


# -- afterwards -------------------------------------------------------------------------------------------------


def test_runs_are_ones_own(cast: Cast) -> None:
    url = confirmed(signed_in(cast, "street_officer"), "party", cast.mill, has_party_organisation="1")
    for name in ("outsider", "department_officer", "administrator"):
        client = signed_in(cast, name)
        assert client.get(url).status_code == 404
        assert client.post(f"{url}undo/").status_code == 404
        assert page(client, "/runs/")["listing"].total == 0
    assert page(signed_in(cast, "street_officer"), "/runs/")["listing"].total == 1


def test_old_runs_are_removed(cast: Cast) -> None:
    url = confirmed(signed_in(cast, "street_officer"), "party", cast.mill, has_party_organisation="1")
    with acting(SYSTEM):
        Run.objects.unscoped("an old one").update(started_at=LONG_AGO.isoformat() + "T00:00+08:00")
    remove_old_runs.func(timestamp=0)
    assert signed_in(cast, "street_officer").get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_commits_each_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(runs, "CHUNK", 10)
    cast = found_cast()
    employers = shops(cast, 25)
    client = signed_in(cast, "street_officer")
    url = chosen(client, "party", *employers)
    client.post(url, {"has_party_organisation": "1"})
    work()
    assert "试算：25 条可以，0 条不可以。" in client.get(url).content.decode()
    client.post(f"{url}start/")
    work()
    assert all(fresh(one).has_party_organisation for one in employers)
    assert run_of(url).state == "done"


def work() -> None:
    """One real worker, until nothing waits."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
