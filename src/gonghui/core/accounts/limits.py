"""How often something may be done: by one telephone, from one address, and altogether.

Each limit is one row and each count one statement, so that no two requests at the same moment both get the last permitted one. A window
begins with the first time and lasts its length. Keys are keyed digests: the table tells neither numbers nor addresses.
"""

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from gonghui.core.accounts.models import Tally
from gonghui.core.actions.action import Refused
from gonghui.kit import ciphers
from gonghui.kit.dates import now
from gonghui.kit.text import Text

COUNT = """
insert into accounts_tally as present (key, what, count, ends_at) values (%(key)s, %(what)s, 1, %(ends_at)s)
on conflict (key) do update set
  count = case when present.ends_at <= %(now)s then 1 else present.count + 1 end,
  ends_at = case when present.ends_at <= %(now)s then excluded.ends_at else present.ends_at end
where present.ends_at <= %(now)s or present.count < %(most)s
returning present.count
"""
GIVE_BACK = "update accounts_tally set count = count - 1 where key = any(%s) and count > 0"
IPV6_SITE = 64  # bits: whoever has one address of IPv6 has all of his /64


class TooOften(Refused):
    """A limit is reached; the message says which and what to do."""


@dataclass(frozen=True)
class Limit:
    """`whom` may do `what` at most `most` times in a window; `said` is the sentence when he has."""

    what: str
    whom: str
    most: int
    window: dt.timedelta
    said: Text

    @property
    def key(self) -> str:
        """The row that counts."""
        return ciphers.blind_index(f"{self.what}\0{self.window}\0{self.whom}", of="accounts_tally.key")


def take(limits: Sequence[Limit]) -> None:
    """Counts once under each limit, or under none. Raises TooOften.

    Whatever counts under several names the narrow ones first and the one for everybody last: all wait for each other in one order, and
    who is refused by a narrow one uses up nothing of a wide one.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for limit in limits:
            at = now()
            values: dict[str, Any] = {"key": limit.key, "what": limit.what, "most": limit.most}
            cursor.execute(COUNT, {**values, "now": at, "ends_at": at + limit.window})
            if limit.most < 1 or cursor.fetchone() is None:
                raise TooOften(limit.said)


def is_used_up(limit: Limit) -> bool:
    """Whether nothing is left of a limit now."""
    rows = Tally.objects.unscoped("how much of a limit is left").filter(key=limit.key, ends_at__gt=now())
    return limit.most < 1 or rows.filter(count__gte=limit.most).exists()


def give_back(limits: Sequence[Limit]) -> None:
    """Takes the count back: what was right is no try."""
    with connection.cursor() as cursor:
        for limit in limits:
            cursor.execute(GIVE_BACK, [[limit.key]])


def forget_past() -> int:
    """Removes the windows that are over; how many."""
    return Tally.objects.unscoped("windows that are over").filter(ends_at__lte=now()).delete()[0]


def site(address: str) -> str:
    """What counts as one address: itself, or the /64 of IPv6; the text as it is where it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(found) if found.version == 4 else str(ipaddress.ip_network(f"{found}/{IPV6_SITE}", strict=False))
