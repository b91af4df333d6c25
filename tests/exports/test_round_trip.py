"""A workbook that was exported and not touched changes nothing when it is imported: for every list that can be imported."""

from io import BytesIO

import pytest

from gonghui.areas.register.actions import EmployerRow, add_contact, edit_employer, enter_employers
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import check_batch, map_batch, start_batch
from gonghui.core.exchange.exports import lists, whole, write_export
from gonghui.core.exchange.importers import importers
from gonghui.core.exchange.models import Batch
from gonghui.kit.dates import today
from tests.cast import LONG_AGO, SYSTEM, Cast

UPDATING = [code for code, importer in importers.items() if importer.can_update]


def odd_records(cast: Cast) -> None:
    """Records with everything that a workbook could spoil."""
    with acting(SYSTEM):
        rows = [
            EmployerRow(f"同名{number // 2}店", LONG_AGO, region=cast.street.region, headcount=number) for number in range(6)
        ]
        rows.append(EmployerRow("北京（东华门）＝1+1 店", today(), region=cast.street.region))
        made = enter_employers(cast.street, actor=SYSTEM, rows=rows)
        values = {"uscc": "91110000100003962Y", "address": "=1+1", "employer_class": "170", "industry": "I"}
        edit_employer(made[0], actor=SYSTEM, **values, has_party_organisation=True, is_dispatch_firm=True)
        add_contact(cast.mill, actor=SYSTEM, post="chair", name="买买提·艾力", phone="13912345678", since=LONG_AGO)


@pytest.mark.parametrize("code", UPDATING)
def test_what_was_exported_changes_nothing_when_it_is_imported(cast: Cast, code: str) -> None:
    assert code in lists, f"{code} can be imported but not exported: register it with `exportable`"
    odd_records(cast)
    target = BytesIO()
    with cast.act("department_officer") as actor:
        made = whole(lists[code], actor)
        write_export(target, made)
        batch = start_batch(cast.district, actor=actor, sheet=code, name="导出.xlsx", content=target.getvalue())
        map_batch(batch, actor=actor, mapping=batch.mapped)
        check_batch(Batch.objects.visible_to(actor).get(pk=batch.pk), actor=actor)
        batch = Batch.objects.visible_to(actor).get(pk=batch.pk)
        told = [(line.number, line.outcome, line.title, line.problems, line.changes) for line in batch.lines.visible_to(actor)]
    assert made.keys
    assert (batch.new, batch.changed, batch.wrong, batch.unchanged) == (0, 0, 0, len(made.keys)), told
