"""WeChat's protocols: signatures of callbacks, sealed messages of WeChat Work, and what a mini program hands over.

Sources: developers.weixin.qq.com, 接入概述 (SHA-1 over the sorted parts), 消息加解密 (AES-256-CBC, PKCS#7 on blocks of 32 bytes), 开放数据校验与
解密 (SHA-1 over rawData and session_key, AES-128-CBC). SHA-1 and CBC are WeChat's choice; nothing of ours rests on them.
"""

import base64
import datetime as dt
import hashlib
import hmac
import json
import struct
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # bytes to which a message of WeChat Work is padded
RANDOM = 16  # bytes before its length
FRESH = dt.timedelta(minutes=5)


class BadMessage(ValueError):
    """Forged, altered, for somebody else, or too old; the reason repeats nothing of it."""


def signature(*parts: str) -> str:
    """What WeChat puts beside a callback: SHA-1 over its parts in order of the alphabet."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def require_signed(told: str, *parts: str) -> None:
    """Raises BadMessage unless the signature is that of the parts, the token among them."""
    if not hmac.compare_digest(signature(*parts).encode(), told.encode()):
        raise BadMessage("signature")


def require_fresh(timestamp: str, at: dt.datetime) -> None:
    """Raises BadMessage for a callback that was signed long before (or after) now: one that is sent once more."""
    if not timestamp.isdecimal() or abs(at.timestamp() - int(timestamp)) > FRESH.total_seconds():
        raise BadMessage("timestamp")


def message_key(encoding_aes_key: str) -> bytes:
    """The key of 32 bytes out of the 43 characters that WeChat shows. Raises BadMessage."""
    try:
        key = base64.b64decode(f"{encoding_aes_key}=", validate=True)
    except ValueError:
        raise BadMessage("key") from None
    if len(key) != 32:
        raise BadMessage("key")
    return key


def _cbc(key: bytes, iv: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(iv))


def seal_message(text: str, *, key: bytes, receiver: str, random: bytes) -> str:
    """A message of WeChat Work, sealed for its receiver (the corp id), base64; `random` are 16 fresh bytes."""
    content = text.encode()
    plain = random + struct.pack(">I", len(content)) + content + receiver.encode()
    padding = BLOCK - len(plain) % BLOCK
    sealing = _cbc(key, key[:16]).encryptor()
    return base64.b64encode(sealing.update(plain + bytes([padding]) * padding) + sealing.finalize()).decode()


def open_message(sealed: str, *, key: bytes, receiver: str) -> str:
    """The text of a sealed message. Raises BadMessage for one that is altered or for another receiver."""
    plain = _opened(sealed, key, key[:16], BLOCK)
    (length,) = struct.unpack(">I", plain[RANDOM : RANDOM + 4].ljust(4, b"\xff"))
    content, rest = plain[RANDOM + 4 :][:length], plain[RANDOM + 4 + length :]
    if len(content) != length or not hmac.compare_digest(rest, receiver.encode()):
        raise BadMessage("receiver")
    try:
        return content.decode()
    except ValueError:
        raise BadMessage("text") from None


def require_signed_data(raw_data: str, session_key: str, told: str) -> None:
    """Raises BadMessage unless a mini program's rawData is what WeChat gave it."""
    found = hashlib.sha1((raw_data + session_key).encode()).hexdigest()
    if not hmac.compare_digest(found.encode(), told.encode()):
        raise BadMessage("signature")


def open_data(encrypted: str, *, session_key: str, iv: str, app: str) -> dict[str, Any]:
    """What a mini program hands over sealed (encryptedData). Raises BadMessage, also for that of another app."""
    try:
        key, vector = base64.b64decode(session_key, validate=True), base64.b64decode(iv, validate=True)
        found = json.loads(_opened(encrypted, key, vector, 16))
    except ValueError:
        raise BadMessage("sealed data") from None
    if not isinstance(found, dict) or found.get("watermark", {}).get("appid") != app:
        raise BadMessage("app")
    return found


def _opened(sealed: str, key: bytes, iv: bytes, block: int) -> bytes:
    try:
        content = base64.b64decode(sealed, validate=True)
        opening = _cbc(key, iv).decryptor()
        plain = opening.update(content) + opening.finalize()
    except ValueError:
        raise BadMessage("sealed data") from None
    padding = plain[-1] if plain else 0
    if not 1 <= padding <= block or plain[-padding:] != bytes([padding]) * padding:
        raise BadMessage("padding")
    return plain[:-padding]
