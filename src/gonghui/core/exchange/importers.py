"""What an area gives so that one of its sheets can be imported, and the lines of a workbook that pass through it.

An area's `imports.py` registers an `Importer` a sheet. Everything it is asked for, it does for all lines at once: a workbook has
thousands, and a query a line would take minutes.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.kit.columns import Column, Options, Sheet
from gonghui.kit.intake import Intake, words
from gonghui.kit.mending import Suggestion
from gonghui.kit.text import Text

RECORD = "record"
NO_CODE = UUID(int=0)
RECORD_COLUMN = Column(RECORD, _("记录编号"), intake=Intake(words(36), heads=(RECORD,)))
"""The column of record codes, which every sheet has: exports carry it, and by it a line finds its record again."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line: the column's code (empty for the whole line), the sentence, what might stand there instead.

    It `asks` where nothing is wrong but for the user to say what is meant.
    """

    column: str
    sentence: str
    suggestions: tuple[Suggestion, ...] = ()
    asks: bool = False


@dataclass(frozen=True)
class Change:
    """One value of a record that will be another one, both in words."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Outcome:
    """What a line can come to, as a page tells it: its code, label, tone and icon, and what it means in a few words."""

    code: str
    label: Text
    tone: str
    icon: str
    meaning: Text


STANDARD = (
    Outcome("new", _("新增"), "ok", "plus", _("建立新记录")),
    Outcome("changed", _("更新"), "info", "refresh", _("看前后对照")),
    Outcome("unchanged", _("无变化"), "", "circle-check", _("和名册一样")),
    Outcome("wrong", _("错误"), "bad", "alert-triangle", _("不导入，改好再传")),
)
"""The outcomes that every list knows."""
MAIN = tuple(one.code for one in STANDARD)


@dataclass(slots=True)
class Line:
    """One row of a workbook under way. `values` holds what was read: a missing code keeps what is there, None clears it."""

    number: int
    texts: dict[str, str]
    mended: dict[str, str] = field(default_factory=dict)  # what the workbook says in cells that were mended since
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    record: Any = None  # what is on the register already
    made: Any = None  # what writing it has put there
    found: dict[str, Any] = field(default_factory=dict)  # column code → the record that a name or code in it stands for
    is_declared_new: bool = False  # the user said that it is none of those of its name
    fate: str = ""  # an outcome beyond the four, named by the importer
    said: str = ""  # a sentence beside an outcome that is no mistake
    kept: dict[str, str] = field(default_factory=dict)  # what history does not keep and undoing needs: sealed with the line
    is_added: bool = False  # in no row of the workbook: a record that the workbook lacks
    is_open: bool = False  # waits for an answer before it can be written

    def refuse(self, column: str, sentence: Text, *suggestions: Suggestion, asks: bool = False) -> None:
        """Notes what is wrong."""
        self.problems.append(Problem(column, str(sentence), suggestions, asks))

    def suggest(self, column: str, *suggestions: Suggestion) -> None:
        """Puts beside the first problem of a column what it might say instead."""
        at = next(at for at, one in enumerate(self.problems) if one.column == column)
        self.problems[at] = replace(self.problems[at], suggestions=suggestions)

    @property
    def is_new(self) -> bool:
        """Whether there is no record of it yet."""
        return self.record is None

    @property
    def outcome(self) -> str:
        """One of the four: wrong, new, changed, unchanged; or a further one that the importer has named."""
        if self.problems:
            return "wrong"
        if self.fate:
            return self.fate
        if self.is_new:
            return "new"
        return "changed" if self.changes else "unchanged"

    def get(self, column: str, default: Any = None) -> Any:
        """The value read, if there is one."""
        return self.values.get(column, default)


Tell = Callable[[int], None]
Answers = Mapping[str, Mapping[str, str]]  # record code → why and since when, of records that a workbook lacks


def untold(count: int) -> None:
    """For an import that nobody waits for."""


@dataclass(frozen=True)
class Circumstances:
    """In what an import happens: where, by whom, on which day, and what a line with a known name and no code means.

    An importer that writes calls `tell` with the number of lines it has done since the last time; it may raise to end the work.
    """

    organisation: Organisation
    actor: Actor
    on: dt.date
    code: UUID = NO_CODE  # of the import: its request id, by which everything that it writes is found again
    same_name: str = "ask"
    tell: Tell = untold
    answers: Answers = field(default_factory=dict)


Work = Callable[[Circumstances, Sequence[Line]], None]


