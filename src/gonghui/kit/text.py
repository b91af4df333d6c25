"""`Text`: a text, or one that is translated when it is shown; texts without what does not matter; and texts one after another, as the
language of the screen writes them."""

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Text
else:
    Text = object

__all__ = ["Text", "beside", "enumerated", "plain", "together"]


def plain(text: str) -> str:
    """Full-width forms folded, blanks squeezed."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def enumerated(words: Iterable[Text]) -> str:
    """Words of one kind as a sentence lists them: 甲、乙 or A, B."""
    return _("、").join(map(str, words))


def beside(facts: Iterable[Text | None]) -> str:
    """Facts in one line, empty ones left out: 甲，乙 or A, B."""
    return _("，").join(str(fact) for fact in facts if fact)


def together(sentences: Iterable[object]) -> str:
    """Sentences in one line, empty ones left out: 甲；乙 or A; B."""
    return _("；").join(str(sentence) for sentence in sentences if sentence)
