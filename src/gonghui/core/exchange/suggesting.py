"""What wrong cells might say instead: from the columns' own readers, from names and codes that the user sees.

Suggestions are for who mends a workbook in the page, so they are made for workbooks short enough to be mended there.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from gonghui.core.exchange.importers import Circumstances, Importer, Line
from gonghui.kit import uscc
from gonghui.kit.mending import Suggestion, nearest
from gonghui.kit.text import plain

MOST_LINES = 200  # wrong lines of one column for which anything is guessed
MOST_NAMES = 1000  # among which the nearest is looked for
MOST_TEXTS = 20  # different texts for which it is


def suggest(importer: Importer, circumstances: Circumstances, lines: Iterable[Line]) -> None:
    """Puts suggestions beside the problems of these lines."""
    wrong = [line for line in lines if line.problems]
    for column, intake in importer.pairs():
        options = intake.options(circumstances.actor)
        for line in asking(wrong, column.code):
            if column.code not in line.values:
                line.suggest(column.code, *intake.suggestions(line.texts[column.code], options))
    importer.suggest(circumstances, wrong)


def asking(lines: Iterable[Line], column: str) -> list[Line]:
    """Those with a text in this column, a problem there, and no suggestion yet."""
    bare = (line for line in lines if line.texts.get(column) and any(one.column == column for one in line.problems))
    found = [line for line in bare if not any(one.suggestions for one in line.problems if one.column == column)]
    return found[:MOST_LINES]


def use_name(name: str) -> Suggestion:
    """A name that is there."""
    return Suggestion(name, _("用“%(name)s”") % {"name": name[:20]})


def suggest_names(lines: Sequence[Line], column: str, names: Iterable[str], key: Callable[[str], str] = plain) -> None:
    """The names nearest to what a column says that names nothing; `key` leaves out what all of them have in common."""
    asked = asking((line for line in lines if column not in line.found), column)
    if not asked:
        return
    by_key = {key(name): name for name in islice(names, MOST_NAMES)}
    texts = list(dict.fromkeys(line.texts[column] for line in asked))[:MOST_TEXTS]
    found = {text: [by_key[one] for one in nearest(key(plain(text)), list(by_key))] for text in texts}
    for line in asked:
        text = line.texts[column]
        line.suggest(column, *(use_name(name) for name in found.get(text, ()) if name != text))


def suggest_codes(lines: Sequence[Line], column: str, rows: Any) -> None:
    """The credit code of the one visible record whose code is a slip away from what a column says and cannot be."""
    unread = (line for line in lines if column not in line.values)
    near = {line.number: uscc.near(line.texts[column]) for line in asking(unread, column)}
    codes = set().union(*near.values())
    known = dict(rows.filter(uscc__in=codes).values_list("uscc", "name")) if codes else {}
    for line in lines:
        found = near.get(line.number, set()) & known.keys()
        if len(found) == 1:
            (code,) = found
            line.suggest(column, Suggestion(code, _("用“%(name)s”的代码") % {"name": known[code][:20]}))
