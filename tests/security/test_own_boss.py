"""Rule 10 of the design: who is an individual member at an employer without a union is told to that employer by nothing that its own
account opens, searches, exports, imports or types, before a union is founded."""

import re
from collections import deque
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urldefrag

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from gonghui.areas.members.actions import MemberRow, admit_members, take_application
from gonghui.areas.members.actions.applying import ApplicationRow
from gonghui.areas.members.models import Alert
from gonghui.areas.members.tests.workbooks import HEADS, csv_of, roster_row
from gonghui.areas.register.actions import add_contact
from gonghui.core.access.actions import grant_role
from gonghui.core.accounts.actions import create_user
from gonghui.core.actions.door import acting
from gonghui.core.exchange.exports import lists
from gonghui.core.people.actions import PersonRow
from gonghui.kit.ciphers import masked_phone
from gonghui.kit.identity import checked
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.members import records
from tests.sweep import said
from tests.test_pages import signed_in

WHY = "compared with the pages"
LINK = re.compile(r'(?:href|action|hx-get|data-url)="(/[^"]*)"')
ELSEWHERE = ("/m/", "/static/", "/accounts/logout", "/i18n/", "/jsi18n/", "/sign-out")
MOST_PAGES = 100


@dataclass(frozen=True)
class Joiner:
    """Somebody who joined individually; nothing of this is to be told."""

    name: str
    number: str
    phone: str

    def told(self, text: str, *typed: str) -> set[str]:
        """What of him stands in a text, beside what was typed by whoever reads it."""
        secrets = {self.name, self.number, self.phone, checked(self.number).masked, masked_phone(self.phone)}
        return {secret for secret in secrets - set(typed) if secret in text}


@pytest.fixture
def joiners(cast: Cast) -> list[Joiner]:
    """25 at the mill, which has no union, so that its street is reminded to found one; one more asks to join. `hr` keeps the mill's
    staff and is chair of the joint union next door."""
    people = [Joiner(f"独入{number:02d}", records.number(), f"139770000{number:02d}") for number in range(26)]
    with acting(SYSTEM):
        cast.users["hr"] = create_user(username="hr", name="人力", password=None)
        grant_role(cast.joint, actor=SYSTEM, user=cast.users["hr"], role="enterprise_chair", since=LONG_AGO)
        add_contact(cast.mill, actor=SYSTEM, post="chair", name="人力", phone="13988880000", since=LONG_AGO)
        rows = [
            MemberRow(PersonRow(one.name, checked(one.number), one.phone), LONG_AGO, employer=cast.mill) for one in people[:25]
        ]
        admit_members(cast.street, actor=SYSTEM, rows=rows)
        last = people[25]
        take_application(
            cast.street, actor=SYSTEM, row=ApplicationRow(last.name, last.number, "博闻", last.phone, employer=cast.mill)
        )
        assert Alert.objects.unscoped(WHY).filter(employer=cast.mill).exists()
    return people


def everything(client: Client) -> dict[str, str]:
    """Each page that links lead to, one of each kind of address and record, as far as there are any."""
    waiting, seen, pages, kinds = deque(["/"]), {"/"}, dict[str, str](), dict[str, int]()
    while waiting and len(pages) < MOST_PAGES:
        url = waiting.popleft()
        response = client.get(url)
        pages[url] = said(response)
        for found in LINK.findall(pages[url]):
            following = urldefrag(unescape(found))[0]
            kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|=[^&]*", "*", following)
            if following not in seen and not following.startswith(ELSEWHERE) and kinds.get(kind, 0) < 2:
                seen.add(following)
                kinds[kind] = kinds.get(kind, 0) + 1
                waiting.append(following)
    return pages


def exported(client: Client) -> str:
    """Every list that can be exported, as the workbooks say it."""
    told = []
    for code in lists:
        response = client.post(reverse("web:export", args=[f"list:{code}"]), {"purpose": "check"})
        if response.status_code == 302:
            told.append(said(client.post(response.headers["Location"])))
    assert told
    return "\n".join(told)


@pytest.mark.parametrize("name", ["hr", "enterprise_chair"])
def test_no_page_search_or_export_tells_the_employer(cast: Cast, joiners: list[Joiner], name: str) -> None:
    client = signed_in(cast, name)
    pages = everything(client)
    print(f"\n{name}: {len(pages)} pages")
    assert len(pages) > 60
    pages["export"] = exported(client)
    for one in (joiners[0], joiners[25]):
        for text in (one.name, one.number, one.phone, one.number[-4:], "独入"):
            for url in ("/search/", "/members/", "/members/applications/", "/members/transfers/", "/register/employers/"):
                for key in ("q", "name"):
                    pages[f"{url} {key} {text}"] = said(client.get(url, {key: text})).replace(text, "")
    for url, text in pages.items():
        for one in joiners:
            assert one.told(text) == set(), url


