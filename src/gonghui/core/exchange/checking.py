"""What a workbook would do: every line is read, found, checked and compared, and nothing is written."""

import gc
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from gonghui.core.exchange.importers import MAIN, RECORD, Change, Circumstances, Importer, Line
from gonghui.core.exchange.mapping import read_lines
from gonghui.core.exchange.suggesting import suggest
from gonghui.kit.columns import Column, Options
from gonghui.kit.intake import CLEARED, NEW
from gonghui.kit.mending import MOST, Suggestion
from gonghui.kit.text import Text, plain

INLINE = 3000  # lines that a page may check or write while its user waits


@contextmanager
def uncollected() -> Iterator[None]:
    """Inside, Python's collector of cycles rests: it would walk the hundreds of thousands of cells of a big workbook again and again,
    a fifth of the time, and none of them is garbage yet. What is counted is freed as ever."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@uncollected()
def judge(importer: Importer, circumstances: Circumstances, lines: Iterable[Line]) -> list[Line]:
    """Every line with its values, problems, record and changes."""
    judged = read_lines(lines, importer, circumstances.actor)
    refuse_repeated(importer, judged)
    importer.find(circumstances, sound(judged))
    require(importer, sound(judged))
    importer.check(circumstances, sound(judged))
    compare(importer, circumstances, sound(judged))
    if len(judged) <= INLINE:
        suggest(importer, circumstances, judged)
    return [*judged, *importer.missing(circumstances, judged)]


def sound(lines: Sequence[Line]) -> list[Line]:
    """Those without a problem so far."""
    return [line for line in lines if not line.problems]


def counts(lines: Sequence[Line]) -> dict[str, Any]:
    """The columns of a batch that say how many lines there are: in the workbook, of each outcome, waiting for an answer."""
    found = Counter(line.outcome for line in lines)
    return {
        "total": sum(not line.is_added for line in lines),
        **{outcome: found.pop(outcome, 0) for outcome in MAIN},
        "further": dict(found),
        "unanswered": sum(line.is_open for line in lines),
    }


def refuse_repeated(importer: Importer, lines: Sequence[Line]) -> None:
    """Two lines that name the same record: the later ones are refused, and say which line came first."""
    for code in (RECORD, *importer.keys):
        first: dict[Any, int] = {}
        for line in lines:
            if (value := line.get(code)) in (None, ""):
                continue
            if value in first:
                line.refuse(code, _("与第 %(row)s 行相同，请只留一行") % {"row": first[value]})
            first.setdefault(value, line.number)


def require(importer: Importer, lines: Iterable[Line]) -> None:
    """A new record needs what its columns require; of an existing one an empty cell keeps what is there."""
    required = [column.code for column, intake in importer.pairs() if intake.is_required]
    for line in lines:
        if line.is_new:
            for code in required:
                if line.get(code) in (None, ""):
                    line.refuse(code, _("没有填，这一列必填"))
        elif not importer.can_update:
            line.refuse(RECORD, _("这里只能新增；已有的请在页面上修改"))
        elif line.is_declared_new:
            line.refuse(RECORD, _("代码已是“%(name)s”的，不能当作新的，请核对") % {"name": str(line.record)[:20]})


def compare(importer: Importer, circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Sets the changes of lines whose record is known; a fixed column must say what is there."""
    options = {column.code: intake.options(circumstances.actor) for column, intake in importer.pairs()}
    for line in lines:
        if line.is_new:
            continue
        present = importer.values(line.record)
        for column, intake in importer.pairs():
            code = column.code
            if code not in line.values or code not in present or same(line.values[code], present[code]):
                continue
            old, new = (value_words(column, options[code], one) for one in (present[code], line.values[code]))
            if intake.is_fixed:
                line.refuse(code, _("现在是“%(old)s”，不能用导入改，请在页面上办理") % {"old": old})
            line.changes.append(Change(code, old, new or CLEARED))


def same(new: Any, old: Any) -> bool:
    """Whether both say the same; empty is empty, however it is stored, and a zero is not."""
    return new == old or (is_empty(new) and is_empty(old))


def is_empty(value: Any) -> bool:
    """Nothing, an empty text, or no."""
    return value is None or value is False or value == ""


def value_words(column: Column, options: Options, value: Any) -> str:
    """A value as it is read."""
    label = dict(options).get(value) if options and isinstance(value, str) else None
    return str(label) if label is not None else column.words(value)


