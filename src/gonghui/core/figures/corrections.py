"""What was done to rows after a value was frozen, read from the history: entered late (补录), withdrawn (撤销), corrected (更正)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.core.actions.action import verbs
from gonghui.core.figures.registry import Cause, Figure, Term
from gonghui.kit.text import Text

LATE, WITHDRAWN = Term("late", _("补录")), Term("withdrawn", pgettext_lazy("correction", "撤销"))
CORRECTED, REDEFINED = Term("corrected", _("更正")), Term("redefined", _("口径调整"))
terms_of_verbs: dict[str, Term] = {}
"""Actions that correct in a way of their own, and what that is called; areas add theirs."""


def corrections(figure: Figure, model: Any, keys: Iterable[int], since: dt.datetime) -> Mapping[int, Sequence[Any]]:
    """The events of these rows and of their parts after an instant, by row, oldest first; to be asked beyond scope."""
    keys = list(keys)
    found: dict[int, list[Any]] = defaultdict(list)
    for key, event in _events(figure, model, keys, since) if keys else ():
        found[key].append(event)
    return {key: sorted(events, key=lambda event: event.pgh_created_at) for key, events in found.items()}


def _events(figure: Figure, model: Any, keys: list[int], since: dt.datetime) -> Iterator[tuple[int, Any]]:
    parts = figure.account.parts if figure.account else ()
    for table, column in [(model, "pgh_obj_id"), *((part.model, f"{part.link}_id") for part in parts)]:
        rows: Any = table.events.rel.related_model._base_manager  # type: ignore[attr-defined]
        for event in rows.filter(**{f"{column}__in": keys}, pgh_created_at__gt=since).select_related("pgh_context"):
            yield getattr(event, column), event


def correction(events: Sequence[Any], model: Any, *, has_come: bool) -> Cause:
    """What the last action made of a row. Without any, the row is as it was and the definition has changed."""
    if not events:
        return Cause(REDEFINED)
    last = events[-1]
    metadata = last.pgh_context.metadata if last.pgh_context else {}
    verb = verbs.get(metadata.get("verb", ""))
    who: Text = verb.label if verb else metadata.get("verb", "")
    term = terms_of_verbs.get(metadata.get("verb", "")) or _term(events, model, has_come)
    return Cause(term, on=_day_of(events), recorded=last.pgh_created_at, detail=who)


def _term(events: Sequence[Any], model: Any, has_come: bool) -> Term:
    """New facts brought it: late. What stood there was changed: corrected. What held was taken back: withdrawn."""
    if has_come:
        return LATE if any(event.pgh_label == "insert" for event in events) else CORRECTED
    is_edited = all(event.pgh_tracked_model is model and event.pgh_label == "update" for event in events)
    return CORRECTED if is_edited else WITHDRAWN


def _day_of(events: Sequence[Any]) -> dt.date | None:
    """The day from which the newest fact holds, where it is a dated one."""
    days = [event.valid.lower for event in events if getattr(event, "valid", None) and event.pgh_label == "insert"]
    return days[-1] if days else None
