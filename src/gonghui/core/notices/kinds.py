"""What the system tells people: each kind of message with its words. Areas register theirs."""

from collections.abc import Mapping
from dataclasses import dataclass

from gonghui.kit.text import Text


@dataclass(frozen=True)
class MessageKind:
    """One thing that may be told. `text` names its values as `%(name)s`; `page` is the name of the address that it leads to.

    Outward ones also leave the system, by WeChat or to the telephone; the others stay in the inbox.
    """

    code: str
    title: Text
    text: Text
    is_outward: bool = True
    page: str = ""

    def say(self, values: Mapping[str, str]) -> str:
        """The text with its values, in the language of whoever reads."""
        return str(self.text) % values


kinds: dict[str, MessageKind] = {}


def message_kind(kind: MessageKind) -> MessageKind:
    """Registers it. Raises ValueError for a code that is taken."""
    if kind.code in kinds:
        raise ValueError(f"two kinds of message named {kind.code}")
    kinds[kind.code] = kind
    return kind
