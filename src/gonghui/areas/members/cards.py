"""The code of a member's card: signed, another one every minute, good for a little longer.

A page holds the codes of the next minutes and shows one after the other by the time that has passed since it was loaded, never by the
telephone's clock; so the card works with a wrong clock and for a short time without a network. Each code is taken once. Beside the
code stands a number, for staff who can scan nothing: it is the same code, short enough to be typed. A card of paper, for who has no
telephone, carries a signed code that stays the same: whoever takes it compares the name with a document.
"""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from gonghui.kit.identity import compact

SECONDS = 60  # how long a code is shown
AHEAD = 15  # codes that a page is given at once, the present one included
LATE = 2  # minutes that a code is taken after its own
PATTERN = re.compile(r"GH1\.([0-9A-F]{32})\.(\d{7,9}|P)\.([0-9A-F]{20})", re.ASCII)
# a typed code: whose it is, which are the first 32 bits of the membership's public id; then what proves it
NUMBER = re.compile(r"(\d{10})(\d{6})", re.ASCII)
WHOSE_BITS, PROOFS = 32, 10**6
PRINTED = "P"  # stands for the minute on a card of paper, whose code stays the same


class BadCard(ValueError):
    """A code that is not taken; the message says why and what to do."""


@dataclass(frozen=True)
class CardCode:
    """What a code says: whose membership, and of which minute it is; None on a card of paper."""

    membership: UUID
    slot: int | None

    @property
    def text(self) -> str:
        """As it stands in the QR code: capital letters, digits and dots, which make a small one."""
        body = f"GH1.{self.membership.hex.upper()}.{PRINTED if self.slot is None else self.slot}"
        return f"{body}.{signature(body)}"

    @property
    def number(self) -> str:
        """As it is typed: sixteen digits. Six that prove it are few, but whoever types them is staff, signed in, and noted."""
        proof = int(signature(f"number.{self.text}"), 16) % PROOFS
        return f"{self.membership.int >> (128 - WHOSE_BITS):010}{proof:06}"


def signature(body: str) -> str:
    """Twenty hexadecimal digits that nobody without the key can make."""
    key = hashlib.sha256(b"gonghui member card\0" + settings.DATA_KEY.encode()).digest()
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()[:20].upper()


def slot_at(at: dt.datetime) -> int:
    """The number of the minute."""
    return int(at.timestamp()) // SECONDS


def codes(membership: UUID, at: dt.datetime) -> list[CardCode]:
    """The codes of this minute and those that follow, for a page to show one after the other."""
    return [CardCode(membership, slot_at(at) + ahead) for ahead in range(AHEAD)]


def read_code(text: str, at: dt.datetime) -> CardCode:
    """What a scanned or typed code says. Raises BadCard for one that is forged, too old, or of another system."""
    typed = compact(text)
    match = PATTERN.fullmatch(typed)
    if match is None:
        raise BadCard(_("这不是会员码。请会员打开“我的会员卡”再扫"))
    code = CardCode(UUID(match[1]), None if match[2] == PRINTED else int(match[2]))
    if not hmac.compare_digest(code.text, typed):
        raise BadCard(_("会员码无效，可能是仿造的。请会员在自己的手机上重新打开会员卡"))
    if code.slot is None:
        return code
    age = slot_at(at) - code.slot
    if age > LATE or age < -AHEAD:
        raise BadCard(_("会员码已过期，请会员刷新会员卡再扫"))
    return code


def owners(text: str) -> tuple[UUID, UUID] | None:
    """Between which public ids the memberships are that a typed number may mean; None where it is no such number."""
    match = NUMBER.fullmatch(compact(text))
    if match is None or int(match[1]) >> WHOSE_BITS:
        return None
    first = int(match[1]) << (128 - WHOSE_BITS)
    return UUID(int=first), UUID(int=first | (1 << (128 - WHOSE_BITS)) - 1)


def read_number(text: str, memberships: Iterable[UUID], at: dt.datetime) -> CardCode:
    """Which code of these memberships a typed number is. Raises BadCard for one that is none of theirs, or too old."""
    typed, minute = compact(text), slot_at(at)
    for membership in memberships:
        for slot in range(minute - LATE, minute + AHEAD + 1):
            if hmac.compare_digest(CardCode(membership, slot).number, typed):
                return CardCode(membership, slot)
    raise BadCard(_("号码不对或已过期，请照会员手机上现在显示的 16 位数字再输一遍"))
