"""Filters of one's own: saved, renamed, pinned, forgotten, each with its history; and opened by the keys 1, 2, 3."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.actions.undoing import events_of
from gonghui.web.actions import MOST, pin_filter, save_filter
from gonghui.web.models import SavedFilter
from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import SYSTEM, Cast, found_cast
from tests.test_pages import signed_in

EMPLOYERS = "register.employers"


def saved(client: Client, label: str, query: str = "workers_min=50") -> SavedFilter:
    """A filter saved from the list of employers."""
    client.post(reverse("web:save_filter"), {"sheet": EMPLOYERS, "label": label, "query": query})
    with acting(SYSTEM):
        found: SavedFilter = SavedFilter.objects.unscoped("test").get(label=label)
        return found


def take(client: Client, one: SavedFilter, step: str, **data: Any) -> int:
    """One step on a filter."""
    return client.post(reverse("web:filter_step", args=[one.public_id, step]), data).status_code


def tabs(client: Client) -> list[str]:
    """The tabs of the list of employers."""
    return [str(tab.label) for tab in client.get(reverse("register:employers")).context["listing"].tabs]


def test_a_filter_is_renamed_pinned_and_forgotten_with_its_history(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    first, second = saved(client, "五十人以上"), saved(client, "有派遣", "dispatch=1")
    assert tabs(client)[-2:] == ["五十人以上", "有派遣"]
    assert take(client, second, "pin") == 302
    assert tabs(client)[:2] == ["全部", "有派遣"]
    assert "有派遣" in client.get(reverse("web:home")).content.decode()
    assert take(client, second, "rename", label="派遣单位") == 302
    assert take(client, second, "unpin") == 302
    assert tabs(client)[-2:] == ["五十人以上", "派遣单位"]
    assert take(client, first, "delete") == 302
    assert "五十人以上" not in tabs(client)
    with acting(SYSTEM):
        told = [
            (event.pgh_label, event.pgh_context.metadata["verb"], event.label)
            for event in events_of(SavedFilter).order_by("pgh_id").select_related("pgh_context")
        ]
    assert told == [
        ("insert", "web.save_filter", "五十人以上"),
        ("insert", "web.save_filter", "有派遣"),
        ("update", "web.pin_filter", "有派遣"),
        ("update", "web.rename_filter", "派遣单位"),
        ("update", "web.unpin_filter", "派遣单位"),
        ("delete", "web.delete_filter", "五十人以上"),
    ]


def test_two_filters_of_a_list_have_two_names(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    saved(client, "甲")
    other = saved(client, "乙")
    response = client.post(reverse("web:filter_step", args=[other.public_id, "rename"]), {"label": "甲"})
    assert "已经有一个同名的筛选" in response.content.decode()
    again = client.post(reverse("web:save_filter"), {"sheet": EMPLOYERS, "label": "甲", "query": "coverage=own"}, follow=True)
    assert "已经有一个同名的筛选" in again.content.decode()


def test_a_filter_is_its_owners_alone(cast: Cast) -> None:
    one = saved(signed_in(cast, "street_officer"), "甲")
    for step in ("rename", "pin", "unpin", "delete"):
        assert take(signed_in(cast, "department_officer"), one, step, label="乙") == 404
    with cast.act("department_officer") as actor:
        with pytest.raises(NotAllowed):
            pin_filter(one, actor=actor)
        with pytest.raises(NotAllowed):
            save_filter(cast.users["street_officer"], actor=actor, sheet=EMPLOYERS, label="乙", query="")


def test_a_list_keeps_no_more_filters_than_can_be_shown(cast: Cast) -> None:
    user = cast.users["street_officer"]
    with cast.act("street_officer") as actor:
        for number in range(MOST):
            save_filter(user, actor=actor, sheet=EMPLOYERS, label=f"第{number}个", query="")
        with pytest.raises(Refused, match="最多"):
            save_filter(user, actor=actor, sheet=EMPLOYERS, label="多一个", query="")
        save_filter(user, actor=actor, sheet="register.unions", label="另一个列表", query="")


def test_every_list_shows_the_filters_saved_for_it(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    client.post(reverse("web:save_filter"), {"sheet": "register.contacts", "label": "我的", "query": "name=x"})
    assert "我的" in client.get(reverse("register:contacts")).content.decode()


@needs_chromium
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_keys_open_the_first_three(live_server: Any) -> None:
    cast = found_cast()
    let_sign_in(cast.users["street_officer"])
    with cast.act("street_officer") as actor:
        user = cast.users["street_officer"]
        pin_filter(save_filter(user, actor=actor, sheet=EMPLOYERS, label="我的", query="workers_min=150"), actor=actor)
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        sign_in(page, live_server.url, "street_officer")
        page.goto(f"{live_server.url}{reverse('register:employers')}")
        current = page.locator("#list .tabs [aria-current]")
        for key, name in (("1", "我的"), ("2", "未建会"), ("3", "百人以上未建会")):
            page.keyboard.press(key)
            page.wait_for_function(
                "name => document.querySelector('#list .tabs [aria-current]')?.textContent.startsWith(name)", arg=name
            )
        assert current.count() == 1
        found = page.locator("#count").inner_text().split()[1]
        assert current.inner_text() == f"百人以上未建会{found}"
        assert int(found) == page.locator("#list tbody tr").count()
        page.locator('#list summary[title="存好的筛选"]').click()
        page.get_by_role("button", name="取消钉住").click()
        assert page.locator("#list .tabs a").nth(1).inner_text().startswith("未建会")