def nothing(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """For an importer that has nothing to do here."""


def none_missing(circumstances: Circumstances, lines: Sequence[Line]) -> list[Line]:
    """For an importer whose workbooks need not name every record."""
    return []


def no_doubt(circumstances: Circumstances, counts: Mapping[str, int]) -> Text:
    """For an importer that never asks again."""
    return ""


def nothing_released(code: UUID, actor: Actor) -> Collection[UUID]:
    """For an importer of whose records nothing is made by machine."""
    return ()


@dataclass(frozen=True)
class Importer:
    """How lines become records of one sheet.

    `find` sets the record of each line that has one already, `check` notes what the area's rules forbid and looks names up, `write`
    calls the area's actions for lines that are new or changed and sets what it made of new ones. `values` tells what a record says in
    each column. `mend` is told the record codes of an undone import, to repair what history does not keep because it repeats; `unseal`
    what the lines had `kept` because history never has it. `also` are the rights beside `permission` that writing may take. `suggest`
    puts beside the problems of lines what they might say instead.

    `release` is told the code of an import that shall be undone, before its history is read backwards: it takes away what was made of its
    records by machine, refuses where work of people would be lost, and answers the codes of further records to mend. `wholes` are tables
    whose rows are an import itself and no record in it: that steps were taken on such a row since is no reason to keep it.

    A list may know more than the four outcomes: a line is given one by its `fate`. A workbook that shall name every record gives lines
    for those that it lacks by `missing`; what became of such a record is one of `answers`, for lines of the outcome that it `asks` about.
    `doubt` is a reason to ask again before anything is written, told from the counts.
    """

    sheet: Sheet
    permission: str
    find: Work
    check: Work
    write: Work
    values: Callable[[Any], Mapping[str, Any]] = lambda record: {}
    mend: Callable[[Collection[UUID]], None] = lambda record_codes: None
    unseal: Callable[[Mapping[UUID, Mapping[str, str]]], None] = lambda kept: None
    release: Callable[[UUID, Actor], Collection[UUID]] = nothing_released
    wholes: tuple[type[Model], ...] = ()
    outcomes: tuple[Outcome, ...] = STANDARD
    missing: Callable[[Circumstances, Sequence[Line]], list[Line]] = none_missing
    asks: str = ""  # the outcome whose lines wait for an answer
    answers: Options = ()
    doubt: Callable[[Circumstances, Mapping[str, int]], Text] = no_doubt
    unread: tuple[str, ...] = ()  # columns that a template shows though nobody reads them
    keys: tuple[str, ...] = ()  # columns in which no two lines may say the same
    can_update: bool = True
    also: tuple[str, ...] = ()
    suggest: Work = nothing

    @property
    def columns(self) -> list[Column]:
        """The columns that are read."""
        return [column for column in self.sheet.columns if column.intake]

    def pairs(self) -> Iterator[tuple[Column, Intake]]:
        """The same with how each is read."""
        return ((column, column.intake) for column in self.sheet.columns if column.intake)

    @property
    def heads(self) -> list[tuple[Column, Intake]]:
        """The columns of a template: those that are read, and those that only people read."""
        shown = (column for column in self.sheet.columns if column.intake or column.code in self.unread)
        return [(column, column.intake or Intake()) for column in shown]

    @property
    def further(self) -> list[str]:
        """The outcomes beyond the four."""
        return [one.code for one in self.outcomes if one.code not in MAIN]

    def label(self, code: str) -> Text:
        """The head of a column; the record code's own."""
        column = self.sheet.column(code)
        return column.label if column else RECORD_COLUMN.label if code == RECORD else ""


def together(lines: Sequence[Line], write: Callable[[Sequence[Line]], None], not_allowed: tuple[str, Text]) -> None:
    """Writes lines in one action. Where one of them is refused, each half is written by itself, so that in the end only that one stays out.

    `not_allowed` is the column and the sentence for a line that the actor may not write.
    """
    try:
        write(lines)
    except (Refused, NotAllowed) as refusal:
        if len(lines) > 1:
            middle = len(lines) // 2
            together(lines[:middle], write, not_allowed)
            together(lines[middle:], write, not_allowed)
        elif isinstance(refusal, Refused):
            lines[0].refuse(refusal.field, str(refusal))
        else:
            lines[0].refuse(*not_allowed)


importers: dict[str, Importer] = {}


def register(importer: Importer) -> Importer:
    """Makes a sheet one that can be imported."""
    importers[importer.sheet.code] = importer
    return importer


def offered(permissions: Callable[[str], bool]) -> Iterable[Importer]:
    """The importers whose permission is held."""
    return (one for one in importers.values() if permissions(one.permission))
