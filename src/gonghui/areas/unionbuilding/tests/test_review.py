"""The queue of unsure pairs: by forms without a script, by keyboard in a browser; the pages around it at both sizes.

GONGHUI_TEST_SHOTS names a directory for pictures.
"""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect

from gonghui.areas.register.actions import EmployerRow, edit_employer, enter_employers
from gonghui.areas.unionbuilding import actions, jobs
from gonghui.areas.unionbuilding.models import Edition, Match, Verdict
from gonghui.areas.unionbuilding.tests.lists import WHY, entries, firm, loaded, paid
from gonghui.core.actions.door import acting
from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import LONG_AGO, SYSTEM, Cast, found_cast
from tests.exchange.workbooks import credit_code
from tests.portal.test_in_browser import faults, pictured
from tests.test_pages import signed_in

NAMES = [f"北京第{number}家{trade}有限公司" for number, trade in zip("一二三四", ("茶叶", "书店", "酒楼", "物业"), strict=True)]


def waiting(cast: Cast) -> Edition:
    """A matched list with four pairs to be decided, the biggest firm first."""
    with acting(SYSTEM):
        edit_employer(cast.firm, actor=SYSTEM, uscc=credit_code(9))
        rows = [
            EmployerRow(
                f"{name[:-4]}公司", LONG_AGO, uscc=credit_code(number), region=cast.street.region, headcount=80 - number
            )
            for number, name in enumerate(NAMES, 1)
        ]
        employers = enter_employers(cast.street, actor=SYSTEM, rows=rows)
        first = [firm(credit_code(9), cast.firm.name, count="20"), firm("", "北京旧茶庄", count="5")]
        loaded(cast.district, SYSTEM, "enterprise_list", first)
        more: dict[str, Any] = {"address": "北京市东城区王府井大街 2 号", "legal": "沈卓", "phone": "13800001234"}
        listed = [firm(credit_code(20 + number), name, count=str(100 - number), **more) for number, name in enumerate(NAMES)]
        _batch, edition = loaded(
            cast.district, SYSTEM, "enterprise_list", [*listed, firm(credit_code(9), cast.firm.name, count="180")]
        )
        actions.match_edition(edition, actor=SYSTEM)
        jobs.match(edition=str(edition.public_id))
        named = entries(edition)
        Match.objects.unscoped(WHY).filter(entry__in=[named[name] for name in NAMES]).delete()
        evidence = [
            {"field": "name", "finding": "letter", "weight": 3.1, "zh": "名称差一字", "en": "name differs in one character"},
            {"field": "code", "finding": "different", "weight": -4.0, "zh": "代码不同", "en": "different codes"},
        ]
        for name, employer in zip(NAMES, employers, strict=True):
            values = {"score": 1.0, "band": "review", "probability": 0.6, "state": "review", "evidence": evidence}
            Match.objects.create(edition=edition, entry=named[name], employer=employer, **values)
        edition.refresh_from_db()
    return edition


def state(name: str) -> str:
    """What was decided of the pair of this firm."""
    with acting(SYSTEM):
        found: str = Match.objects.unscoped(WHY).filter(entry__name=name).values_list("state", flat=True).get()
        return found


def test_the_queue_goes_on_by_itself_with_forms_alone(cast: Cast) -> None:
    edition = waiting(cast)
    client, queue = signed_in(cast, "street_officer"), reverse("unionbuilding:review")
    page = client.get(queue)
    assert "第 1 / 4 对" in page.content.decode()
    assert page.context["pair"].entry.name == NAMES[0]
    verdict = reverse("unionbuilding:verdict", args=[page.context["pair"].public_id, "same"])
    page = client.post(verdict, {"place": "1", "edition": str(edition.public_id)}, follow=True)
    assert (page.context["pair"].entry.name, page.context["count"]) == (NAMES[1], 3)
    assert page.redirect_chain[0][0] == f"{queue}?edition={edition.public_id}&place=0"
    later = client.get(page.context["later_url"].replace(queue, queue))
    assert later.context["pair"].entry.name == NAMES[2]
    verdict = reverse("unionbuilding:verdict", args=[later.context["pair"].public_id, "different"])
    page = client.post(verdict, {"place": "2", "edition": ""}, follow=True)
    assert page.context["pair"].entry.name == NAMES[3]
    undo = reverse("unionbuilding:verdict", args=[page.context["last"].public_id, "undo"])
    page = client.post(undo, {"place": "2"}, follow=True)
    assert [state(name) for name in NAMES] == ["confirmed", "review", "review", "review"]
    assert client.post(reverse("unionbuilding:verdict", args=[page.context["pair"].public_id, "perhaps"])).status_code == 404


def test_who_may_not_decide_has_no_queue_and_a_neighbour_no_pairs(cast: Cast) -> None:
    waiting(cast)
    queue = reverse("unionbuilding:review")
    assert signed_in(cast, "district_chair").get(queue).status_code == 403
    assert "没有待判的比对" in signed_in(cast, "outsider").get(queue).content.decode()
    home = signed_in(cast, "street_officer").get("/").content.decode()
    assert "4 对拿不准是不是同一家" in home
    assert "拿不准" not in signed_in(cast, "outsider").get("/").content.decode()


