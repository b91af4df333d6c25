"""How a message leaves the system: one interface, and two senders.

A sender is any class that is made without arguments and has `send(message)`. It returns when the message was accepted and raises
`NotSent` otherwise, within some seconds; it may be called again with the same message. Put its dotted path into GONGHUI_SMS_SENDER
(telephones) or GONGHUI_WECHAT_SENDER (`to` is the openid); nothing else is to be done. A gateway that takes templates instead of texts
finds the kind and the values in the message.
"""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote_plus, urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

MOST_BYTES = 65_536  # of an answer
METHODS = ("POST", "PUT", "PATCH")  # with a body: a number in an address would stand in the logs along the way


@dataclass(frozen=True)
class Outgoing:
    """What a sender is given: the full number (or openid), the text as it shall be read, and what it was made of."""

    to: str
    text: str
    kind: str
    values: Mapping[str, str]


class NotSent(Exception):
    """The message was not accepted. The reason is shown to administrators; it must repeat neither number, text nor secret."""


class Sender(Protocol):
    """What every sender is."""

    def send(self, message: Outgoing) -> None:
        """Hands the message over. Raises NotSent."""


class ConsoleSender:
    """For development and the demo: prints to standard output. `gonghui start` refuses a system that uses it."""

    def send(self, message: Outgoing) -> None:
        """Never fails."""
        sys.stdout.write(f"[sms] {message.to}: {message.text}\n")
        sys.stdout.flush()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A gateway answers by itself: what was meant for it goes nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class HTTPSender:
    """Any gateway that takes one request a message, described by the settings GONGHUI_SMS_*.

    In the body `{to}`, `{text}` and `{code}` stand for the number, the text and the value named code; they are escaped for the content
    type. An answer is good with a status of 2xx and, where `success` is set, when it contains that text.
    """

    def __init__(self) -> None:
        self.url, self.method, self.body = settings.SMS_URL, settings.SMS_METHOD, settings.SMS_BODY
        self.headers: dict[str, str] = dict(settings.SMS_HEADERS)
        self.success, self.seconds = settings.SMS_SUCCESS, settings.SMS_SECONDS
        if urlsplit(self.url).scheme not in ("http", "https") or self.method not in METHODS:
            raise NotSent("GONGHUI_SMS_URL must be http(s), GONGHUI_SMS_METHOD one of " + ", ".join(METHODS))

    def send(self, message: Outgoing) -> None:
        """One request. Raises NotSent."""
        body = filled(self.body, message, escaped_for(self.headers)).encode()
        request = urllib.request.Request(self.url, body, self.headers, method=self.method)
        try:
            with urllib.request.build_opener(NoRedirect).open(request, timeout=self.seconds) as answer:
                said = answer.read(MOST_BYTES).decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            raise NotSent(f"HTTP {error.code}") from None
        except (OSError, ValueError) as error:
            raise NotSent(type(getattr(error, "reason", None) or error).__name__) from None
        if self.success and self.success not in said:
            raise NotSent("the answer does not contain GONGHUI_SMS_SUCCESS")


def escaped_for(headers: Mapping[str, str]) -> Callable[[str], str]:
    """How a value is written into a body of this content type."""
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if "json" in kind:
        return lambda value: json.dumps(value, ensure_ascii=False)[1:-1]
    return quote_plus


def filled(template: str, message: Outgoing, escaped: Callable[[str], str]) -> str:
    """The body with its values in one pass, so that a text that says {to} stays a text."""
    values = {"to": message.to, "text": message.text, "code": message.values.get("code", "")}
    parts = template.replace("{", "\0{").split("\0")
    for position, part in enumerate(parts):
        for name, value in values.items():
            if part.startswith(f"{{{name}}}"):
                parts[position] = escaped(value) + part.removeprefix(f"{{{name}}}")
    return "".join(parts)


def sender_path(channel: str) -> str:
    """Dotted path of what sends on a channel; empty where nothing does."""
    if channel == "wechat":
        return str(settings.WECHAT_SENDER)
    if settings.SMS_SENDER:
        return str(settings.SMS_SENDER)
    if settings.SMS_URL:
        return f"{__name__}.HTTPSender"
    return f"{__name__}.ConsoleSender" if settings.DEBUG or settings.DEMO else ""


def sender_for(channel: str) -> Sender | None:
    """What sends on a channel; None where nothing does. Raises NotSent for one that cannot be made."""
    path = sender_path(channel)
    try:
        return import_string(path)() if path else None
    except ImportError:
        raise NotSent(f"there is no {path}") from None


def shows_codes() -> bool:
    """Whether codes are shown on the page: in development and the demo, while nothing else than the console is told them."""
    return (settings.DEBUG or settings.DEMO) and sender_path("sms") == f"{__name__}.ConsoleSender"
