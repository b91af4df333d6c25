"""Every page as it is seen: at a desk and on a phone, light and dark, in Chinese and in English.

The pages are discovered in the URLconf, as the sweep discovers them; MORE and STATES add what an address alone does not show. All
eight ways are walked. The theme is switched on the open page, so that a page is fetched four times and not eight.
GONGHUI_SCREENSHOTS names a directory for pictures.
"""

import datetime as dt
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from gonghui.areas.register.actions import (
    EmployerRow,
    add_contact,
    approve_strike_off,
    enter_employers,
    propose_strike_off,
    propose_union,
    return_union,
)
from gonghui.areas.register.models import Contact
from gonghui.core.access.actions import grant_role
from gonghui.core.access.models import Grant
from gonghui.core.access.roles import ROLES
from gonghui.core.accounts.actions import create_user
from gonghui.core.actions.door import acting
from gonghui.core.notices.actions import write_note
from gonghui.core.organisations.models import Kind
from gonghui.core.reference.models import Parameter
from gonghui.kit.dates import today
from tests.browser import PASSWORD, browser, let_sign_in, needs_chromium
from tests.cast import LONG_AGO, SYSTEM, found_cast
from tests.sweep import RECORD, Filled, Sweeper, fillings
from tests.test_pages import signed_in
from tests.world import INSPECTOR, World

LOOK = Path(__file__).with_name("walk.js").read_text(encoding="utf-8")
PICTURES = os.environ.get("GONGHUI_SCREENSHOTS", "")
SIZES = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 375, "height": 812}}
LANGUAGES = {"zh-hans": "zh-CN", "en": "en"}
THEMES = ("light", "dark")
LONG = "北京东方国际文化创意产业园区物业管理与综合服务有限责任公司东华门大街第二分公司"
NAMES = ("北京恒泰家园物业管理有限公司", "北京九源餐饮管理（集团）有限公司", "北京鼎昌信达劳务派遣有限公司", LONG)


# -- what there is to see ---------------------------------------------------------------------------------------


def furnished() -> World:
    """The cast with something in every list, all through the actions."""
    cast = found_cast()
    world = World(cast)
    with acting(SYSTEM):
        cast.users[INSPECTOR] = user = create_user(username=INSPECTOR, name="郑欣", password=None)
        for role in ROLES:
            grant_role(cast.district, actor=SYSTEM, user=user, role=role, since=LONG_AGO)
        rows = [EmployerRow(name, LONG_AGO, region=cast.street.region, headcount=1204) for name in NAMES]
        hall, canteen, agency, park = enter_employers(cast.street, actor=SYSTEM, rows=rows)
        contact = add_contact(park, actor=SYSTEM, post="chair", name="欧阳文静", phone="13800002046", since=LONG_AGO)
    with cast.act("street_officer") as actor:
        proposals = [
            propose_strike_off(one, actor=actor, reason="unreachable", evidence=f"三次走访{LONG}，均已人去楼空")
            for one in (hall, canteen, agency)
        ]
        proposed = propose_union(cast.street, actor=actor, name="王府井工会联合会", kind=Kind.FEDERATION, on=today())
        returned = propose_union(cast.street, actor=actor, name="灯市口工会联合会", kind=Kind.FEDERATION, on=today())
    with cast.act(INSPECTOR) as actor:
        approve_strike_off(proposals[0], actor=actor, on=today(), decision="情况属实")
        return_union(returned, actor=actor, note="请补职工代表名单")
        note = write_note(cast.district, actor=actor, subject=park, text="下周一前再去一次", remind_on=today())
        later = today() + dt.timedelta(days=3)
        write_note(cast.district, actor=actor, subject=proposed, text=LONG, remind_on=later)
    with acting(SYSTEM):
        why = "the walker's own"
        grant = Grant.objects.unscoped(why).get(user=cast.users["street_officer"])
        parameters = Parameter.objects.unscoped(why).order_by("key")[:1]
        contacts = [contact, *Contact.objects.unscoped(why).filter(union=cast.own)]
    unions = (cast.own, cast.joint, cast.street, proposed, returned)
    for record in (cast.firm, hall, park, *unions, proposals[1], proposals[0], *contacts, note, grant, *parameters):
        world.plant(record)
    return world


@dataclass(frozen=True)
class Stop:
    """One page of the walk, or one state of it: who opens it, where, and what is done there first."""

    name: str
    url: str
    who: str = INSPECTOR
    do: Callable[[Page], None] | None = None
    status: int = 200
    at: tuple[str, ...] = ("desk", "phone")


