"""`gonghui import`: one workbook on the command line, with the same checks as on the desk, all or nothing but for rows that are wrong."""

import sys
from pathlib import Path

from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import apply_batch, check_batch, map_batch, start_batch
from gonghui.core.exchange.carrying import carry_out
from gonghui.core.exchange.importers import importers
from gonghui.core.exchange.models import Batch
from gonghui.core.exchange.results import result_workbook
from gonghui.core.organisations.queries import by_code


def run(*, file: Path, sheet: str, organisation: str, only_check: bool = False, result: Path | None = None) -> int:
    """Imports a workbook and prints the four counts; exit status 1 where rows are wrong, 2 where nothing could be read."""
    actor = Actor.system("exchange.import")
    if sheet not in importers:
        print(f"unknown list {sheet}; known: {', '.join(sorted(importers))}", file=sys.stderr)
        return 2
    try:
        with acting(actor):
            union = by_code(organisation, actor)
            if union is None:
                print(f"no organisation with code {organisation}", file=sys.stderr)
                return 2
            batch = start_batch(union, actor=actor, sheet=sheet, name=file.name, content=file.read_bytes())
            finish(batch, actor, only_check=only_check)
            batch.refresh_from_db()
            if result:
                result.write_bytes(result_workbook(batch, actor))
    except (OSError, Refused, NotAllowed) as problem:
        print(str(problem), file=sys.stderr)
        return 2
    print(f"new {batch.new}  changed {batch.changed}  unchanged {batch.unchanged}  wrong {batch.wrong}  ({batch.state})")
    return 1 if batch.wrong else 0


def finish(batch: Batch, actor: Actor, *, only_check: bool) -> None:
    """The steps after the upload; columns as they were guessed."""
    map_batch(batch, actor=actor, mapping=batch.mapped)
    check_batch(batch, actor=actor)
    batch.refresh_from_db()
    if only_check or not batch.sound:
        return
    apply_batch(batch, actor=actor)
    carry_out(batch, actor)
