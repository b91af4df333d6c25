"""Duplicates for programs: merged into the record that is kept, and parted again, with the same rights and refusals as on the desk."""

from typing import Any

from gonghui.areas.register.actions import EmployerRow, enter_employers, found_union
from gonghui.areas.register.models import Employer
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Kind, Organisation
from tests.api.calls import MISSING, caller
from tests.cast import LONG_AGO, SYSTEM, Cast


def two_employers(cast: Cast) -> list[Employer]:
    rows = [EmployerRow(name, LONG_AGO, region=cast.street.region, headcount=9) for name in "甲乙"]
    with acting(SYSTEM):
        return enter_employers(cast.street, actor=SYSTEM, rows=rows)


def two_unions(cast: Cast) -> list[Organisation]:
    papers: dict[str, Any] = {"kind": Kind.OWN, "on": LONG_AGO, "document": "京工发〔2015〕1号"}
    with acting(SYSTEM):
        return [found_union(cast.street, actor=SYSTEM, name=f"{name}工会", **papers) for name in "甲乙"]


def test_an_employer_is_merged_and_parted(cast: Cast) -> None:
    kept, dropped = two_employers(cast)
    one = caller(cast, "department_officer")
    status, answer = one.call("post", f"/employers/{dropped.public_id}/merge", {"kept": str(kept.public_id)})
    assert (status, answer["id"], answer["former_names"]) == (200, str(kept.public_id), ["乙"])
    assert one.get(f"/employers/{dropped.public_id}")["merged_into"] == str(kept.public_id)
    status, answer = one.call("post", f"/employers/{dropped.public_id}/merge", {"kept": str(kept.public_id)})
    assert (status, answer["detail"]) == (422, "这两条记录已经合并过")
    status, answer = one.call("post", f"/employers/{dropped.public_id}/unmerge")
    assert (status, answer["merged_into"]) == (200, None)
    status, answer = one.call("post", f"/employers/{dropped.public_id}/unmerge")
    assert (status, answer["detail"]) == (422, "这条记录没有合并")


def test_a_union_is_merged_and_parted(cast: Cast) -> None:
    kept, dropped = two_unions(cast)
    one = caller(cast, "department_officer")
    status, answer = one.call("post", f"/unions/{dropped.public_id}/merge", {"kept": str(kept.public_id)})
    assert (status, answer["id"]) == (200, str(kept.public_id))
    assert one.get(f"/unions/{dropped.public_id}")["merged_into"] == str(kept.public_id)
    status, answer = one.call("post", f"/unions/{dropped.public_id}/unmerge")
    assert (status, answer["merged_into"]) == (200, None)


def test_streets_do_not_merge_and_what_is_not_there_is_not_found(cast: Cast) -> None:
    kept, dropped = two_employers(cast)
    for name in ("outsider", "street_officer"):
        one = caller(cast, name)
        assert one.call("post", f"/employers/{dropped.public_id}/merge", {"kept": str(kept.public_id)})[0] == 403
    department = caller(cast, "department_officer")
    assert department.call("post", f"/employers/{MISSING}/merge", {"kept": str(kept.public_id)})[0] == 404
