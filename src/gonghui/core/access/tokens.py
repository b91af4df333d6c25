"""Recognising a token at each call of the API, and counting its calls. Tokens are made and ended by actions."""

import secrets

from django.db.models import Case, F, When

from gonghui.core.access.models import Token
from gonghui.core.access.secrets import digest
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import now, today

PREFIX = "gonghui_"  # so that a token that lies where it should not is recognised as one
BYTES = 32


class TooManyCalls(Exception):
    """More calls in a minute than are allowed."""


def new_secret() -> str:
    """What a program will call with."""
    return f"{PREFIX}{secrets.token_urlsafe(BYTES)}"


def recognised(secret: str) -> Token | None:
    """The valid token of this secret, its call counted; None for any other. Raises TooManyCalls."""
    with acting(Actor.system("access.recognise_token")):
        rows = Token.objects.unscoped("who calls, before there is an actor").filter(digest=digest(secret))
        token: Token | None = (
            rows.filter(revoked_on=None, expires_on__gt=today(), user__is_active=True).select_related("user").first()
        )
        if token is None:
            return None
        minute = now().replace(second=0, microsecond=0)
        calls = Case(When(calls_minute=minute, then=F("calls") + 1), default=1)
        rows.update(calls=calls, calls_minute=minute, used_at=now())
        token.refresh_from_db(fields=["calls"])
        limit = parameter("access.calls_per_minute", today())
    if token.calls > limit:
        raise TooManyCalls(limit)
    return token
