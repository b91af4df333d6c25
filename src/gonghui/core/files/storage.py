"""The contents of files: sealed, one a file of the disk, named by public id, in the directory that GONGHUI_FILES names.

A content is bound to its row and to its own digest: it cannot be put in another's place. It is written before its row is committed and
removed after its row is gone, so that a crash leaves at most a content without a row, which the nightly job clears away.
"""

import os
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from gonghui.kit import ciphers


class Lost(Exception):
    """The content is not there, or is not what was stored."""


def place(public_id: UUID) -> Path:
    """Where the content of a file lies."""
    return Path(settings.FILES) / public_id.hex[:2] / str(public_id)


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return sha256(content).hexdigest()


def bound_to(public_id: UUID, content_digest: str) -> str:
    """What the sealed content cannot be separated from."""
    return f"files_storedfile:{public_id}:{content_digest}"


def write(public_id: UUID, content: bytes) -> str:
    """Seals and stores a content; its digest. Either all of it is there afterwards or nothing."""
    found = digest(content)
    target = place(public_id)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = target.with_name(f"{uuid4()}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(ciphers.seal_bytes(content, bound_to=bound_to(public_id, found)))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
    return found


def read(public_id: UUID, content_digest: str) -> bytes:
    """The content again. Raises Lost."""
    try:
        content = ciphers.unseal_bytes(place(public_id).read_bytes(), bound_to=bound_to(public_id, content_digest))
    except (OSError, ciphers.CannotUnseal) as error:
        raise Lost(str(public_id)) from error
    if digest(content) != content_digest:
        raise Lost(str(public_id))
    return content


def remove(public_id: UUID) -> None:
    """Takes a content off the disk; one that is gone already is no error."""
    place(public_id).unlink(missing_ok=True)


def older_than(seconds: float) -> Iterator[Path]:
    """The contents, half-written ones included, that were last touched so long ago."""
    limit = time.time() - seconds
    for file in Path(settings.FILES).glob("??/*"):
        if file.stat().st_mtime < limit:
            yield file
