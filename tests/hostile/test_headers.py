"""Row E10 of the reliability programme: nothing is written without a CSRF token, and every answer carries its headers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client, override_settings

from gonghui.web.pages import home
from tests.cast import Cast
from tests.sweep import MISSING, Address, addresses
from tests.test_pages import signed_in

OPENAPI = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8"))
WRITES = ("post", "put", "patch", "delete")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
REFERRERS = {"same-origin", "strict-origin"}  # the second never tells the path, which is a secret in an invitation's address
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
}
YEAR = 31_536_000


def filled(address: Address) -> str:
    """The address with arguments that lead nowhere: what is refused is refused before anything is looked up."""
    return address.url({name: MISSING if name == "public_id" else "x" for name in address.arguments})


def careful(cast: Cast, name: str) -> Client:
    """A member's client that checks CSRF tokens, as a browser's requests are."""
    client = signed_in(cast, name)
    client.handler.enforce_csrf_checks = True
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("name", ["administrator", ""])
def test_no_page_takes_a_write_without_its_token(cast: Cast, name: str, method: str) -> None:
    client = careful(cast, name) if name else Client(enforce_csrf_checks=True)
    urls = [filled(one) for one in addresses() if not one.name.startswith("api:")]
    answers = {url: getattr(client, method)(url).status_code for url in urls}
    assert len(answers) > 60
    assert {url: status for url, status in answers.items() if status != 403} == {}


def test_a_token_of_another_session_is_none(cast: Cast) -> None:
    client, other = careful(cast, "street_officer"), careful(cast, "outsider")
    other.get("/accounts/login/")
    other.get("/")
    stolen = other.cookies["csrftoken"].value
    assert client.post("/filters/", {"csrfmiddlewaretoken": stolen}).status_code == 403
    assert client.post("/filters/", headers={"X-CSRFToken": stolen}).status_code == 403


def test_no_operation_of_the_api_takes_a_write_of_a_session_without_its_token(cast: Cast) -> None:
    client, answers = careful(cast, "department_officer"), {}
    for path, operations in OPENAPI["paths"].items():
        for method in set(WRITES).intersection(operations):
            url = path.replace("{public_id}", str(MISSING)).replace("{code}", "employers")
            response = getattr(client, method)(url, {}, content_type="application/json")
            answers[f"{method} {path}"] = (response.status_code, response.json()["code"])
    assert answers
    assert set(answers.values()) == {(403, "csrf")}


# -- headers ----------------------------------------------------------------------------------------------------


def crash(request: HttpRequest) -> Any:
    raise ZeroDivisionError


def answers(cast: Cast) -> Iterator[tuple[str, Any]]:
    """Answers of every kind: each address as found, missing, refused and not signed in; errors of every status."""
    client, officer, nobody = careful(cast, "administrator"), careful(cast, "department_officer"), Client()
    urls = [filled(one) for one in addresses()]
    for who in (client, officer, nobody):
        yield from ((f"get {url}", who.get(url)) for url in urls)
    for url in (
        f"/register/employers/{cast.mill.public_id}/",
        f"/register/unions/{cast.own.public_id}/",
        "/register/employers/?page=2",
    ):
        yield url, officer.get(url)
    yield "403", client.post("/filters/")
    yield "400", officer.get("/search/?q=%00")
    yield "404", officer.get("/nowhere/")
    yield "405", signed_in(cast, "street_officer").get("/filters/")
    yield "413", officer.post("/filters/", {"a": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})


KEPT = {"get /m/manifest.webmanifest", "get /m/worker.js"}  # the same for everybody: nothing of anybody's may be kept


def wrong(response: Any, *, is_https: bool) -> list[str]:
    """What an answer's headers lack."""
    headers = response.headers
    lacking = [name for name, value in ALWAYS.items() if headers.get(name) != value]
    lacking += [] if headers.get("Referrer-Policy") in REFERRERS else ["Referrer-Policy"]
    lacking += [one for one in POLICY if one not in headers.get("Content-Security-Policy", "")]
    lacking += ["unsafe"] if "unsafe" in headers.get("Content-Security-Policy", "") else []
    lacking += [] if "no-store" in headers.get("Cache-Control", "") else ["no-store"]
    hsts = f"max-age={YEAR}; includeSubDomains; preload" if is_https else None
    return lacking + ([] if headers.get("Strict-Transport-Security") == hsts else ["HSTS"])


def test_every_answer_carries_its_headers(cast: Cast) -> None:
    found = list(answers(cast))
    statuses = {response.status_code for _what, response in found}
    print(f"\n{len(found)} answers: {sorted(statuses)}")
    assert statuses >= {200, 302, 400, 401, 403, 404, 405}
    lacking = {what: lacks for what, response in found if (lacks := wrong(response, is_https=False))}
    assert lacking == {what: ["no-store"] for what in KEPT}


def test_an_answer_to_a_crash_carries_them_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "todo", crash)
    client = signed_in(cast, "street_officer")
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert wrong(response, is_https=False) == []


def test_over_https_browsers_are_told_to_stay_there(cast: Cast) -> None:
    secure = {"SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": YEAR}
    with override_settings(**secure, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True):
        client = signed_in(cast, "street_officer")
        for url in ("/", "/register/employers/", "/nowhere/", "/api/v1/openapi.json", "/healthz"):
            assert wrong(client.get(url, secure=True), is_https=True) == [], url
        redirected = client.get("/register/employers/")
        assert (redirected.status_code, redirected.headers["Location"]) == (301, "https://testserver/register/employers/")
