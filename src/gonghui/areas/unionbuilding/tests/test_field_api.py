"""Prospects, claims and attempts for programs."""

from gonghui.areas.unionbuilding.tests.fieldwork import prospect_of, system_officer
from gonghui.core.actions.door import acting
from tests.api.calls import caller
from tests.cast import SYSTEM, Cast


def test_a_program_claims_a_prospect_and_writes_down_what_it_tried(cast: Cast) -> None:
    with acting(SYSTEM):
        system_officer(cast)
        prospect = prospect_of(cast.mill)
    street, system, outsider = (caller(cast, name) for name in ("street_officer", "system_officer", "outsider"))
    path = f"/prospects/{prospect.public_id}"
    assert [row["name"] for row in outsider.get("/prospects", unclaimed="true")["items"]] == [cast.mill.name]
    assert outsider.get(path)["employer"] is None
    assert street.call("post", f"{path}/attempts", {"result": "reached"})[0] == 422  # nobody has claimed it
    status, answer = street.call("post", f"{path}/claim", {})
    assert (status, answer["claim_state"], answer["union"]) == (200, "held", str(cast.street.public_id))
    assert system.call("post", f"{path}/claim", {})[0] == 404
    assert street.call("post", f"{path}/claim", {})[0] == 422
    status, answer = street.call("post", f"{path}/attempts", {"result": "reached", "note": "愿意见面"})
    assert (status, [(one["result"], one["note"]) for one in answer["items"]]) == (200, [("reached", "愿意见面")])
    assert street.get(path)["claim_state"] == "kept"
    assert outsider.call("get", f"{path}/attempts")[0] == 404
    assert system.call("post", f"{path}/attempts", {"result": "reached"})[0] == 404


def test_a_district_says_in_whose_name(cast: Cast) -> None:
    with acting(SYSTEM):
        prospect = prospect_of(cast.mill)
    district = caller(cast, "department_officer")
    status, answer = district.call("post", f"/prospects/{prospect.public_id}/claim", {})
    assert (status, answer["field"]) == (422, "union")
    body = {"union": str(cast.education.public_id)}
    assert district.call("post", f"/prospects/{prospect.public_id}/claim", body)[0] == 200