def test_the_street_sees_them_all(cast: Cast, joiners: list[Joiner]) -> None:
    """Else nothing is proven."""
    client = signed_in(cast, "street_officer")
    text = "\n".join([*everything(client).values(), exported(client)])
    assert all(one.name in text for one in joiners)
    assert all(masked_phone(one.phone) in text for one in joiners[:25])
    assert not any(one.number in text or one.phone in text for one in joiners)


# -- what the employer types ------------------------------------------------------------------------------------


def typed(cast: Cast, client: Client, url: str, one: Joiner, name: str, **more: str) -> str:
    """What a form answers to a number that the employer knows from its own files; nothing of it stays."""
    fields = {"name": name, "number": one.number, "worker_kind": "contract", "workplace": "某处", **more}
    with transaction.atomic():
        text = said(client.post(url, fields, follow=True))
        transaction.set_rollback(True)
    return text


@pytest.mark.parametrize("name", ["某某", "independent"])
def test_no_form_tells_more_than_was_typed(cast: Cast, joiners: list[Joiner], name: str) -> None:
    client, joint = signed_in(cast, "hr"), str(cast.joint.public_id)
    session = records.session(cast, "hr", cast.joint)
    mine = records.member(cast, cast.joint, "自家人", "13912340000")
    for one in (joiners[0], joiners[25]):
        known_as = one.name if name == "independent" else name
        seen = (one.number, checked(one.number).masked, known_as)
        for url, more in (
            (reverse("members:enter", args=["ask"]), {"target": joint}),
            (reverse("members:enter", args=["admit"]), {"union": joint, "joined_on": "2026-01-05", "work_state": "1"}),
            (reverse("members:counter_step", args=[session.public_id, "take"]), {"is_read": "on", "approves": "on"}),
            (reverse("members:counter_step", args=[session.public_id, "take"]), {"is_read": "on"}),
            (reverse("members:member_step", args=[mine.public_id, "document"]), {}),
        ):
            text = typed(cast, client, url, one, known_as, **more)
            assert one.told(text, *seen) == set(), url
            assert cast.street.name not in text, "who holds him is not said"


@pytest.mark.parametrize(
    ("sheet", "heads", "row"),
    [
        ("members.staff", ("姓名", "身份证号", "手机"), lambda one, name: [name, one.number, ""]),
        ("members.roster", HEADS, lambda one, name: roster_row(1, 姓名=name, 证件号码=one.number, 移动电话="")),
    ],
)
@pytest.mark.parametrize("is_named", [True, False])
def test_no_import_tells_more_than_the_workbook(
    cast: Cast, joiners: list[Joiner], sheet: str, heads: Any, row: Any, is_named: bool
) -> None:
    """Uploaded, compared, looked through outcome by outcome, applied, and the workbook that comes back."""
    client = signed_in(cast, "hr")
    rows = [row(one, one.name if is_named else f"员工{number}") for number, one in enumerate(joiners)]
    content = SimpleUploadedFile("名单.csv", csv_of(heads, rows))
    started: Any = client.post(f"/imports/start/?sheet={sheet}", {"organisation": str(cast.joint.public_id), "file": content})
    assert started.status_code == 302, said(started)
    mapping = {"sheet_at": "0", "head_at": "1", "encoding": "utf-8", "same_name": "ask"}
    if sheet == "members.staff":
        mapping |= {"column_0": "name", "column_1": "document", "column_2": "phone"}
    else:
        page: Any = client.get(started.url)
        mapping |= dict(re.findall(r'name="(column_\d+)".*?<option value="(\w*)" selected', said(page), re.DOTALL))
    texts = [said(client.post(started.url, mapping, follow=True))]
    texts += [said(client.get(started.url, {"show": show})) for show in ("", "new", "changed", "transfer", "wrong", "leaving")]
    texts.append(said(client.post(f"{started.url.rstrip('/')}/apply/", {"is_sure": "on"}, follow=True)))
    texts += everything_of_import(client, started.url)
    assert "接转" in texts[0] or "不同" in texts[0], texts[0][-3000:]
    for text in texts:
        for one in joiners:
            assert one.told(text, one.number, checked(one.number).masked, *([one.name] if is_named else [])) == set()


def everything_of_import(client: Client, url: str) -> list[str]:
    """Its page, its lists, its workbook."""
    pages = [said(client.get(url)), said(client.get("/members/transfers/")), said(client.get("/members/"))]
    links = [unescape(one) for one in LINK.findall(pages[0]) if one.startswith(url) and "undo" not in one]
    return [
        *pages,
        *(said(client.get(one, follow=True)) for one in links),
        *(said(client.post(one, follow=True)) for one in links),
    ]
