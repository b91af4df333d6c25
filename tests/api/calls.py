"""A program that calls the API: with a token of one of the cast."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gonghui.core.access.actions import issue_token
from gonghui.core.actions.door import acting
from gonghui.kit.dates import today
from gonghui.web.api.entrance import grantable
from tests.cast import Cast

ROOT = "/api/v1"
MISSING = "6f1d8b1e-0000-4000-8000-000000000000"


class Caller:
    """Calls with one token; answers are status and JSON."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, Any]:
        """One call."""
        response = self.client.generic(
            method.upper(),
            ROOT + path,
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            query_params=query,
        )
        assert response.headers["Content-Type"].partition(";")[0] in ("application/json", "application/problem+json")
        return response.status_code, response.json()

    def upload(self, path: str, content: bytes, name: str = "名册.csv", **fields: Any) -> tuple[int, Any]:
        """A file in a form, with other fields beside it."""
        response = self.client.post(ROOT + path, {"file": SimpleUploadedFile(name, content), **fields})
        return response.status_code, response.json()

    def fetch(self, path: str, **query: Any) -> bytes:
        """A file that has to be there."""
        response = self.client.get(ROOT + path, query_params=query)
        assert response.status_code == 200, response.content
        return response.content

    def get(self, path: str, **query: Any) -> Any:
        """What a read that has to succeed answers."""
        status, answer = self.call("get", path, **query)
        assert status == 200, answer
        return answer


def secret_of(cast: Cast, name: str, *only: str) -> str:
    """A new token of one of the cast, with all it may have or only these permissions."""
    actor = cast.actor(name)
    wanted = only or tuple(one for one in grantable() if actor.can(one))
    with acting(actor):
        expires_on = today().replace(year=today().year + 1)
        _token, secret = issue_token(
            cast.users[name], actor=actor, label=f"{name} {len(only)}", permissions=wanted, expires_on=expires_on
        )
    return secret


def caller(cast: Cast, name: str, *only: str) -> Caller:
    """One of the cast as a program."""
    return Caller(secret_of(cast, name, *only))
