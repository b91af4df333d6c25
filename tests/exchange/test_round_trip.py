"""import(export(x)) = x: every list that goes out and comes in says of itself that nothing has changed."""

import io

import pytest
from django.utils.translation import override

from gonghui.areas.register.actions import EmployerRow, add_contact, edit_employer, enter_employers
from gonghui.core.access.actions import Invitee, invite
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import check_batch, map_batch, start_batch
from gonghui.core.exchange.exports import lists, whole, write_export
from gonghui.core.exchange.importers import RECORD, importers
from gonghui.core.exchange.models import Batch, BatchLine
from gonghui.kit.dates import today
from tests.cast import SYSTEM, Cast
from tests.exchange.test_employers import WHY
from tests.exchange.workbooks import credit_code

BOTH = sorted(set(importers) & set(lists))
OF_OTHERS = {
    "members.roster": "the form of the federation above; members go out as the list of members",
    "members.staff": "the staff list that an employer keeps for itself",
    "unionbuilding.tax_list": "a list of the tax office; its firms go out as the list of a list's firms",
    "unionbuilding.enterprise_list": "a list of the register of legal persons; likewise",
    "unionbuilding.other_list": "a list of anybody else; likewise",
}


def test_what_comes_in_goes_out() -> None:
    assert set(importers) - set(OF_OTHERS) == set(BOTH)
    assert len(BOTH) >= 4


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("sheet", BOTH)
def test_what_went_out_comes_in_unchanged(cast: Cast, sheet: str, language: str) -> None:
    with acting(SYSTEM), override(language):
        values = {
            "uscc": credit_code(3),
            "employer_class": "170",
            "industry": "I",
            "address": "=SUM(A1)",
            "is_dispatch_firm": True,
        }
        edit_employer(cast.mill, actor=SYSTEM, **values)
        odd = [EmployerRow(name, today(), region=cast.street.region) for name in ("同名店", "同名店", "北京（东华门）＝1+1 店")]
        enter_employers(cast.street, actor=SYSTEM, rows=odd)
        add_contact(cast.mill, actor=SYSTEM, post="chair", name="-甲", phone="13800001111", since=today())
        chair = Invitee("=甲", "13800001111", "enterprise_chair", title="主席")
        invite(cast.own, actor=SYSTEM, invitees=[chair])
        invite(cast.district, actor=SYSTEM, invitees=[Invitee("乙", "13800002222", "department_officer", "rights")])
        content = io.BytesIO()
        export = whole(lists[sheet], SYSTEM)
        write_export(content, export)
        batch = start_batch(cast.district, actor=SYSTEM, sheet=sheet, name="x.xlsx", content=content.getvalue())
        importable = {column.code for column in importers[sheet].columns}
        assert set(batch.mapped.values()) == {RECORD, *importable}
        map_batch(batch, actor=SYSTEM, mapping=batch.mapped)
        check_batch(batch, actor=SYSTEM)
        now = Batch.objects.unscoped(WHY).get(pk=batch.pk)
        lines = BatchLine.objects.unscoped(WHY).filter(batch=batch)
        assert [(line.title, line.problems, line.changes) for line in lines] == []
        assert (now.new, now.changed, now.unchanged, now.wrong) == (0, 0, len(export.keys), 0)
        assert len(export.keys) >= 2