def test_an_edition_tells_its_counts_and_each_opens_its_rows(cast: Cast) -> None:
    edition = waiting(cast)
    client = signed_in(cast, "department_officer")
    page = client.get(reverse("unionbuilding:edition", args=[edition.public_id]))
    counts = {str(one.label): (one.number, one.url) for tallies in page.context["tallies"] for one in tallies.counts}
    assert {label: number for label, (number, _url) in counts.items() if number} == {
        "自动对上": 1,
        "待判": 4,
        "没有对上": 4,
        "新出现": 4,
        "不再出现": 1,
        "职工人数跨档": 1,
    }
    for number, url in counts.values():
        assert client.get(url).context["listing"].total == number, url
    gone = client.get(counts["不再出现"][1])
    entry = client.get(gone.context["listing"].rows[0].url, follow=True)
    assert entry.context["title"] == "北京旧茶庄"


def test_firms_are_entered_and_made_prospects_from_the_list(cast: Cast) -> None:
    waiting(cast)
    with acting(SYSTEM):
        _batch, tax = loaded(
            cast.district,
            SYSTEM,
            "tax_list",
            [paid(credit_code(30), "北京新来的店", "2026-09"), paid("", cast.mill.name, "2026-09")],
        )
        actions.match_edition(tax, actor=SYSTEM)
        jobs.match(edition=str(tax.public_id))
        entry = entries(tax)["北京新来的店"]
    client = signed_in(cast, "street_officer")
    page = client.get(reverse("unionbuilding:entry", args=[entry.public_id]))
    assert [link.label for link in page.context["steps"]] == ["入册"]
    page = client.post(reverse("unionbuilding:entry_step", args=[entry.public_id, "enter"]), follow=True)
    assert "已入册，并确认是同一家" in page.content.decode()
    assert page.context["steps"] == []
    with acting(SYSTEM):
        assert Verdict.objects.unscoped(WHY).get().key == credit_code(30)


# -- in a browser -----------------------------------------------------------------------------------------------

DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 375, "height": 812}
UNSETTLED = ".htmx-request, .htmx-swapping, .htmx-settling"  # while the next pair is being put in place, keys are a page's own


@needs_chromium
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_queue_is_worked_by_keyboard(live_server: Any) -> None:
    cast = found_cast()
    edition = waiting(cast)
    let_sign_in(cast.users["street_officer"])
    with browser() as chromium:
        page = chromium.new_context(viewport=DESK).new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        sign_in(page, live_server.url, "street_officer")
        page.goto(f"{live_server.url}{reverse('unionbuilding:review')}")
        page.evaluate("window.stays = true")
        for key, name, told in (
            ("s", NAMES[1], "第 1 / 3 对"),
            ("Space", NAMES[2], "第 2 / 3 对"),
            ("ArrowLeft", NAMES[1], "第 1 / 3 对"),
            ("n", NAMES[2], "第 1 / 2 对"),
            ("u", NAMES[1], "第 1 / 3 对"),
            ("y", NAMES[2], "第 1 / 2 对"),
        ):
            expect(page.locator(UNSETTLED)).to_have_count(0)
            page.keyboard.press(key)
            expect(page.get_by_text(told)).to_be_visible()
            expect(page.locator("#pair")).to_contain_text(name)
        assert page.evaluate("window.stays")  # the page stays, its middle is put in place of the former one
        page.keyboard.press("?")
        expect(page.get_by_text("看待办")).to_be_visible()
        page.keyboard.press("Escape")
        look_at(page, live_server.url, edition)
        assert errors == []
    assert [state(name) for name in NAMES] == ["confirmed", "confirmed", "review", "review"]


def look_at(page: Page, address: str, edition: Edition) -> None:
    """The pages of lists at both sizes, light and dark: nothing scrolls sideways, everything can be read and hit."""
    names = ("editions", "entries", "differences", "matches", "review", "tax_matters")
    urls = {name: reverse(f"unionbuilding:{name}") for name in names}
    urls["edition"] = reverse("unionbuilding:edition", args=[edition.public_id])
    with acting(SYSTEM):
        urls["entry"] = reverse("unionbuilding:entry", args=[entries(edition)[NAMES[2]].public_id])
    for theme in ("light", "dark"):
        page.context.add_cookies([{"name": "theme", "value": theme, "url": address}])
        for size, viewport in (("desk", DESK), ("phone", PHONE)):
            page.set_viewport_size(viewport)
            for name, url in urls.items():
                page.goto(f"{address}{url}")
                page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
                pictured(page, f"lists-{name}-{size}-{theme}")
                found = [fault for fault in faults(page, "zh-hans") if size == "phone" or not fault.startswith("target")]
                assert found == [], (name, size, theme)
