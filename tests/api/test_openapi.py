"""The description of the API is the committed one, and says of every route what it takes and how it refuses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.test import Client

from gonghui.core.access.roles import ROLES
from gonghui.core.files.actions import MEDIA_TYPES
from gonghui.web.api import api
from gonghui.web.api.problems import MEDIA_TYPE

COMMITTED = Path(__file__).resolve().parent.parent.parent / "docs" / "openapi.json"
SCHEMA: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation: path, method, description."""
    for path, methods in SCHEMA["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_what_is_committed_is_what_is_served() -> None:
    served = Client().get("/api/v1/openapi.json")
    assert served.json() == SCHEMA == json.loads(json.dumps(api.get_openapi_schema())), "run `python3 dev.py docs`"


def test_every_route_names_a_permission_that_somebody_holds() -> None:
    held = {permission for role in ROLES.values() for permission in role.permissions}
    assert {f"{method} {path}" for path, method, one in operations() if one["x-permission"] not in held} == set()


def test_every_route_declares_its_refusals() -> None:
    for path, method, one in operations():
        wanted = {"200", "400", "401", "403", "422", "429"} | ({"404"} if "{" in path else set())
        assert set(one["responses"]) == wanted, f"{method} {path}"
        given = MEDIA_TYPES[".xlsx"] if path.endswith("/result") else "application/json"
        for status, answer in one["responses"].items():
            assert set(answer["content"]) == {given if status == "200" else MEDIA_TYPE}
        assert one["security"], f"{method} {path}"
        assert one["summary"]


def test_nothing_but_what_is_declared_is_read() -> None:
    bodies = {
        f"{method} {path}": described(content["schema"])
        for path, method, one in operations()
        for content in one.get("requestBody", {}).get("content", {}).values()
    }
    assert len(bodies) >= 10
    assert {name for name, schema in bodies.items() if schema["additionalProperties"] is not False} == set()


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema, looked up where it is only named."""
    found: dict[str, Any] = SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found
