"""Schemathesis over the whole API (row E5 of the reliability programme), as every role that may call it, and as nobody: no 5xx, no
answer that is not declared, no door left open."""

import os
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode

from gonghui.config.wsgi import application
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import check_batch, map_batch, start_batch
from gonghui.core.exchange.models import Batch
from tests.api.calls import secret_of
from tests.cast import SYSTEM, Cast, found_cast
from tests.exchange.workbooks import HEADS, csv_of, employer_row

EXAMPLES = int(os.environ.get("GONGHUI_TEST_CALLS", "25"))  # of each operation, by who may do most
FEWER = max(EXAMPLES // 5, 3)  # by the others
# a valid form is no valid matter: a date may be too early, a code unknown, a record somebody else's
NOT_ASKED = ("positive_data_acceptance",)
SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
OPERATIONS: list[Any] = [cast(Any, found).ok() for found in SCHEMA.get_all_operations()]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The standing cast, whose tokens may call as often as they like."""
    monkeypatch.setattr("gonghui.core.access.tokens.parameter", lambda key, on: 1_000_000)
    return found_cast()


@pytest.fixture
def batch(people: Cast) -> Batch:
    """An import after its dry run, with a row that is sound and one that is wrong."""
    with acting(SYSTEM):
        content = csv_of([HEADS, employer_row(1), employer_row(2, headcount="许多")])
        made = start_batch(people.street, actor=SYSTEM, sheet="register.employers", name="名册.csv", content=content)
        map_batch(made, actor=SYSTEM, mapping=made.mapped)
        check_batch(made, actor=SYSTEM)
    return made


def cases(operation: Any, people: Cast, batch: Batch) -> Any:
    """Calls of the declared form and of another, and calls of the declared form that name records which are there."""
    records: dict[str, Any] = {"unions": people.own, "imports": batch}
    record = records.get(operation.path.split("/")[3], people.mill)
    parameters = {"public_id": str(record.public_id), "code": "employers"}
    known = {name: value for name, value in parameters.items() if f"{{{name}}}" in operation.path}
    there = {
        "union": str(people.street.public_id),
        "parent": str(people.street.public_id),
        "scope": str(people.street.public_id),
        "sheet": batch.sheet,
        "retry_of": str(batch.public_id),
    }
    if "/coverage" in operation.path:
        there["union"] = str(people.joint.public_id)

    def with_records(case: Any) -> Any:
        for place in (case.body, case.query):
            if isinstance(place, dict):
                place |= {name: value for name, value in there.items() if name in place}
        return case

    found = operation.as_strategy(path_parameters=known or None).map(with_records)
    return st.one_of([found, *(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)])


def answered(operation: Any, people: Cast, batch: Batch, secret: str, examples: int) -> set[int]:
    """The statuses that many calls of an operation come to; each answer is checked against what is declared."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    excluded = [CHECKS.get_one(name) for name in NOT_ASKED]
    statuses: set[int] = set()

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(operation, people, batch))
    def keeps_its_word(case: Any) -> None:
        response = case.call_and_validate(headers=headers, excluded_checks=excluded)
        statuses.add(response.status_code)

    keeps_its_word()
    print(f"\n{operation.label}: {sorted(statuses)}")
    return statuses


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: str(one.label))
def test_an_operation_keeps_its_word(operation: Any, people: Cast, batch: Batch) -> None:
    statuses = answered(operation, people, batch, secret_of(people, "department_officer"), EXAMPLES)
    assert statuses - {400, 401, 429}, "nothing got past the door"


def test_the_api_keeps_its_word_to_a_street_officer(people: Cast, batch: Batch) -> None:
    secret = secret_of(people, "street_officer")
    statuses = [answered(operation, people, batch, secret, FEWER) for operation in OPERATIONS]
    assert any(200 in found for found in statuses)


def test_the_api_keeps_its_word_to_a_token_that_may_only_look(people: Cast, batch: Batch) -> None:
    secret = secret_of(people, "department_officer", "register.view")
    for operation in OPERATIONS:
        statuses = answered(operation, people, batch, secret, FEWER)
        assert operation.method == "get" or not statuses & {200, 201, 204}, operation.label


def test_the_api_tells_nobody_anything(people: Cast, batch: Batch) -> None:
    for operation in OPERATIONS:
        assert answered(operation, people, batch, "", FEWER) <= {400, 401}, operation.label
