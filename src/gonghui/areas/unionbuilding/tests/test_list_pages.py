"""What is done out of a list: many firms at once, the answers of the tax check, the ledger; and the lists for programs."""

from typing import Any

from django.test import Client
from django.urls import reverse

from gonghui.areas.register.actions import edit_employer
from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding import actions, jobs
from gonghui.areas.unionbuilding.models import Edition, Prospect, TaxMatter
from gonghui.areas.unionbuilding.tests.lists import WHY, firm, loaded, paid
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import undo_batch
from gonghui.core.exchange.models import Batch
from tests.cast import SYSTEM, Cast
from tests.exchange.workbooks import credit_code
from tests.test_pages import signed_in


def matched(cast: Cast, sheet: str, rows: list[list[object]]) -> tuple[Batch, Edition]:
    """A list after its comparison; the mill is known by its code."""
    with acting(SYSTEM):
        edit_employer(cast.mill, actor=SYSTEM, uscc=credit_code(1))
        batch, edition = loaded(cast.district, SYSTEM, sheet, rows)
        actions.match_edition(edition, actor=SYSTEM)
        jobs.match(edition=str(edition.public_id))
        edition.refresh_from_db()
    return batch, edition


def done(client: Client, source: str, step: str, *records: Any) -> dict[str, str]:
    """Takes a verb on these rows of a list: name → what came of it."""
    ids = [str(one.public_id) for one in records]
    url = client.post(f"/bulk/list:{source}/", {"step": step, "chosen": ids}).headers["Location"]
    client.post(url, {})  # the dry run
    client.post(f"{url}start/")
    return {row.cells[0].text: row.cells[1].text for row in client.get(url).context["listing"].rows}


def test_the_employers_of_a_list_are_made_prospects_with_it(cast: Cast) -> None:
    rows = [paid(credit_code(1), cast.mill.name, "2026-09"), paid(credit_code(2), "北京新来的店", "2026-09")]
    batch, edition = matched(cast, "tax_list", rows)
    with acting(SYSTEM):
        (matter,) = TaxMatter.objects.unscoped(WHY).filter(edition=edition, kind="no_union")
    client = signed_in(cast, "street_officer")
    said = done(client, "unionbuilding.tax_matters", "prospect", matter)
    assert list(said) == [cast.mill.name]
    with acting(SYSTEM):
        prospect = Prospect.objects.unscoped(WHY).get()
        assert (prospect.employer_id, prospect.origin) == (cast.mill.pk, "list")
        undo_batch(batch, actor=SYSTEM)
        assert not Prospect.objects.unscoped(WHY).exists()
        assert Employer.objects.unscoped(WHY).filter(pk=cast.mill.pk).exists()


def test_a_street_answers_what_payments_leave_open(cast: Cast) -> None:
    _batch, edition = matched(cast, "tax_list", [paid(credit_code(1), cast.mill.name, "2026-09")])
    client = signed_in(cast, "street_officer")
    assert "3 件缴费与建会情况对不上" in client.get("/").content.decode()
    with acting(SYSTEM):
        matter = TaxMatter.objects.unscoped(WHY).get(edition=edition, kind="no_union")
    url = reverse("unionbuilding:tax_matter_step", args=[matter.public_id, "answer"])
    answers = dict(client.get(url).context["form"].fields["answer"].choices)
    assert "wrong_fee" in answers
    assert "parent_pays" not in answers
    page = client.post(url, {"answer": "wrong_fee", "note": "已告知税务所"}, follow=True).content.decode()
    assert "费种有误，应为建会筹备金" in page
    assert "已告知税务所" in page
    assert "2 件缴费与建会情况对不上" in client.get("/").content.decode()
    assert signed_in(cast, "outsider").get(reverse("unionbuilding:tax_matter", args=[matter.public_id])).status_code == 404


def test_the_ledger_counts_street_by_street(cast: Cast) -> None:
    with acting(SYSTEM):
        edit_employer(cast.neighbour, actor=SYSTEM, has_party_organisation=True)
        actions.open_prospects(cast.street, actor=SYSTEM, employers=[cast.mill])
    page = signed_in(cast, "department_officer").get(reverse("unionbuilding:ledger"))
    counts = {one.name: (one.big.label, one.party.label) for one in page.context["ledgers"]}
    assert counts[cast.street.name] == ("1", "0")
    assert counts[cast.next_street.name] == ("0", "1")
    assert [row.name for row in page.context["listing"].rows] == [cast.mill.name, cast.neighbour.name]
    assert "待核实" in page.content.decode()
    big = page.context["ledgers"][0].big.url
    assert signed_in(cast, "street_officer").get(big).context["listing"].total == 1


def test_programs_read_editions_and_pairs_of_which_they_see_both_sides(cast: Cast) -> None:
    rows = [firm(credit_code(1), cast.mill.name), firm(credit_code(2), "北京新来的店")]
    _batch, edition = matched(cast, "enterprise_list", rows)
    client = signed_in(cast, "street_officer")
    found = client.get("/api/v1/list-editions").json()["items"]
    assert [(one["id"], one["kind"], one["firms"]) for one in found] == [(str(edition.public_id), "法人登记名单", 2)]
    pairs = client.get(f"/api/v1/list-matches?edition={edition.public_id}").json()["items"]
    assert [(one["employer_id"], one["code"], one["state"]["code"]) for one in pairs] == [
        (str(cast.mill.public_id), credit_code(1), "auto")
    ]
    assert {one["field"] for one in pairs[0]["findings"]} >= {"name", "code"}
    assert signed_in(cast, "outsider").get("/api/v1/list-matches").json()["items"] == []
