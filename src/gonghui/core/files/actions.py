"""Storing files, giving them out, removing them."""

import datetime as dt
import re
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import NotAllowed, Refused, action
from gonghui.core.actions.actor import Actor
from gonghui.core.files import storage
from gonghui.core.files.models import StoredFile
from gonghui.core.history.actions import log_reading
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import today

KEPT_DAYS = 7
MOST_BYTES = 256 * 1024 * 1024
LONGEST_NAME = 100
UNNAMEABLE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff"*/:<>?\\|]')
MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
UNKNOWN_TYPE = "application/octet-stream"


def safe_name(name: str) -> str:
    """A file name that every system takes and nobody is deceived by: no paths, no controls, no turned writing direction."""
    plain = " ".join(UNNAMEABLE.sub(" ", name).split()).strip(". ") or _now("文件")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 8:
        return plain[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def media_type(name: str) -> str:
    """What the ending of a name says, if it is one of those that are stored here; a browser is never asked to show a file."""
    return MEDIA_TYPES.get(Path(name).suffix.lower(), UNKNOWN_TYPE)


@action("files.store_file", label=_("存入文件"))
def store_file(
    organisation: Organisation,
    *,
    actor: Actor,
    name: str,
    content: bytes,
    purpose: str,
    permission: str = "files.view",
    kept_days: int | None = KEPT_DAYS,
    is_private: bool = False,
) -> StoredFile:
    """Stores a file made at an organisation: held by it, or the actor's own if `is_private`.

    It is given out only to who holds `permission` (of a private file: everywhere the actor holds it now), until `kept_days` from today
    have passed; None keeps it.
    """
    if not purpose.strip():
        raise Refused(_("请写明用途"), field="purpose")
    if len(content) > MOST_BYTES:
        raise Refused(_("文件超过 %(most)s MB，不能存入") % {"most": MOST_BYTES // 2**20}, field="content")
    if is_private and actor.user_id is None:
        raise NotAllowed("files.store_file")
    file = StoredFile(
        organisation=None if is_private else organisation,
        owner_id=actor.user_id if is_private else None,
        made_at=organisation,
        made_by_id=actor.user_id,
        name=safe_name(name),
        media_type=media_type(name),
        size=len(content),
        purpose=purpose.strip()[:200],
        permission=permission,
        scope=sorted(actor.roots_for(permission)) if is_private else [organisation.path],
        kept_until=None if kept_days is None else today() + dt.timedelta(days=kept_days),
    )
    file.sha256 = storage.write(file.public_id, content)
    file.save(force_insert=True)
    return file


@action("files.open_file", label=_("下载文件"), asks_second_factor=True)
def open_file(file: StoredFile, *, actor: Actor) -> bytes:
    """The content of a file, after the reading has been logged with the file's purpose."""
    if not file.is_open_to(actor):
        raise NotAllowed(file.permission)
    if file.kept_until is not None and file.kept_until < today():
        raise Refused(_("这个文件已过保留期"))
    what = f"{_now('下载')} {file.name}"[:40]
    log_reading(file, actor=actor, organisation_id=file.made_at_id, what=what, reason=file.purpose, is_limited=False)
    return content_of(file)


@action("files.remove_file", label=_("删除文件"))
def remove_file(file: StoredFile, *, actor: Actor) -> None:
    """Removes a file before or after its time has run out; the history keeps that it was there, and what for."""
    public_id = file.public_id
    file.delete()
    transaction.on_commit(lambda: storage.remove(public_id))


def content_of(file: StoredFile) -> bytes:
    """The content, for work inside the system (an import that reads what was stored). Whoever gives it out calls `open_file`."""
    try:
        return storage.read(file.public_id, file.sha256)
    except storage.Lost as error:
        raise Refused(_("文件的内容不在了，请重新生成；仍不行请联系系统管理员")) from error
