"""Loads the reference files into their tables after each migrate. Idempotent: a file's rows win over the table's."""

import csv
import datetime as dt
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gonghui.core.reference import queries
from gonghui.core.reference.models import CalendarDay, Code, Parameter, Region
from gonghui.kit.dates import DateRange, from_day

DATA = Path(__file__).parent / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def days(row: dict[str, str]) -> DateRange:
    """The validity of a row; empty cells leave the side open."""
    start, end = (row.get(key) or "" for key in ("valid_from", "valid_to"))
    return from_day(dt.date.fromisoformat(start) if start else None, dt.date.fromisoformat(end) if end else None)


def load_regions() -> None:
    """Districts first, then streets, then communities, so that parents exist."""
    everything = list(rows("regions.csv"))
    for level in Region.Level.values:
        ids = dict(Region.objects.values_list("code", "pk"))
        Region.objects.bulk_create(
            [
                Region(
                    code=row["code"],
                    name=row["name"],
                    level=level,
                    parent_id=ids.get(row["parent_code"]),
                    aliases=row["aliases"].split("、") if row["aliases"] else [],
                    valid=days(row),
                    has_union_territory=row["has_union_territory"] == "1",
                )
                for row in everything
                if row["level"] == level
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "parent", "aliases", "valid", "has_union_territory"],
        )


def load_codes() -> None:
    """Every code list, in the order of the file."""
    Code.objects.bulk_create(
        [
            Code(
                list=row["list"],
                edition=row["edition"],
                code=row["code"],
                name=row["name"],
                parent_code=row["parent_code"],
                valid=days(row),
                attributes=json.loads(row["attributes"] or "{}"),
                position=position,
            )
            for position, row in enumerate(rows("codes.csv"))
        ],
        update_conflicts=True,
        unique_fields=["list", "edition", "code"],
        update_fields=["name", "parent_code", "valid", "attributes", "position"],
    )


def load_parameters() -> None:
    """First values only: what staff have revised since is theirs."""
    known = set(Parameter.objects.unscoped("loading").values_list("key", flat=True))
    entries = tomllib.loads((DATA / "parameters.toml").read_text(encoding="utf-8"))
    Parameter.objects.bulk_create(
        [
            Parameter(
                key=key,
                label=entry["label"],
                unit=entry.get("unit", ""),
                value=entry["value"],
                valid=from_day(entry.get("since")),
                basis=entry["basis"],
            )
            for key, entry in entries.items()
            if key not in known
        ]
    )


def load_calendar() -> None:
    """Years of which nothing is known yet; what staff have entered or changed is theirs."""
    days = CalendarDay.objects.unscoped("the working calendar is public").dates("day", "year")
    known = {day.year for day in days}
    entries = [(dt.date.fromisoformat(row["day"]), row) for row in rows("calendar.csv")]
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(day=day, is_working=row["is_working"] == "1", occasion=row["occasion"])
            for day, row in entries
            if day.year not in known
        ]
    )


def load(**kwargs: Any) -> None:
    """All of them; connected to post_migrate."""
    load_regions()
    load_codes()
    load_parameters()
    load_calendar()
    queries.forget()
