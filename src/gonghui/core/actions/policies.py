"""Wall 2 in PostgreSQL: row-level security on every walled table, made by the owner after each migrate, from the same declarations.

Idempotent. The application role may read and write rows through the policies; history it may only read, and it can neither
switch the triggers off nor write an event by hand.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connection, models, transaction

from gonghui.core.actions import holders
from gonghui.core.actions.door import EVERYWHERE_ROLE
from gonghui.core.actions.walls import Policy, Wall, table

EVERYWHERE = Policy("everywhere", "all", "true", f"{EVERYWHERE_ROLE}, current_user")

FUNCTIONS = """
create or replace function actor_roots() returns text[] language plpgsql stable parallel safe as $$
declare roots text := current_setting('gonghui.roots', true);
begin
  if coalesce(roots, '') = '' then
    raise exception 'no actor: open the door with acting(actor)' using errcode = '42501';
  end if;
  return string_to_array(roots, ',');
end $$;

create or replace function organisation_name(bigint) returns text language sql stable parallel safe
security definer set search_path = public, pg_temp as 'select name from organisations_organisation where id = $1';

create or replace function take_stock(tables text[]) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
declare one text;
begin
  foreach one in array tables loop
    execute format('analyze (skip_locked) %I', one);
  end loop;
end $$;
"""

GRANTS = """
grant usage on schema public to {app};
grant select, insert, update, delete on all tables in schema public to {app};
grant usage, select on all sequences in schema public to {app};
grant execute on all functions in schema public to {app};
revoke insert, update, delete on pghistory_context, django_migrations from {app};
do $$ begin execute format('grant temporary on database %I to {app}', current_database()); end $$;
create or replace function _pgtrigger_should_ignore(trigger_name name) returns boolean language sql as 'select false';
"""

TRIGGERS_RUN_AS_OWNER = """
do $$ declare f record; begin
  for f in select p.oid::regprocedure as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
           where n.nspname = 'public' and (p.proname like 'pgtrigger\\_%' or p.proname = '_pgh_attach_context')
             and pg_get_userbyid(p.proowner) = current_user
  loop
    execute format('alter function %s security definer set search_path = public, pg_temp', f.name);
  end loop;
end $$;
"""


def is_event(model: type[models.Model]) -> bool:
    """Whether this is the event table of a tracked model."""
    return hasattr(model, "pgh_tracked_model")


def event_policies(model: Any) -> list[Policy]:
    """An event is seen by whoever sees its record as it is now, so that history moves with the record; nobody but the trigger writes."""
    tracked = table(model.pgh_tracked_model)
    seen = f"exists (select 1 from {tracked} t where t.id = {table(model)}.pgh_obj_id)"
    return [Policy("wall", "select", seen), Policy("written", "insert", "true")]


def walled_models() -> Iterator[tuple[type[models.Model], list[Policy]]]:
    """Every model of ours that has policies, events included. Each lets the owner, and whoever went beyond his scope, through."""
    for model in apps.get_models(include_auto_created=True):
        if is_event(model):
            yield model, [*event_policies(model), EVERYWHERE]
        elif isinstance(wall := getattr(model, "wall", None), Wall) and (policies := wall.policies(model)):
            yield model, [*policies, EVERYWHERE]


def policy_sql(model: type[models.Model], policies: list[Policy]) -> Iterator[str]:
    """The statements that give one table exactly these policies."""
    name = table(model)
    yield f"alter table {name} enable row level security"
    yield f"alter table {name} force row level security"
    for policy in policies:
        clause = "with check" if policy.command == "insert" else "using"
        yield f'create policy "{policy.name}" on {name} for {policy.command} to {policy.roles} {clause} ({policy.using})'


DROP_POLICIES = """
do $$ declare p record; begin
  for p in select policyname, tablename from pg_policies where schemaname = 'public'
  loop execute format('drop policy %I on %I', p.policyname, p.tablename); end loop;
end $$;
"""


def install(sender: AppConfig | None = None, **kwargs: Any) -> None:
    """Installs functions, grants and policies; connected to post_migrate, runs as the owner."""
    app = f"{connection.ops.quote_name(str(settings.APP_DATABASE['USER']))}, {EVERYWHERE_ROLE}"
    walls = [(model, wall) for model in apps.get_models() if isinstance(wall := getattr(model, "wall", None), Wall)]
    statements = [FUNCTIONS, GRANTS.format(app=app), TRIGGERS_RUN_AS_OWNER, DROP_POLICIES]
    statements.extend(holders.statements(walls))
    for model, policies in walled_models():
        statements.extend(policy_sql(model, policies))
    statements.extend(
        f"revoke insert, update, delete, truncate on {table(model)} from {app}"
        for model in apps.get_models()
        if is_event(model)
    )
    with transaction.atomic(), connection.cursor() as cursor:  # never half a wall
        for statement in statements:
            cursor.execute(statement)