def discovered(world: World) -> Iterator[Stop]:
    """Every page that the URLconf has: each step once, each record in all its kinds."""
    sweeper = Sweeper(world, INSPECTOR)
    for one in fillings(world)[0]:
        if is_page(sweeper, one):
            words = [one.address.name, *(str(value) for name, value in one.arguments if name != RECORD)]
            name = re.sub(r"\W+", "-", "-".join(words))
            kinds = world.records[one.record.model] if one.record and one.address.arguments == (RECORD,) else []
            for number, record in enumerate(kinds):
                yield Stop(f"{name}-{number}", one.of(record.public_id))
            if not kinds:
                yield Stop(name, one.url)


def is_page(sweeper: Sweeper, filled: Filled) -> bool:
    """Whether a browser shows it: neither a redirect nor a download, and not for POST alone."""
    visit = sweeper.ask("get", filled.url)
    return visit.status == 200 and "Content-Type: text/html" in visit.text and "<html" in visit.text


def drawer(page: Page) -> None:
    """Opens the first row beside the list."""
    page.locator("a[data-open]").first.click()
    page.locator("#drawer footer").wait_for()


def pop(place: int) -> Callable[[Page], None]:
    """Opens one of the parts that lie over the page."""
    return lambda page: page.locator("main [data-pop] > summary").nth(place).click()


def empty_form(page: Page) -> None:
    """Sends a form with nothing in it."""
    page.locator("main form[data-form] .form-control").evaluate_all("all => { for (const one of all) one.value = '' }")
    page.locator(".foot .btn-primary").click()
    page.locator("#errors").wait_for()


def reveal(page: Page) -> None:
    """Gives the first reason."""
    page.locator("main input[type=radio]").first.check()
    page.locator(".foot .btn-primary").click()
    page.locator("a[href^='tel:']").wait_for()


def second_step(page: Page) -> None:
    """Password given, the code is asked for."""
    page.locator("input[name=login]").fill("street_officer")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form .btn-primary").click()
    page.locator("input[name=code]").wait_for()


def wrong_password(page: Page) -> None:
    """Sign-in refused."""
    page.locator("input[name=login]").fill("nobody")
    page.locator("input[name=password]").fill("wrong")
    page.locator("main form .btn-primary").click()
    page.locator("#errors").wait_for()


def palette(page: Page) -> None:
    """The search over the page, with hits."""
    page.locator("[data-search]").click()
    page.locator("#palette input").press_sequentially("北京")
    page.locator("#palette [role=option]").first.wait_for()


def first_row(page: Page) -> None:
    """The first row is the current one."""
    page.locator("body").press("j")


def keys(page: Page) -> None:
    """The sheet of keys."""
    page.locator("body").press("?")


def index(page: Page) -> None:
    """The index on a phone."""
    page.locator("[data-index-switch]").first.click()


def stops(world: World) -> Iterator[Stop]:
    """The pages of the URLconf, then what an address alone does not show."""
    yield from discovered(world)
    employers, step = "/register/employers/", f"/register/employers/{world.cast.mill.public_id}/found/"
    contact = world.records["register.contact"][0].public_id
    conditions = "?coverage=none&state=active&workers_min=10"
    yield Stop("home-current-row", "/", do=first_row, at=("desk",))
    yield Stop("home-started", "/?tab=started", "street_officer")
    yield Stop("home-done", "/?tab=done")
    yield Stop("home-empty", "/", "outsider")
    yield Stop("home-keys", "/", do=keys, at=("desk",))
    yield Stop("home-palette", "/", do=palette)
    yield Stop("home-index", "/", do=index, at=("phone",))
    yield Stop("employers-conditions", employers + conditions)
    yield Stop("employers-filter-open", employers + conditions, do=pop(1))
    yield Stop("employers-columns-open", employers, do=pop(0))
    yield Stop("employers-drawer", employers, do=drawer, at=("desk",))
    yield Stop("employers-nothing-found", f"{employers}?name=没有这样的单位")
    yield Stop("employers-wrong-condition", f"{employers}?workers_min=many")
    yield Stop("strike-offs-empty", "/register/strike-offs/", "outsider")
    yield Stop("strike-off-drawer", "/register/strike-offs/", do=drawer, at=("desk",))
    yield Stop("employer-more-open", f"{employers}{world.cast.mill.public_id}/", do=pop(0))
    yield Stop("found-errors", step, do=empty_form)
    yield Stop("phone-revealed", f"/register/contacts/{contact}/phone/", do=reveal)
    yield Stop("search-found", "/search/?q=北京")
    yield Stop("search-nothing-found", "/search/?q=没有这样的单位")
    yield Stop("figure-by-street", "/figures/coverage_rate/?by=street")
    yield Stop("refused", "/grants/", "enterprise_chair", status=403)
    yield Stop("missing", "/no-such-page/", status=404)
    yield Stop("sign-in", "/accounts/login/", "")
    yield Stop("sign-in-wrong", "/accounts/login/", "", wrong_password)
    yield Stop("sign-in-second-step", "/accounts/login/", "", second_step)
    yield Stop("recovery-codes", "/accounts/2fa/recovery-codes/")
    yield Stop("totp-activation", "/accounts/2fa/totp/activate/", "worker")
    for template in ("500", "403_csrf", "account/locked"):
        yield Stop(f"made-{template.replace('/', '-')}", f"/made/{template}")


