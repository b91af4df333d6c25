"""Carrying runs out: exports and bulk actions, in a page when they are short, else in a job; chunk by chunk, so that others see how
far they have come and can stop them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, QueryDict
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from gonghui.core.actions.action import NotAllowed, Refused, demand_second_factor
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import export_list
from gonghui.core.exchange.exports import file_name, workbook
from gonghui.core.files.actions import store_file
from gonghui.core.files.models import StoredFile
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import now
from gonghui.kit.text import together
from gonghui.web.bulk import BulkList, BulkStep, Given, bulk_lists
from gonghui.web.models import RowOutcome, Run, RunKind, RunRow, RunState, runs
from gonghui.web.seen import Seen, seen

CHUNK = 50  # rows of a bulk action in one transaction
MOST_ROWS = 10_000  # of one bulk action

Try = Callable[[Any, RunRow], None]  # acts on one record, given its row


class Stopped(Exception):
    """The user has stopped the run."""


def begin(actor: Actor, **values: Any) -> Run:
    """A new run of this user."""
    if actor.user_id is None:
        raise NotAllowed("runs are a user's own")
    run = Run(user_id=actor.user_id, language=get_language() or "", **values)
    demand_second_factor(actor, permission_of(run))
    run.save(force_insert=True)
    return run


def permission_of(run: Run) -> str:
    """What a run takes; asked for before it is set going, because a job knows nothing of the session."""
    if run.kind == RunKind.EXPORT:
        return "exchange.export_list"
    bulk = bulk_lists.get(run.source)
    return bulk.steps[run.step].permission if bulk and run.step in bulk.steps else ""


def found(actor: Actor, public_id: UUID) -> Run | None:
    """The user's run with this id."""
    return runs(actor).filter(public_id=public_id).first()


def note(run: Run, actor: Actor, **values: Any) -> None:
    """Writes down how a run stands, in a transaction of its own where there is none. Raises Stopped if the user wants it to end."""
    with acting(actor):
        runs(actor).filter(pk=run.pk).update(**values)
        is_stopping = runs(actor).values_list("is_stopping", flat=True).get(pk=run.pk)
    for name, value in values.items():
        setattr(run, name, value)
    if is_stopping and run.is_under_way:
        raise Stopped


def carry_out(actor: Actor, public_id: UUID) -> None:
    """Does what a run waits for, in the language of its user; what goes wrong in words stands on the run."""
    with acting(actor):
        run = found(actor, public_id)
    if run is None or not run.is_under_way:
        return
    with override(run.language):
        try:
            WORK[run.state](run, actor)
        except Stopped:
            note(run, actor, state=RunState.STOPPED, ended_at=now())
        except Refused as refusal:
            fail(run, actor, str(refusal))
        except (NotAllowed, Http404):
            fail(run, actor, _("您已没有办理它的权限"))
        except Exception:
            fail(run, actor, _("系统出错了，错误已经记下。已办完的都在，请联系系统管理员"))
            raise


def fail(run: Run, actor: Actor, problem: str) -> None:
    """Says why a run came to no end."""
    note(run, actor, state=RunState.FAILED, problem=problem[:400], ended_at=now())


def run_on(run: Run, actor: Actor) -> None:
    """The work of a run that was confirmed."""
    (export if run.kind == RunKind.EXPORT else apply)(run, actor)


# -- exports ----------------------------------------------------------------------------------------------------


def export(run: Run, actor: Actor) -> None:
    """Writes what the run names as a file of the user's own."""
    with acting(actor):
        one = seen(run.source, run.query, actor)
        made = one.export(actor, run.given["purpose"])
    note(run, actor, total=len(made.keys))

    def read(keys: Sequence[Any]) -> Mapping[Any, Any]:
        with acting(actor):
            rows = made.read(keys)
        note(run, actor, done=run.done + len(keys))
        return rows

    content = workbook(replace(made, read=read))
    with acting(actor):
        note(run, actor, file=keep(one, actor, content, run.given["purpose"]), state=RunState.DONE, ended_at=now())


def keep(one: Seen, actor: Actor, content: bytes, purpose: str) -> StoredFile:
    """Stores an export at the first union at which the actor may export."""
    place, name = place_for(actor, "exchange.export_list"), file_name(one.title)
    return export_list(place, actor=actor, name=name, content=content, purpose=purpose, permission=one.permission)


def place_for(actor: Actor, permission: str) -> Organisation:
    """The first union at which the actor holds a right."""
    place = Organisation.objects.changeable_by(actor, permission).order_by("path").first()
    if place is None:
        raise NotAllowed(permission)
    return place


# -- bulk actions -----------------------------------------------------------------------------------------------


def bulk_of(run: Run, actor: Actor) -> tuple[BulkList, BulkStep]:
    """The list and the verb of a run; NotAllowed where the right is gone."""
    one = bulk_lists.get(run.source)
    step = one.steps.get(run.step) if one else None
    if one is None or step is None or not actor.can(step.permission):
        raise NotAllowed(run.step)
    return one, step


def choose(run: Run, actor: Actor, records: Sequence[UUID]) -> None:
    """Notes the records a bulk action is about, in their order."""
    rows = [RunRow(run=run, position=position, subject=record) for position, record in enumerate(records)]
    RunRow.objects.visible_to(actor).bulk_create(rows, batch_size=2000)


