"""Carrying an import out: all its lines in one transaction, with progress that others see and a stop between two chunks."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import (
    check_batch,
    circumstances,
    fail_batch,
    finish_batch,
    importer_of,
    keep_batch,
    lines_in,
    undo_batch,
)
from gonghui.core.exchange.checking import judge, sound, uncollected
from gonghui.core.exchange.importers import Line, Tell
from gonghui.core.exchange.models import Batch, Progress


class Cancelled(Exception):
    """Somebody gave the import up while it was being written; everything is taken back."""


@uncollected()
def carry_out(batch: Batch, actor: Actor, tell: Tell | None = None) -> None:
    """Writes the lines of a batch that is being imported, together with `finish_batch` in the caller's transaction.

    The batch itself is locked only at the end, so that `cancel_batch` can come in between: Cancelled then takes everything back. Twice
    at the same time is once. What is written carries the batch's id as request id, by which it can be undone.
    """
    if not only_one(batch) or state_of(batch) != "importing":
        return
    importer = importer_of(batch)
    here = circumstances(batch, replace(actor, request_id=batch.public_id.hex), stopping(batch, tell))
    lines = judge(importer, here, lines_in(batch))
    refuse_open(lines)
    importer.write(here, [line for line in sound(lines) if line.outcome != "unchanged"])
    here.tell(0)
    finish_batch(batch, actor=actor, lines=lines)


def refuse_open(lines: Iterable[Line]) -> None:
    """What has come to wait for an answer since the import was decided stays out."""
    for line in lines:
        if line.is_open:
            line.refuse("", _("没有填原因，这一条没有办理"))


def only_one(batch: Batch) -> bool:
    """Whether nobody else carries this batch out right now; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtext('exchange_batch'), %s)", [batch.pk])
        return bool((cursor.fetchone() or (False,))[0])


def state_of(batch: Batch) -> str:
    """The state as others have committed it."""
    rows = Batch.objects.unscoped("the state of a batch under way").filter(pk=batch.pk)
    return str(rows.values_list("state", flat=True).get())


def stopping(batch: Batch, tell: Tell | None) -> Tell:
    """Passes progress on, and raises Cancelled once the batch has been given up."""

    def told(count: int) -> None:
        if tell:
            tell(count)
        if state_of(batch) == "cancelled":
            raise Cancelled

    return told


def beside(batch: Batch) -> tuple[Tell, Callable[[], None]]:
    """A way to tell progress on a connection of its own, and to end that: what the import itself writes is seen by nobody yet."""
    other = connection.copy()

    def told(count: int) -> None:
        with other.cursor() as cursor:
            cursor.execute(
                f"insert into {Progress._meta.db_table} (batch_code, done) values (%s, %s)"
                " on conflict (batch_code) do update set done = excluded.done + exchange_progress.done",
                [batch.public_id, count],
            )

    return told, other.close


def done_of(batch: Batch) -> int:
    """How many lines a running import has written."""
    return sum(Progress.objects.filter(batch_code=batch.public_id).values_list(F("done"), flat=True))


# -- as jobs ----------------------------------------------------------------------------------------------------


def write_in_job(batch: Batch, actor: Actor) -> None:
    """The same outside a page. What goes wrong stands on the batch, which can be imported again."""
    tell, end = beside(batch)
    Progress.objects.filter(batch_code=batch.public_id).delete()
    try:
        with acting(actor):
            carry_out(batch, actor, tell)
    except Cancelled:
        return
    except (Refused, NotAllowed) as problem:
        fail(batch, actor, told_of(problem))
    except Exception:
        fail(batch, actor, _("系统出错了，什么也没有导入，错误已经记下。请联系系统管理员"))
        raise
    finally:
        end()


def check_in_job(batch: Batch, actor: Actor) -> None:
    """The dry run outside a page; what is refused stands on the batch."""
    try:
        with acting(actor):
            check_batch(batch, actor=actor)
    except Refused as problem:
        with acting(actor):
            Batch.objects.changeable_by(actor, "exchange.check_batch").filter(pk=batch.pk).update(problem=str(problem)[:300])


def undo_in_job(batch: Batch, actor: Actor) -> None:
    """Takes a whole import back outside a page. What stands in the way is said on the batch, which stays as it was."""
    try:
        with acting(actor):
            undo_batch(batch, actor=actor)
    except (Refused, NotAllowed) as problem:
        keep(batch, actor, told_of(problem))
    except Exception:
        keep(batch, actor, _("系统出错了，什么也没有撤销，错误已经记下。请联系系统管理员"))
        raise


def told_of(problem: Refused | NotAllowed) -> str:
    """What a refusal says to whoever reads it later."""
    return str(problem) if isinstance(problem, Refused) else _("您已没有办理它的权限")


def fail(batch: Batch, actor: Actor, problem: str) -> None:
    """Says on the batch why nothing was written."""
    with acting(actor):
        fail_batch(batch, actor=actor, problem=problem)


def keep(batch: Batch, actor: Actor, problem: str) -> None:
    """Says on the batch why nothing was undone."""
    with acting(actor):
        keep_batch(batch, actor=actor, problem=problem)
