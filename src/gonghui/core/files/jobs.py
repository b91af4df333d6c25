"""What has run out is removed, from the table and from the disk."""

from uuid import UUID

from gonghui.core.access.jobs import nightly
from gonghui.core.actions.actor import Actor
from gonghui.core.files import storage
from gonghui.core.files.actions import remove_file
from gonghui.core.files.models import StoredFile
from gonghui.kit.dates import today

LEFT_OVER_SECONDS = 24 * 3600  # a content younger than this may belong to a row that is not committed yet


@nightly("files.remove_expired", cron="40 3 * * *")
def remove_expired(actor: Actor) -> None:
    """Removes the files whose time has run out, and contents that no file belongs to."""
    for file in StoredFile.objects.visible_to(actor).filter(kept_until__lt=today()):
        remove_file(file, actor=actor)
    clear_left_over(actor)


def clear_left_over(actor: Actor) -> None:
    """Contents that a crash left without a row."""
    old = {file.name: file for file in storage.older_than(LEFT_OVER_SECONDS)}
    ids = [UUID(name) for name in old if not name.endswith(".new")]
    known = {
        str(one) for one in StoredFile.objects.visible_to(actor).filter(public_id__in=ids).values_list("public_id", flat=True)
    }
    for name, file in old.items():
        if name not in known:
            file.unlink(missing_ok=True)
