"""Sealing of personal data at rest: AES-256-GCM, bound to the place it is stored in, so that it cannot be moved elsewhere.

A sealed value is one byte for the algorithm, twelve of nonce, then the ciphertext with its tag. The first byte leaves room for
another algorithm (SM4) later.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

AES_256_GCM = b"\x01"
NONCE_BYTES = 12


class CannotUnseal(ValueError):
    """The value was sealed with another key, for another place, or was altered."""


def _cipher() -> AESGCM:
    return AESGCM(_key("gonghui data key", settings.DATA_KEY))


@lru_cache(maxsize=8)
def _key(purpose: str, secret: str) -> bytes:
    """A key of its own for each purpose."""
    return hashlib.sha256(purpose.encode() + b"\0" + secret.encode()).digest()


def seal_bytes(content: bytes, *, bound_to: str) -> bytes:
    """The sealed form of any content; `bound_to` names table, column and row."""
    nonce = os.urandom(NONCE_BYTES)
    return AES_256_GCM + nonce + _cipher().encrypt(nonce, content, bound_to.encode())


def unseal_bytes(sealed: bytes, *, bound_to: str) -> bytes:
    """The content again. Raises CannotUnseal."""
    sealed = bytes(sealed)
    if sealed[:1] != AES_256_GCM:
        raise CannotUnseal("unknown algorithm")
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return _cipher().decrypt(nonce, ciphertext, bound_to.encode())
    except InvalidTag as error:
        raise CannotUnseal("wrong key, wrong place, or altered") from error


def seal(text: str, *, bound_to: str) -> bytes:
    """The sealed form of a text; `bound_to` names table, column and row."""
    return seal_bytes(text.encode(), bound_to=bound_to)


def unseal(sealed: bytes, *, bound_to: str) -> str:
    """The text again. Raises CannotUnseal."""
    return unseal_bytes(sealed, bound_to=bound_to).decode()


def seal_text(text: str, *, bound_to: str) -> str:
    """The sealed form as text, for columns that hold text."""
    return base64.b64encode(seal(text, bound_to=bound_to)).decode()


def unseal_text(sealed: str, *, bound_to: str) -> str:
    """The text again. Raises CannotUnseal."""
    return unseal(base64.b64decode(sealed), bound_to=bound_to)


def blind_index(text: str, *, of: str) -> str:
    """A keyed digest by which equal values of one column are found without opening any; `of` names table and column. 64 hex digits.

    Whoever has the table and not the key can neither search it nor try numbers out.
    """
    key = _key("gonghui blind index", settings.DATA_KEY)
    return hmac.digest(key, f"{of}\0{text}".encode(), "sha256").hex()


def masked_name(name: str) -> str:
    """First and last character: 张*明, 欧**明; of two only the first: 张*."""
    return f"{name[:1]}{'*' * (len(name) - 2)}{name[-1]}" if len(name) > 2 else f"{name[:1]}*"


def masked_phone(number: str) -> str:
    """First three and last four digits: 138****1234; a short or landline number keeps its last two."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else f"****{number[-2:]}"