def given(run: Run, step: BulkStep, actor: Actor) -> Given:
    """What the form was sent, read again with the rights of now. Refused where it no longer fits."""
    sent = QueryDict(mutable=True)
    for name, words in run.given.items():
        sent.setlist(name, words)
    form = step.form(sent, actor=actor, subject=None)
    if not form.is_valid():
        raise Refused(together(error for errors in form.errors.values() for error in errors))
    return form.cleaned_data


def rows_of(run: Run, actor: Actor, *outcomes: str) -> Any:
    """The rows of a run with one of these outcomes."""
    return RunRow.objects.visible_to(actor).filter(run=run, outcome__in=outcomes)


def records(run: Run, actor: Actor, rows: Sequence[RunRow]) -> dict[UUID, Any]:
    """The records of these rows, as far as the actor sees them."""
    base = seen(run.source, "", actor).listing.base
    return {one.public_id: one for one in base.filter(public_id__in=[row.subject for row in rows])}


def attempt(record: Any, row: RunRow, act: Try) -> str:
    """Acts on one record, all or nothing. What was refused in words, empty if nothing was; the record's own name is left out."""
    if record is None:
        return _("已看不到这条记录")
    try:
        with transaction.atomic():
            act(record, row)
    except Refused as refusal:
        return str(refusal).replace(str(record), "…")[:400]
    except NotAllowed:
        return _("您没有办理它的权限")
    return ""


def work_through(run: Run, actor: Actor, take: str, act: Try, *, to: str, refused: str, is_trial: bool = False) -> None:
    """Acts on every row with the outcome `take`; afterwards each has the outcome `to` or `refused`.

    The outcomes stand in the same transaction as the actions, so that what was done before a crash is not done again. A trial takes
    every chunk back before it notes what would have come of it.
    """
    while True:
        with acting(actor):
            rows = list(rows_of(run, actor, take).select_for_update(of=("self",)).order_by("position")[:CHUNK])
            with transaction.atomic():
                there = records(run, actor, rows)
                for row in rows:
                    row.sentence = attempt(there.get(row.subject), row, act)
                    row.outcome = refused if row.sentence else to
                if is_trial:
                    transaction.set_rollback(True)
            RunRow.objects.visible_to(actor).bulk_update(rows, ["outcome", "sentence", "before"])
        if not rows:
            return
        note(run, actor, done=run.done + len(rows))


def check(run: Run, actor: Actor) -> None:
    """The dry run."""
    _list, step = bulk_of(run, actor)
    with acting(actor):
        data = given(run, step, actor)

    def act(record: Any, row: RunRow) -> None:
        step.run(record, actor, dict(data))

    work_through(run, actor, RowOutcome.WAITING, act, to=RowOutcome.POSSIBLE, refused=RowOutcome.REFUSED, is_trial=True)
    note(run, actor, state=RunState.CHECKED, done=0)


def apply(run: Run, actor: Actor) -> None:
    """The action, on every row that passed the dry run."""
    _list, step = bulk_of(run, actor)
    answers: list[tuple[Any, Any]] = []
    with acting(actor):
        data = given(run, step, actor)
        if step.gather:
            rows_of(run, actor, RowOutcome.DONE).update(outcome=RowOutcome.POSSIBLE)

    def act(record: Any, row: RunRow) -> None:
        row.before = step.before(record)
        answers.append((record, step.run(record, actor, dict(data))))

    work_through(run, actor, RowOutcome.POSSIBLE, act, to=RowOutcome.DONE, refused=RowOutcome.REFUSED)
    file = keep_gathered(run, step, actor, answers, data) if step.gather else None
    note(run, actor, state=RunState.DONE, ended_at=now(), file=file)


def keep_gathered(run: Run, step: BulkStep, actor: Actor, answers: Sequence[tuple[Any, Any]], data: Given) -> StoredFile:
    """Stores the file that a verb ends in, made of the records as they are now, open to who holds the verb's right."""
    assert step.gather
    with acting(actor):
        now_there = seen(run.source, "", actor).listing.base.in_bulk([record.pk for record, _answer in answers])
        made = step.gather([(now_there[record.pk], answer) for record, answer in answers if record.pk in now_there], data)
        return store_file(
            place_for(actor, "files.store_file"),
            actor=actor,
            name=made.name,
            content=made.content,
            purpose=made.purpose,
            permission=step.permission,
            is_private=True,
        )


def take_back(run: Run, actor: Actor) -> None:
    """The inverse action, on every row that was done."""
    _list, step = bulk_of(run, actor)
    if (undo := step.undo) is None:
        raise Refused(_("这项办理没有相反的步骤，不能整批撤销"))
    with acting(actor):
        data = given(run, step, actor)

    def act(record: Any, row: RunRow) -> None:
        undo(record, actor, row.before, dict(data))

    work_through(run, actor, RowOutcome.DONE, act, to=RowOutcome.UNDONE, refused=RowOutcome.KEPT)
    note(run, actor, state=RunState.UNDONE, ended_at=now())


WORK: dict[str, Callable[[Run, Actor], None]] = {
    RunState.CHECKING: check,
    RunState.RUNNING: run_on,
    RunState.UNDOING: take_back,
}
