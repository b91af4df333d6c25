"""Rows repeat the path of the organisation that holds them, so that both walls are one comparison on the row itself.

The database keeps the repetition: a trigger before each insert or update reads the path of the organisation, a trigger on the
tree carries a new path to all rows below. Nobody else can write the columns: whatever is written, the trigger replaces.
"""

from collections.abc import Iterator

from django.db import models

from gonghui.core.actions.walls import Wall, column, path_of, table

TREE = "organisations_organisation"


def path_field() -> "models.CharField[str, str]":
    """The column for one holder; declare it as `<foreign key>_path`."""
    return models.CharField(max_length=240, editable=False, default="", db_collation="C")


def keep(model: type[models.Model], wall: Wall) -> str:
    """SQL: the trigger that sets the paths of one table's rows."""
    name, fields = model._meta.db_table, wall.holders()
    sets = " ".join(
        f"new.{path_of(field)} := coalesce((select o.path from {TREE} o where o.id = new.{column(model, field)}), '');"
        for field in fields
    )
    watched = ", ".join(f"{column(model, field)}, {path_of(field)}" for field in fields)
    return f"""
create or replace function hold_{name}() returns trigger language plpgsql security definer set search_path = public, pg_temp as
$$ begin {sets} return new; end $$;
create or replace trigger hold before insert or update of {watched} on {table(model)}
for each row execute function hold_{name}();
"""


def carry(held: list[tuple[type[models.Model], Wall]]) -> str:
    """SQL: the trigger on the tree that carries a changed path to the rows of all tables."""
    updates = " ".join(
        f"update {table(model)} set {path_of(field)} = new.path where {column(model, field)} = new.id;"
        for model, wall in held
        for field in wall.holders()
    )
    return f"""
create or replace function carry_path() returns trigger language plpgsql security definer set search_path = public, pg_temp as
$$ begin {updates} return null; end $$;
create or replace trigger carry after update of path on {TREE}
for each row when (old.path is distinct from new.path) execute function carry_path();
"""


def statements(models_and_walls: list[tuple[type[models.Model], Wall]]) -> Iterator[str]:
    """Everything that keeps the paths, for the tables given."""
    held = [(model, wall) for model, wall in models_and_walls if wall.holders()]
    for model, wall in held:
        yield keep(model, wall)
    if held:
        yield carry(held)
