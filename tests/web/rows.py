"""A queryset that only notes what was asked of it: what a list asks is tested here, what it answers beside the tables."""

from typing import Any, Self


class Noted:
    """Stands for a queryset. `counts` is the answer to the one query that counts; `found` are its rows."""

    def __init__(self, found: tuple[Any, ...] = (), counts: tuple[int, ...] | None = None) -> None:
        self.found, self.counts = found, counts
        self.filters: list[Any] = []
        self.order: tuple[str, ...] = ()
        self.slices: list[slice] = []
        self.queries = 0
        self.query: Any = self

    def filter(self, condition: Any = None, **conditions: Any) -> Self:
        self.filters.append(condition if condition is not None else conditions)
        return self

    def clone(self) -> Self:
        return self

    def annotate(self, **named: Any) -> "Counts":
        return Counts(self)

    def order_by(self, *paths: str) -> Self:
        self.order = paths or self.order
        return self

    def values(self, *paths: str) -> Self:
        return self

    def values_list(self, *paths: str, flat: bool = False) -> "Keys":
        return Keys(self)

    def __getitem__(self, part: slice) -> Any:
        self.slices.append(part)
        return Answer(self)

    def __iter__(self) -> Any:
        self.queries += 1
        return iter(self.found)


class Answer(tuple[Any, ...]):
    """The rows of a slice, counted as one query when they are read."""

    def __new__(cls, rows: Noted) -> "Answer":
        made = super().__new__(cls, rows.found)
        made.rows = rows  # type: ignore[attr-defined]
        made.query = rows  # type: ignore[attr-defined]
        return made


class Keys:
    """The keys of the rows, one page of them."""

    def __init__(self, rows: Noted) -> None:
        self.rows = rows

    def __getitem__(self, part: slice) -> list[Any]:
        self.rows.slices.append(part)
        self.rows.queries += 1
        return [row.pk for row in self.rows.found]


class Counts:
    """The query that counts."""

    def __init__(self, rows: Noted) -> None:
        self.rows = rows

    def values_list(self, *names: str) -> Self:
        return self

    def __getitem__(self, part: slice) -> list[tuple[int, ...]]:
        self.rows.queries += 1
        return [] if self.rows.counts is None else [self.rows.counts]
