"""Two officers press 合并 in the same second: one merge, and words for the other."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from gonghui.areas.register.actions import EmployerRow, enter_employers, found_union, merge_employers, merge_unions
from gonghui.areas.register.models import Employer, EmployerMerge, UnionMerge
from gonghui.core.actions.action import Refused
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Kind, Organisation
from tests.cast import LONG_AGO, SYSTEM, Cast, found_cast

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6


def two_employers(cast: Cast, number: int) -> list[Employer]:
    rows = [EmployerRow(f"{name}{number}", LONG_AGO, region=cast.street.region, headcount=9) for name in "甲乙"]
    with acting(SYSTEM):
        return enter_employers(cast.street, actor=SYSTEM, rows=rows)


def two_unions(cast: Cast, number: int) -> list[Organisation]:
    papers: dict[str, Any] = {"kind": Kind.OWN, "on": LONG_AGO, "document": "京工发〔2015〕1号"}
    with acting(SYSTEM):
        return [found_union(cast.street, actor=SYSTEM, name=f"{name}{number}工会", **papers) for name in "甲乙"]


def at_once(*works: Callable[[], Any]) -> Counter[str]:
    """Runs these at the same moment, each on a connection of its own; what came of them."""
    said: Counter[str] = Counter()
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> None:
        gate.wait()
        try:
            with acting(SYSTEM):
                work()
            said["done"] += 1
        except Refused:
            said["refused"] += 1
        finally:
            connection.close()

    running = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return said


KINDS: list[tuple[Any, Any, Any]] = [(two_employers, merge_employers, EmployerMerge), (two_unions, merge_unions, UnionMerge)]


@pytest.mark.parametrize(("make", "merge", "table"), KINDS)
def test_one_merge_of_two_asked_for_at_once(make: Any, merge: Any, table: Any) -> None:
    cast = found_cast()
    for number in range(TIMES):
        one, other = make(cast, number)
        said = at_once(*[lambda one=one, other=other: merge(one, actor=SYSTEM, dropped=other)] * 2)  # type: ignore[misc]
        assert said == {"done": 1, "refused": 1}
        with acting(SYSTEM):
            assert table.objects.visible_to(SYSTEM).filter(kept=one, dropped=other, undone_on=None).count() == 1


@pytest.mark.parametrize(("make", "merge", "table"), KINDS)
def test_two_merges_into_each_other_never_wait_for_each_other(make: Any, merge: Any, table: Any) -> None:
    cast, found = found_cast(), Counter[str]()
    for number in range(TIMES):
        one, other = make(cast, number)
        said = at_once(
            lambda one=one, other=other: merge(one, actor=SYSTEM, dropped=other),  # type: ignore[misc]
            lambda one=one, other=other: merge(other, actor=SYSTEM, dropped=one),  # type: ignore[misc]
        )
        assert said["done"] + said["refused"] == 2, "nobody meets a deadlock"
        with acting(SYSTEM):
            rows = table.objects.visible_to(SYSTEM).filter(kept__in=[one, other], undone_on=None)
            assert rows.count() == said["done"] <= 1
        found += said
    print(f"\n{dict(found)}")
    assert found["done"]
