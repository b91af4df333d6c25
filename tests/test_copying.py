"""What is written by COPY is what `bulk_create` and `bulk_update` would have written, behind the same walls and with the same history."""

import datetime as dt
from typing import Any

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection, models, transaction

from gonghui.areas.register.models import Contact, Employer, Standing
from gonghui.core.actions.copying import FEW, insert_many, update_many
from gonghui.core.actions.door import acting, entry
from gonghui.core.exchange.models import Batch, BatchLine
from gonghui.kit.dates import from_day
from tests.cast import SYSTEM, Cast

MANY = FEW + 10
AWKWARD = ["", "\\N", "\\", "a\tb", "一\n二\r三", '"引号"', "{}", "null", " ", "a,b"]
WHY = "what a test has written"


def employers(cast: Cast, count: int, first: int = 0) -> list[Employer]:
    """Employers of the cast's street with awkward texts, arrays, and columns in which not all have something."""
    return [
        Employer(
            name=f"{AWKWARD[number % 10]}厂{number}",
            uscc=None if number % 3 else f"CODE{number + first}",
            former_names=[AWKWARD[number % 10], "旧名"] if number % 2 else [],
            address=AWKWARD[number % 10],
            organisation=cast.street,
            street=cast.street if number % 2 else None,
            entered_on=dt.date(2020, 1, 1 + number % 28),
            headcount=number or None,
            name_pinyin="c",
            name_initials="c",
        )
        for number in range(count)
    ]


def contacts(cast: Cast, count: int) -> list[Contact]:
    """Contacts of a union: sealed bytes, a range of days, days that are not there."""
    found = []
    for number in range(count):
        contact = Contact(union=cast.own, post="chair", name=f"人{number}", valid=from_day(dt.date(2020, 1, 1)))
        contact.set_phone(f"1380000{number:04}" if number % 2 else "")
        contact.checked_on = dt.date(2021, 1, 1) if number % 2 else None
        found.append(contact)
    return found


def lines(cast: Cast, count: int) -> list[BatchLine]:
    """Lines of an import: JSON, record codes."""
    batch = Batch(organisation=cast.street, sheet="register.employers", file_name="x.xlsx")
    batch.save(force_insert=True)
    problems: list[Any] = [[], [{"column": "name", "text": 'a\\"b\t', "sentence": "错"}]]
    return [
        BatchLine(batch=batch, number=number, outcome="wrong", problems=problems[number % 2], record_code=cast.own.public_id)
        for number in range(count)
    ]


def stored(model: Any, keys: list[int], leaving_out: set[str]) -> list[tuple[Any, ...]]:
    """The rows with these keys as the database has them, in the order of their keys."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in leaving_out]
    rows = model.objects.unscoped(WHY).filter(pk__in=keys).order_by("pk").values_list(*names)
    return [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in rows]


@pytest.mark.django_db
@pytest.mark.parametrize("make", [employers, contacts, lines])
def test_copied_rows_are_those_of_bulk_create(cast: Cast, make: Any) -> None:
    with acting(SYSTEM), entry("test", SYSTEM):
        peers, ours = make(cast, MANY), make(cast, MANY)
        model = type(ours[0])
        for one, other in zip(peers, ours, strict=True):
            for name in ("public_id", "phone_sealed"):  # random
                if hasattr(one, name):
                    setattr(other, name, getattr(one, name))
        model._base_manager.bulk_create(peers)
        expected = stored(model, [one.pk for one in peers], {"id", "batch_id"})
        with transaction.atomic():
            model._base_manager.filter(pk__in=[one.pk for one in peers]).delete()
        insert_many(ours)
        keys = [one.pk for one in ours]
        assert keys == sorted(set(keys))
        assert len(expected) == MANY
        assert stored(model, keys, {"id", "batch_id"}) == expected
        assert not any(one._state.adding for one in ours)
        ours[0].refresh_from_db()


@pytest.mark.django_db
def test_paths_and_history_are_kept(cast: Cast) -> None:
    with acting(SYSTEM), entry("test", SYSTEM):
        rows = employers(cast, MANY)
        insert_many(rows)
        keys = [row.pk for row in rows]
        found = Employer.objects.unscoped(WHY).filter(pk__in=keys)
        assert set(found.values_list("organisation_path", flat=True)) == {cast.street.path}
        assert set(found.values_list("street_path", flat=True)) == {cast.street.path, ""}
        for row in rows:
            row.name, row.address = f"新{row.name}", ""
        update_many(rows, ["name", "address"])
        assert list(found.order_by("pk").values_list("name", "address")) == [(row.name, "") for row in rows]
        events = Employer.events.rel.related_model._base_manager.filter(pgh_obj_id__in=keys)  # type: ignore[attr-defined]
        assert events.filter(pgh_label="insert").count() == MANY
        assert events.filter(pgh_label="update", name__startswith="新").count() == MANY
        assert events.values("pgh_context_id").distinct().count() == 1


@pytest.mark.django_db
def test_policies_judge_every_row(cast: Cast) -> None:
    rows = employers(cast, MANY)
    rows[MANY // 2].organisation = cast.next_street
    with cast.act("street_officer"):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            insert_many(rows)
        fine = employers(cast, MANY)
        insert_many(fine)
        assert Employer.objects.unscoped(WHY).filter(pk__in=[row.pk for row in fine]).count() == MANY
    with cast.act("outsider"):
        for row in fine:
            row.address = "改"
        update_many(fine, ["address"])
    with acting(SYSTEM):
        assert not Employer.objects.unscoped(WHY).filter(address="改").exists()


@pytest.mark.django_db
def test_constraints_and_lengths_refuse(cast: Cast) -> None:
    with acting(SYSTEM):
        rows = employers(cast, MANY)
        rows[-1].uscc = rows[0].uscc
        with pytest.raises(IntegrityError) as broken, transaction.atomic():
            insert_many(rows)
        assert broken.value.__cause__.diag.constraint_name == "register_employer_uscc_once"  # type: ignore[union-attr]
        for spoilt in (rows[:-1], rows[1:]):  # a length that one exceeds, and one that all exceed
            for row in spoilt[-1:] if spoilt is rows else spoilt:
                row.employer_class = "1700"
            with pytest.raises(DataError), transaction.atomic():
                insert_many(spoilt)


@pytest.mark.django_db
def test_dated_rows_keep_their_exclusion(cast: Cast) -> None:
    with acting(SYSTEM):
        rows = employers(cast, MANY)
        insert_many(rows)
        facts = [Standing(employer=row, state="active", valid=from_day(row.entered_on)) for row in rows]
        insert_many(facts)
        assert all(fact.recorded_at for fact in facts)
        again = [Standing(employer=row, state="closed", valid=from_day(dt.date(2021, 1, 1))) for row in rows]
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_many(again)


@pytest.mark.django_db
def test_no_table_is_left_behind(cast: Cast) -> None:
    with acting(SYSTEM):
        insert_many(employers(cast, MANY))
        insert_many(employers(cast, MANY, first=1000))
        with connection.cursor() as cursor:
            cursor.execute("select to_regclass('pg_temp.stage')")
            assert cursor.fetchone() == (None,)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1, FEW - 1, FEW])
def test_few_or_none(cast: Cast, count: int) -> None:
    with acting(SYSTEM):
        rows: list[models.Model] = [*employers(cast, count)]
        insert_many(rows)
        assert all(row.pk for row in rows)
        update_many(rows, ["address"])