# -- for importers ----------------------------------------------------------------------------------------------


def is_uuid(text: str) -> bool:
    """Whether this can be a record code."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def find_by_record(lines: Sequence[Line], rows: QuerySet[Any]) -> None:
    """Sets the records of the lines that carry a record code; `rows` are those the actor may change."""
    coded = [line for line in lines if line.get(RECORD)]
    codes = {line.values[RECORD] for line in coded if is_uuid(line.values[RECORD])}
    found = {str(row.public_id): row for row in rows.filter(public_id__among=codes)} if codes else {}
    for line in coded:
        line.record = found.get(line.values[RECORD])
        if line.record is None:
            line.refuse(RECORD, _("没有这个记录编号，或者您不能改它。请用导出的表，不要改这一列"))


def find_by(lines: Sequence[Line], column: str, rows: QuerySet[Any], path: str = "") -> None:
    """Sets the records of lines that have none yet by the value of a column that names at most one record."""
    asked = [line for line in lines if line.is_new and line.get(column)]
    values = {line.values[column] for line in asked}
    found: dict[Any, Model] = {}
    for row in rows.filter(**{f"{path or column}__among": values}) if values else ():
        found[getattr(row, path or column)] = row
    for line in asked:
        line.record = found.get(line.values[column])


def find_by_name(lines: Sequence[Line], column: str, rows: QuerySet[Any], same_name: str) -> None:
    """What a line without any code and with a known name means, is for the user to say: of all of them at once (same, new), or of
    each that asks."""
    asked = [line for line in lines if line.is_new and not line.is_declared_new and line.get(column) and not line.problems]
    if same_name == "new" or not asked:
        return
    known: dict[str, list[Any]] = defaultdict(list)
    for row in rows.filter(**{f"{column}__among": {line.values[column] for line in asked}}):
        known[getattr(row, column)].append(row)
    for line in asked:
        matches = known.get(line.values[column], [])
        if len(matches) == 1 and same_name == "same":
            line.record = matches[0]
        elif matches:
            sentence = _("名册里已有 %(count)s 个同名的。请填记录编号或代码；若是另一个，请在“记录编号”里填“新”")
            line.refuse(column, sentence % {"count": len(matches)}, *answers(matches), asks=True)


def answers(matches: Sequence[Any]) -> Iterator[Suggestion]:
    """What may be answered to whether a line is one of these records: it is, or it is another one."""
    for row in matches[:MOST]:
        label = _("就是它") if len(matches) == 1 else _("就是%(which)s") % {"which": told_apart(row)}
        yield Suggestion(str(row.public_id), label, RECORD)
    yield Suggestion(NEW, _("另一个"), RECORD)


def told_apart(row: Any) -> str:
    """What tells a record from others of its name: its code, or where it belongs."""
    return str(row.uscc or getattr(row, "holder_name", "") or getattr(row, "parent_name", "") or str(row.public_id)[:8])


def set_named(lines: Iterable[Line], column: str, rows: QuerySet[Any], missing: Text) -> None:
    """Puts the one visible record that a name, credit code or record code stands for into `found[column]`."""
    asked = [line for line in lines if line.get(column)]
    found = named({plain(line.values[column]) for line in asked} | {line.values[column] for line in asked}, rows)
    for line in asked:
        text = line.values[column]
        matches = found.get(text) or found.get(plain(text)) or []
        if len(matches) == 1:
            line.found[column] = matches[0]
        elif matches:
            line.refuse(
                column,
                _("有 %(count)s 个都叫“%(name)s”，请改填信用代码或记录编号") % {"count": len(matches), "name": text[:20]},
            )
        else:
            line.refuse(column, str(missing) % {"name": text[:20]})


def named(texts: Iterable[str], rows: QuerySet[Any]) -> Mapping[str, list[Any]]:
    """Text → the unions or employers whose name, credit code or record code it is."""
    texts = set(texts)
    if not texts:
        return {}
    condition = Q(name__among=texts) | Q(uscc__among={text.upper() for text in texts})
    condition |= Q(public_id__among=[text for text in texts if is_uuid(text)])
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows.filter(condition):
        for text in {row.name, row.uscc or "", str(row.public_id)} & texts:
            found[text].append(row)
    return found
