"""What PostgreSQL's own catalogue says about the walls, compared with what the models declare; and each wall alone."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import DatabaseError, ProgrammingError

from conftest import as_owner
from gonghui.areas.register.actions import add_contact, edit_employer, enter_employer
from gonghui.areas.register.actions.employers import EmployerRow
from gonghui.areas.register.models import Contact
from gonghui.core.access.actions import switch_area
from gonghui.core.access.models import Switch
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import EVERYWHERE_ROLE, acting, beyond_scope
from gonghui.core.actions.policies import install, is_event, walled_models
from gonghui.core.actions.walls import Open, Policy, Wall
from gonghui.core.notices.actions import write_note
from gonghui.core.notices.models import Note
from gonghui.kit.dates import today
from gonghui.web.models import SavedFilter
from tests.cast import LONG_AGO, SYSTEM, Cast

READ_ONLY = ["django_migrations", "pghistory_context"]
EVENTS = [model._meta.db_table for model in apps.get_models() if is_event(model)]


def walled() -> dict[str, list[Policy]]:
    """The tables that have policies, and which."""
    return {model._meta.db_table: policies for model, policies in walled_models()}


def rows(sql: str, *parameters: Any) -> list[Any]:
    """The answer of the catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def in_force() -> list[Any]:
    """Every policy as PostgreSQL keeps it."""
    return rows("select tablename, policyname, permissive, roles, cmd, qual, with_check from pg_policies order by 1, 2")


@pytest.mark.django_db
def test_every_walled_table_is_held_by_row_level_security_even_for_its_owner() -> None:
    secured = rows("select relname, relrowsecurity, relforcerowsecurity from pg_class where relkind in ('r', 'p')")
    found = {name: (enabled, forced) for name, enabled, forced in secured}
    assert {name for name in walled() if found[name] != (True, True)} == set()
    tracked = {model.events.rel.related_model._meta.db_table for model in apps.get_models() if hasattr(model, "events")}
    assert tracked == set(EVENTS)
    assert tracked <= set(walled())


@pytest.mark.django_db
def test_every_table_has_exactly_the_declared_policies() -> None:
    declared = {(name, policy.name, policy.command) for name, policies in walled().items() for policy in policies}
    assert {(row[0], row[1], row[4].lower()) for row in in_force()} == declared
    assert {row[2] for row in in_force()} == {"PERMISSIVE"}


@pytest.mark.django_db(transaction=True)
def test_installing_the_policies_anew_changes_nothing() -> None:
    with as_owner():
        before = in_force()
        install()
        assert in_force() == before


@pytest.mark.django_db
def test_tables_without_a_wall_are_open_for_a_reason() -> None:
    for model in apps.get_models(include_auto_created=True):
        wall = getattr(model, "wall", None)
        if isinstance(wall, Open):
            assert len(wall.reason) > 10
            print(f"{model._meta.db_table}: {wall.reason}")
        elif not is_event(model) and model.__module__.startswith("gonghui."):
            assert isinstance(wall, Wall), model
    without = {name for (name,) in rows("select tablename from pg_tables where schemaname = 'public' and not rowsecurity")}
    ours = {model._meta.db_table for model in apps.get_models() if model.__module__.startswith("gonghui.")}
    open_tables = {model._meta.db_table for model in apps.get_models() if isinstance(getattr(model, "wall", None), Open)}
    assert without & ours == open_tables


@pytest.mark.django_db
def test_the_application_role_owns_nothing_and_is_nobody_special() -> None:
    ((is_super, bypasses, creates, makes_roles),) = rows(
        "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user"
    )
    assert (is_super, bypasses, creates, makes_roles) == (False, False, False, False)
    assert rows("select relname from pg_class where relowner = (select oid from pg_roles where rolname = current_user)") == []
    memberships = rows(
        "select r.rolname, pg_has_role(current_user, r.oid, 'usage') from pg_auth_members m join pg_roles r on r.oid = m.roleid"
        " where m.member = (select oid from pg_roles where rolname = current_user)"
    )
    assert memberships == [(EVERYWHERE_ROLE, False)]  # it may become that role, and has none of its rights until it does


@pytest.mark.django_db
def test_no_view_answers_with_its_owners_rights() -> None:
    views = rows(
        "select relname, reloptions from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace"
    )
    assert [name for name, options in views if "security_invoker=true" not in (options or [])] == []


def refused(sql: str) -> bool:
    """Whether PostgreSQL refuses a statement for want of rights."""
    try:
        with transaction.atomic(), acting(SYSTEM), connection.cursor() as cursor:
            cursor.execute(sql)
    except ProgrammingError as error:
        return getattr(error.__cause__, "sqlstate", "") == "42501"
    return False


@pytest.mark.django_db
def test_nobody_writes_history_by_hand() -> None:
    for table in [*EVENTS, *READ_ONLY]:
        column = rows("select column_name from information_schema.columns where table_name = %s limit 1", table)[0][0]
        for sql in (
            f'insert into "{table}" default values',
            f'update "{table}" set "{column}" = "{column}"',
            f'delete from "{table}"',
            f'truncate "{table}"',
            f'alter table "{table}" disable row level security',
            f'drop table "{table}"',
        ):
            assert refused(sql), sql


