"""Imports that are too long for a page; and what was typed into one goes with its file."""

from gonghui.core.access.jobs import long_job, nightly
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange import carrying
from gonghui.core.exchange.actions import begin_undo, check_batch, undo_batch
from gonghui.core.exchange.carrying import check_in_job, undo_in_job, write_in_job
from gonghui.core.exchange.checking import INLINE
from gonghui.core.exchange.models import Batch, BatchLine


def found(actor: Actor, batch: str) -> Batch | None:
    """The batch of a job, if its user still sees it."""
    with acting(actor):
        return Batch.objects.visible_to(actor).select_related("organisation", "file").filter(public_id=batch).first()


@long_job("exchange.check")
def check(actor: Actor, batch: str) -> None:
    """The dry run of a batch."""
    if one := found(actor, batch):
        check_in_job(one, actor)


@long_job("exchange.carry_out")
def carry_out(actor: Actor, batch: str) -> None:
    """Writes a batch."""
    if one := found(actor, batch):
        write_in_job(one, actor)


@long_job("exchange.undo")
def undo(actor: Actor, batch: str) -> None:
    """Takes a batch back."""
    if one := found(actor, batch):
        undo_in_job(one, actor)


def check_here_or_later(batch: Batch, actor: Actor) -> None:
    """The dry run: at once, or as a job where its user would wait too long."""
    if batch.total > INLINE:
        check.defer(user_id=actor.user_id, batch=str(batch.public_id))
    else:
        check_batch(batch, actor=actor)


def carry_out_here_or_later(batch: Batch, actor: Actor) -> None:
    """Writes a batch that was decided to be imported: at once, or as a job."""
    if batch.total > INLINE:
        carry_out.defer(user_id=actor.user_id, batch=str(batch.public_id))
    else:
        carrying.carry_out(batch, actor)


def undo_here_or_later(batch: Batch, actor: Actor) -> None:
    """Takes a batch back: at once, or as a job."""
    if batch.total > INLINE:
        begin_undo(batch, actor=actor)
        undo.defer(user_id=actor.user_id, batch=str(batch.public_id))
    else:
        undo_batch(batch, actor=actor)


@nightly("exchange.forget_mended", cron="55 3 * * *")
def forget_mended(actor: Actor) -> None:
    """Texts that were typed into problem rows, once the file that they belong to has run out and was removed."""
    Batch.objects.visible_to(actor).filter(file=None).exclude(mended_sealed=b"").update(mended_sealed=b"")
    BatchLine.objects.visible_to(actor).filter(batch__file=None).exclude(kept_sealed=b"").update(kept_sealed=b"")
