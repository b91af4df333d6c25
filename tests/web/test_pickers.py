"""Looking for a record in a picker sends the whole form: nothing typed is lost, nothing is judged or done, no number is in an address."""

import html
import re
from typing import Any

from django.urls import reverse

from gonghui.areas.members.models import Membership, Transfer
from gonghui.core.actions.door import acting
from tests.cast import SYSTEM, Cast
from tests.exports.test_bulk import chosen
from tests.portal.pages import number
from tests.test_pages import signed_in

WHY = "what a search must not do"
TYPED = {"name": "打字人", "number": number(7), "phone": "13900004007", "workplace": "拐角咖啡馆", "joined_on": "2024-05-06"}
MORE = {"worker_kind": "dispatch", "work_state": "1", "document_kind": "", "employer": "", "trade": ""}


def shown(response: Any) -> dict[str, str]:
    """The values that stand in the fields of a page."""
    page = response.content.decode()
    inputs = re.findall(r'<input type="(?:text|tel|date|search)" name="([^"]+)" value="([^"]*)"', page)
    chosen = re.findall(r'<select name="([^"]+)".*?<option value="([^"]*)" selected>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in [*inputs, *chosen]}


def hits(response: Any, field: str) -> list[str]:
    """The labels of a picker's hits."""
    return [label for _key, label in response.context["form"].fields[field].choices]


def test_what_was_typed_stands_there_again_with_the_hits_and_without_complaint(cast: Cast) -> None:
    client, url = signed_in(cast, "street_officer"), reverse("members:enter", args=["admit"])
    response = client.post(url, {**TYPED, **MORE, "number": "1", "q": "王府井", "find": "1"})
    assert response.status_code == 200
    assert hits(response, "union") == [cast.joint.name]
    values = shown(response)
    assert {name: values[name] for name in TYPED} == {**TYPED, "number": "1"}
    assert values["worker_kind"] == "dispatch"
    assert 'aria-invalid="true"' not in response.content.decode()
    assert "<label" in response.content.decode()
    with acting(SYSTEM):
        assert Membership.objects.unscoped(WHY).count() == 1


def test_a_complete_form_is_not_carried_out_by_the_search(cast: Cast) -> None:
    client, url = signed_in(cast, "street_officer"), reverse("members:enter", args=["admit"])
    complete = {**TYPED, **MORE, "union": str(cast.joint.public_id), "q": "云帆"}
    response = client.post(url, {**complete, "find": "1"})
    assert hits(response, "union") == [cast.joint.name, cast.own.name]  # what was picked stays, first
    assert (
        f'value="{cast.joint.public_id}" class="form-check-input" id="id_union_0" required checked' in response.content.decode()
    )
    assert client.post(url, complete).status_code == 302
    with acting(SYSTEM):
        assert Membership.objects.unscoped(WHY).get(person__name="打字人").organisation_id == cast.joint.pk


def test_the_search_is_a_button_of_the_form_itself_that_posts(cast: Cast) -> None:
    client, url = signed_in(cast, "street_officer"), reverse("members:enter", args=["ask"])
    page = client.get(url).content.decode()
    (form,) = re.findall(r'<form class="form" method="post".*?</form>', page, re.DOTALL)
    assert 'name="q"' in form
    assert 'name="find"' in form
    assert page.count('name="q"') == 2  # the other one is that of the whole desk, behind its key
    response = client.post(url, {"name": "打字人", "number": number(7), "q": "没有这样的", "find": "1"})
    assert number(7) not in response.request["QUERY_STRING"]
    assert shown(response)["number"] == number(7)
    assert hits(response, "target") == []
    with acting(SYSTEM):
        assert not Transfer.objects.unscoped(WHY).exists()


def test_the_picker_of_another_area_works_alike(cast: Cast) -> None:
    url = reverse("register:employer_step", args=[cast.mill.public_id, "cover"])
    client = signed_in(cast, "street_officer")
    response = client.post(
        url, {"basis": "东工〔2026〕7号", "since": "2026-02-03", "extent": "whole", "q": "王府井", "find": "1"}
    )
    assert hits(response, "union") == [cast.joint.name]
    assert (shown(response)["basis"], shown(response)["since"]) == ("东工〔2026〕7号", "2026-02-03")


def test_a_picker_of_a_bulk_action_keeps_the_form_too(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    url = chosen(client, "cover", cast.mill)
    response = client.post(
        url, {"basis": "东工〔2026〕7号", "since": "2026-02-03", "extent": "whole", "q": "王府井", "find": "1"}
    )
    assert hits(response, "union") == [cast.joint.name]
    assert shown(response)["basis"] == "东工〔2026〕7号"