@pytest.mark.django_db
def test_nobody_switches_triggers_or_walls_off() -> None:
    assert refused("set session_replication_role = 'replica'")
    for table in walled():
        assert refused(f'alter table "{table}" disable trigger all'), table
        assert refused(f'alter table "{table}" no force row level security'), table
        assert refused(f'drop policy wall on "{table}"'), table
    assert refused("create or replace function actor_is_everywhere() returns boolean language sql as 'select true'")
    assert refused("set role postgres")


def test_a_change_is_recorded_even_where_triggers_are_told_to_look_away(cast: Cast) -> None:
    import pgtrigger

    with cast.act("street_officer") as actor:
        events = apps.get_model("register.EmployerEvent")._base_manager.filter(pgh_obj=cast.mill)
        before = events.count()
        with pgtrigger.ignore():
            edit_employer(cast.mill, actor=actor, address="改了的地址")
        assert events.count() == before + 1
        assert events.latest("pgh_id").address == "改了的地址"


def seen(model: type[models.Model], actor: Actor) -> tuple[set[Any], set[Any]]:
    """What the query filter alone lets through, and what the database alone does."""
    with acting(actor):
        with beyond_scope("the database's wall is off in a test"):
            by_filter = set(model.objects.visible_to(actor))  # type: ignore[attr-defined]
        by_database = set(model.objects.unscoped("wall 1 off in a test"))  # type: ignore[attr-defined]
    return by_filter, by_database


def both(model: type[models.Model], actor: Actor) -> set[Any]:
    """What either wall lets through alone, where they agree."""
    by_filter, by_database = seen(model, actor)
    assert by_filter == by_database
    return by_filter


def test_own_rows_are_their_users_alone(cast: Cast) -> None:
    made = {}
    for name in ("street_officer", "outsider", "district_chair"):
        with cast.act(name):
            made[name] = SavedFilter(user=cast.users[name], sheet="s", label=name, query="")
            made[name].save(force_insert=True)
    for name, row in made.items():
        assert both(SavedFilter, cast.actor(name)) == {row}
    assert both(SavedFilter, cast.actor("worker")) == set()


def test_published_rows_are_read_by_everybody_and_written_by_their_holder(cast: Cast) -> None:
    with acting(SYSTEM):
        switch = switch_area(cast.street, actor=SYSTEM, area="register", is_on=True, since=LONG_AGO)
    for name in ("street_officer", "outsider", "worker"):
        assert both(Switch, cast.actor(name)) == {switch}
    with cast.act("outsider") as actor:
        assert set(Switch.objects.changeable_by(actor, "access.switch_area")) == set()
        assert Switch.objects.unscoped("wall 1 off in a test").update(area="x") == 0


def test_parts_are_seen_with_what_they_are_part_of(cast: Cast) -> None:
    with acting(SYSTEM):
        of_mill = add_contact(cast.mill, actor=SYSTEM, post="chair", name="甲", phone="", since=LONG_AGO)
        of_neighbour = add_contact(cast.neighbour, actor=SYSTEM, post="chair", name="乙", phone="", since=LONG_AGO)
        of_own = Contact.objects.unscoped("the contact of the cast").get(union=cast.own)
    assert both(Contact, cast.actor("street_officer")) == {of_mill, of_own}
    assert both(Contact, cast.actor("enterprise_chair")) == {of_own}
    assert both(Contact, cast.actor("outsider")) == {of_neighbour}


def test_the_street_reads_what_stands_in_it_and_does_not_write_it(cast: Cast) -> None:
    with acting(SYSTEM):
        row = EmployerRow("东华门小学", LONG_AGO, region=cast.street.region)
        school = enter_employer(cast.education, actor=SYSTEM, row=row)
    with cast.act("department_officer") as actor:
        note = write_note(cast.district, actor=actor, subject=school, text="看过了")
    for name in ("street_officer", "department_officer"):
        assert both(Note, cast.actor(name)) == {note}
    assert both(Note, cast.actor("outsider")) == set()
    with cast.act("street_officer") as actor:
        assert set(Note.objects.changeable_by(actor, "notices.write_note")) == set()
        assert Note.objects.unscoped("wall 1 off in a test").update(done_on=today()) == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Note.objects.bulk_create([copy_of(note)])


def copy_of(note: Note) -> Note:
    """A new row that says it is held where the writer has no rights."""
    fresh = Note(**{field.attname: getattr(note, field.attname) for field in Note._meta.concrete_fields})
    fresh.pk, fresh.public_id = None, Note().public_id
    return fresh


def test_every_kind_of_wall_is_proven_above() -> None:
    kinds = {type(wall).__name__ for model in apps.get_models() if isinstance(wall := getattr(model, "wall", None), Wall)}
    assert kinds == {"Itself", "Held", "Part", "Own", "Published", "Open"}, "prove the new kind in this file"
