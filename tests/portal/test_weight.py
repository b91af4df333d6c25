"""What a page costs: queries, bytes, and nothing that an old WebView cannot read."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from gonghui import web
from gonghui.areas.members.actions import give_entitlement
from gonghui.core.actions.door import acting
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.portal.pages import PAGES, newcomer, opened, sent, signed_in
from tests.test_budgets import MOST, count

FIRST = 150 * 1024  # bytes of a first page with all it needs (ui.md), before any compression
OURS = Path(web.__file__).parent
STYLE = (OURS / "static/web/portal.css").read_text(encoding="utf-8")
SCRIPTS = [
    *(OURS / "static/web/js" / name for name in ("portal.js", "card.js")),
    OURS / "templates/portal/service_worker.js",
]
WHOLE = 15  # queries of the copy of everything that is kept of somebody: one a table, and the door's
LATER_CSS = {  # what Chrome got after 62 (October 2017), by caniuse.com
    r":(has|is|where|focus-visible|focus-within\()": "selector",
    r"(?<![\w-])inset\s*:": "inset, Chrome 87",
    r"(?<![\w-])(row-|column-)?gap\s*:": "gap without grid-, Chrome 66 in grids and 84 in flex boxes",
    r"(?<![\w-])(min|max|clamp)\(": "min() max() clamp(), Chrome 79",
    r"aspect-ratio\s*:": "aspect-ratio, Chrome 88",
    r"@layer|@container|@property|@nest|&": "later rules and nesting",
    r"(margin|padding|inset)-(inline|block)\s*:": "logical shorthands, Chrome 87",
    r"#[0-9a-f]{8}\b|light-dark\(|oklch\(|color-mix\(": "later colours",
    r"(\d+px|%|0) (\d+px|%|0)\s*[,)](?=[^;]*gradient)": "two places of one colour stop, Chrome 71",
}
LATER_JS = {
    r"\?\.(?!\d)": "optional chaining, Chrome 80",
    r"\?\?": "nullish coalescing, Chrome 80",
    r"catch\s*\{": "catch without a name, Chrome 66",
    r"\.(replaceAll|at|flat|flatMap|matchAll|fromEntries|replaceChildren)\(": "later methods",
    r"(?<![\w.])import\s*\(|^\s*import |^\s*export ": "modules need care before Chrome 63",
    r"\{\s*\.\.\.|\.finally\(": "object spread (60) is there, finally (63) is not",
    r"\d_\d|\d+n\b|&&=|\|\|=": "later syntax",
    r"globalThis|structuredClone|AbortController": "later globals",
}


@pytest.mark.parametrize("pattern", LATER_CSS)
def test_the_style_asks_for_nothing_that_chrome_62_lacks(pattern: str) -> None:
    assert re.findall(pattern, STYLE) == [], LATER_CSS[pattern]


@pytest.mark.parametrize("pattern", LATER_JS)
def test_the_scripts_ask_for_nothing_that_chrome_62_lacks(pattern: str) -> None:
    for file in SCRIPTS:
        assert re.findall(pattern, file.read_text(encoding="utf-8"), re.MULTILINE) == [], (file.name, LATER_JS[pattern])


def transferred(client: Client, page: str) -> int:
    """The bytes of a page and of every file it names, as they leave the server without compression."""
    text = opened(client, page)
    files = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', text))
    assert any(file.endswith("portal.css") for file in files)
    return len(text.encode()) + sum(Path(str(finders.find(file.removeprefix("/static/")))).stat().st_size for file in files)


def test_no_page_is_heavier_than_150_kilobytes(cast: Cast) -> None:
    sizes = {}
    for user in (cast.users["worker"], newcomer()):
        client = signed_in(user)
        for page in PAGES:
            if page != "download":
                sizes[user.username, page] = transferred(client, page)
    print()
    for (name, page), size in sorted(sizes.items(), key=lambda one: -one[1])[:6]:
        print(f"{name} {page}: {size} bytes")
    assert max(sizes.values()) <= FIRST


def test_no_page_asks_more_than_its_budget(cast: Cast) -> None:
    with acting(SYSTEM):
        for number in range(9):
            give_entitlement(cast.district, actor=SYSTEM, name=f"第{number}项", since=LONG_AGO, basis="测试")
    worker = signed_in(cast.users["worker"])
    sent(worker, "transfer", q="王府井楼宇", goal_id=str(cast.joint.public_id))
    sent(worker, "correct", name="李想", education="master")
    costs = {page: count(worker, reverse(f"portal:{page}"))[0] for page in PAGES}
    print()
    for page, queries in sorted(costs.items(), key=lambda one: -one[1])[:6]:
        print(f"{page}: {queries} queries")
    assert {
        page: queries for page, queries in costs.items() if queries > (WHOLE if page in ("data", "download") else MOST)
    } == {}


def test_it_can_be_put_on_the_first_screen(cast: Cast) -> None:
    manifest: Any = Client().get(reverse("portal:manifest"))
    told = manifest.json()
    assert told["start_url"] == told["scope"] == reverse("portal:home")
    for icon in told["icons"]:
        file = Path(str(finders.find(icon["src"].removeprefix("/static/"))))
        width = int.from_bytes(file.read_bytes()[16:20], "big")
        assert icon["sizes"] == f"{width}x{width}"
    script = Client().get(reverse("portal:service_worker"))
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert script.headers["Cache-Control"] == "no-cache"
    assert '"/m/card/"' in script.content.decode()
    assert "private, no-store" in signed_in(cast.users["worker"]).get(reverse("portal:card")).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("posted", "shown"),
    [
        ({"elder": "1"}, " data-elder"),
        ({"size": "xl"}, ' data-size="xl"'),
        ({"theme": "dark"}, 'data-bs-theme="dark"'),
        ({"size": "huge"}, " data-theme-of-phone>"),
    ],
)
def test_how_it_looks_is_kept_on_this_phone(db: None, posted: dict[str, str], shown: str) -> None:
    client = Client()
    assert client.post(reverse("portal:display"), {**posted, "next": "//evil.example/"}).headers["Location"] == "/m/display/"
    assert shown in client.get(reverse("portal:display")).content.decode()
    client.post(reverse("portal:display"), {"size": "large"})
    assert 'data-size="large"' in client.get(reverse("portal:display")).content.decode()