# -- the walk ---------------------------------------------------------------------------------------------------


@dataclass
class Walker:
    """One context: a size and a language. Notes what is wrong."""

    context: BrowserContext
    address: str
    size: str
    language: str
    cookies: dict[str, str]
    faults: dict[str, list[str]] = field(default_factory=dict)
    noise: list[str] = field(default_factory=list)

    def open(self) -> Page:
        """The page to walk with; whatever it complains about is noted."""
        page = self.context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.noise.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.route("**/made/**", lambda route: route.fulfill(body=self.made(route.request.url), content_type="text/html"))
        return page

    def made(self, url: str) -> str:
        """A page that only something going wrong would show."""
        with translation.override(self.language):
            context = {"failure_limit": settings.AXES_FAILURE_LIMIT}
            return render_to_string(f"{urlsplit(url).path.removeprefix('/made/')}.html", context, RequestFactory().get("/"))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:  # those are answers, noted below
            self.noise.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # left behind by going on to the next page
            self.noise.append(f"request failed: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.noise.append(f"{response.status}: {response.url}")

    def sign_in(self, who: str) -> None:
        """The session made for this member; none for nobody."""
        self.context.clear_cookies()
        wanted = {settings.LANGUAGE_COOKIE_NAME: self.language}
        if who:
            wanted[settings.SESSION_COOKIE_NAME] = self.cookies[who]
        self.context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in wanted.items()])

    def walk(self, page: Page, stop: Stop) -> None:
        """Goes there, does what is to be done, looks in both themes."""
        self.sign_in(stop.who)
        self.noise.clear()
        answer = page.goto(f"{self.address}{stop.url}")
        found = []
        if answer is None or answer.status != stop.status:
            found.append(f"answered {answer and answer.status}")
        if stop.do:
            stop.do(page)
        page.evaluate("for (const one of document.querySelectorAll('details:not([data-pop])')) one.open = true")
        for theme in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
            parts = ["contrast"] if theme == "dark" else ["frame", "contrast", *(["targets"] if self.size == "phone" else [])]
            language = "zh-CN" if stop.url == "/made/500" else LANGUAGES[self.language]
            found += [f"{theme}: {one}" for one in page.evaluate(LOOK, {"parts": parts, "language": language})]
            if PICTURES:
                path = Path(PICTURES) / f"{self.size}-{theme}-{LANGUAGES[self.language][:2]}" / f"{stop.name}.png"
                page.screenshot(path=path, full_page=True)
        if found := [*found, *self.noise]:
            self.faults[f"{self.language} {self.size} {stop.name} {stop.url}"] = found


def session(client: Client, user: Any) -> str:
    """A session in which password and code were given just now, so that no page asks again."""
    kept = client.session
    records = [{"method": "password", "username": user.username}, {"method": "mfa", "type": "totp"}]
    kept["account_authentication_methods"] = [{**one, "at": time.time()} for one in records]
    kept.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def context(chromium: Browser, size: str) -> BrowserContext:
    """A browser of one size, in which nothing moves."""
    wanted: Any = {"viewport": SIZES[size], "reduced_motion": "reduce", "has_touch": size == "phone"}
    return chromium.new_context(**wanted)


@needs_chromium
@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_page_is_fit_to_be_seen(live_server: Any) -> None:
    world = furnished()
    for name in (INSPECTOR, "street_officer"):
        let_sign_in(world.cast.users[name])
    RecoveryCodes.activate(world.cast.users[INSPECTOR])
    newcomer = world.cast.users["worker"]  # who has a password sets an authenticator up
    newcomer.set_password(PASSWORD)
    newcomer.save(update_fields=["password"])
    cookies = {name: session(signed_in(world.cast, name), user) for name, user in world.cast.users.items()}
    ways = list(stops(world))
    found: dict[str, list[str]] = {}
    with browser() as chromium:
        for language, size in product(LANGUAGES, SIZES):
            walker = Walker(context(chromium, size), live_server.url, size, language, cookies)
            page = walker.open()
            for stop in ways:
                if size in stop.at:
                    walker.walk(page, stop)
            walker.context.close()
            found |= walker.faults
    said = [f"{stop}\n" + "".join(f"    {fault}\n" for fault in several) for stop, several in found.items()]
    assert not found, "\n" + "".join(said)
