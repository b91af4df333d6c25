"""P4, employers: an XLSX list of employers, 3.5 % bad, becomes records with history behind both walls, with a report of every row.

Sides, interleaved in the same run, each round of each in a process of its own that begins with empty caches: ours (upload, columns, dry
run, import: what a user does, so every row is judged twice) · openpyxl with a careful bulk_create into the same tables, under the same
checks, each row judged once, with the same report; both as an officer of one street, held by the walls. Three figures of every round: employers alone, that is without their dated facts
(on both sides their seconds are taken off); everything; and the seconds of the dated facts (state, holder, headcount, each under an
exclusion constraint). Foreign keys are checked inside the time; every round is rolled back, and the two sides must have stored the same.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.rounds import BAD, Clock, Contest, imported

HEADS = ["单位名称", "统一社会信用代码", "所属街道", "职工人数", "单位性质", "入册日期"]


def workbook(rows: int) -> bytes:
    """The list, seeded: names, codes with their check characters, four kinds of mistakes."""
    from stdnum.cn import uscc

    from gonghui.core.exchange.writing import Head, Table, write_workbook

    def row(number: int) -> list[object]:
        base = f"91110101MA{number:07d}"
        cells: list[object] = [f"北京第{number}商贸有限公司", base + uscc.calc_check_digit(base), "东华门街道"]
        cells += [str(number % 400), "私营企业", "2020-05-01"]
        if number % BAD == 0:
            place = number // BAD % 4
            cells[place] = ("", cells[1][:-1] + "I", "户外街道", "许多")[place]  # type: ignore[index]
        return cells

    target = io.BytesIO()
    write_workbook(target, [Table("名册", [Head(head) for head in HEADS], map(row, range(1, rows + 1)))])
    return target.getvalue()


def ours(street: Any, actor: Any, content: bytes, clock: Clock) -> Any:
    """What a user does. The batch."""
    from gonghui.areas.register.actions import employers

    first_facts = employers.first_facts

    def timed_facts(pairs: Any) -> None:
        with clock.on_facts():
            first_facts(pairs)

    employers.first_facts = timed_facts
    return imported(street, actor, "register.employers", content)


def bulk_create(street: Any, actor: Any, content: bytes, clock: Clock) -> Any:
    """What a careful Django programmer writes: each row judged once, then every table in batches. The batch."""
    import openpyxl

    from gonghui.areas.register.models import Employer, Headcount, Holding, Standing
    from gonghui.core.actions.door import entry
    from gonghui.core.exchange.models import Batch, BatchLine
    from gonghui.kit.dates import from_day, today

    batch = Batch(organisation=street, sheet="register.employers", file_name="x.xlsx", state="done")
    batch.save(force_insert=True)
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    judged = judge([[str(cell or "").strip() for cell in row] for row in sheet.iter_rows(min_row=2, values_only=True)], street)
    employers = [row.employer for row in judged if not row.problems]
    with entry("bench.bulk_create", actor):
        Employer.objects.bulk_create(employers, batch_size=1000)
        lines = [
            BatchLine(
                batch=batch,
                number=row.number,
                outcome="wrong" if row.problems else "new",
                title=row.cells[0],
                problems=[{"column": column, "text": row.cells[0], "sentence": text} for column, text in row.problems],
                record_code=None if row.problems else row.employer.public_id,
            )
            for row in judged
        ]
        BatchLine.objects.bulk_create(lines, batch_size=1000)
        with clock.on_facts():
            began = [(employer.pk, from_day(employer.entered_on)) for employer in employers]
            Standing.objects.bulk_create([Standing(employer_id=key, state="active", valid=days) for key, days in began], 1000)
            place = {"organisation": street, "managing": street, "street": street}
            Holding.objects.bulk_create([Holding(employer_id=key, valid=days, **place) for key, days in began], 1000)
            valid = from_day(today())
            counts = [Headcount(employer=one, count=one.headcount, source="union", valid=valid) for one in employers]
            Headcount.objects.bulk_create(counts, 1000)
    return batch


@dataclass
class Row:
    """A row of the peer's: its number and cells, what is wrong with it (column, sentence), else its record."""

    number: int
    cells: list[str]
    problems: list[tuple[str, str]]
    employer: Any = None


def judge(rows: list[list[str]], street: Any) -> list[Row]:
    """The checks of ours: cells, codes and days; codes twice in the list; codes and names that are on the register."""
    from gonghui.areas.register.models import Employer
    from gonghui.areas.register.rules import is_non_public
    from gonghui.core.reference.queries import codes
    from gonghui.kit.dates import today

    day = today()
    classes = {code.name: code for code in codes("employer_class", day)}
    register = Employer.objects.unscoped("the benchmark's peer")
    known_codes, known_names = set[str](), set[str]()
    for start in range(0, len(rows), 1000):
        some = rows[start : start + 1000]
        known_codes.update(register.filter(uscc__in=[row[1] for row in some]).values_list("uscc", flat=True))  # type: ignore[arg-type]
        known_names.update(register.filter(name__in=[row[0] for row in some]).values_list("name", flat=True))
    judged, seen = [], set[str]()
    for number, cells in enumerate(rows, 2):
        row = Row(number, cells, list(problems_of(cells, street.region.name, set(classes), day)))
        if cells[1] in seen or cells[1] in known_codes:
            row.problems.append(("uscc", "这个统一社会信用代码已经有了"))
        if cells[0] in known_names:
            row.problems.append(("name", "名册里已有同名的"))
        seen.add(cells[1])
        if not row.problems:
            kind = classes[cells[4]]
            non_public = is_non_public(kind.attributes.get("non_public"), is_state_controlled=False)
            row.employer = employer_of(cells, street, kind.code, non_public)
        judged.append(row)
    return judged


def problems_of(cells: list[str], place: str, classes: set[str], day: Any) -> Iterator[tuple[str, str]]:
    """What is wrong in the cells of one row."""
    import datetime as dt

    from gonghui.kit import uscc

    name, code, street, count, kind, entered = cells
    if not 0 < len(name) <= 120:
        yield "name", "没有名称，或太长"
    try:
        if uscc.checked(code).startswith("8"):
            yield "uscc", "这是工会的代码"
    except uscc.BadCode as error:
        yield "uscc", str(error)
    if street != place:
        yield "street", "没有这个街道"
    if not count.isdigit() or int(count) > 2**31 - 1:
        yield "headcount", "人数不是整数"
    if kind not in classes:
        yield "employer_class", "没有这一类"
    try:
        if dt.date.fromisoformat(entered) > day:
            yield "entered_on", "晚于今天"
    except ValueError:
        yield "entered_on", "不是日期"


def employer_of(cells: list[str], street: Any, kind: str, is_non_public: bool) -> Any:
    """The record of a sound row."""
    import datetime as dt

    from gonghui.areas.register.models import Employer
    from gonghui.kit.dates import today

    employer = Employer(
        name=cells[0],
        uscc=cells[1],
        region=street.region,
        organisation=street,
        street=street,
        headcount=int(cells[3]),
        headcount_on=today(),
        employer_class=kind,
        is_non_public=is_non_public,
        entered_on=dt.date.fromisoformat(cells[5]),
    )
    employer.key_names()
    return employer


FINGERPRINT = """
select count(*), count(*) filter (where street_path = organisation_path), md5(string_agg(concat_ws('|', name, uscc, region_id,
  employer_class, entered_on, headcount, headcount_on, is_non_public, name_pinyin, name_initials, state, coverage), ',' order by uscc)),
  (select count(*) from register_employerevent v where v.organisation_id = %(union)s and v.pgh_context_id is not null),
  (select md5(string_agg(concat_ws('|', s.valid, s.state, h.valid, c.valid, c.count, c.source), ',' order by e.uscc))
   from register_employer e join register_standing s on s.employer_id = e.id join register_holding h on h.employer_id = e.id
   join register_headcount c on c.employer_id = e.id where e.organisation_id = %(union)s and h.managing_id = %(union)s),
  (select string_agg(concat_ws(' ', outcome, n), ', ' order by outcome) from
   (select outcome, count(*) n from exchange_batchline where batch_id = %(batch)s group by 1) o)
from register_employer where organisation_id = %(union)s
"""

EMPLOYERS = Contest(
    module="bench.rosters",
    what="employers",
    facts=3,
    sizes=((20_000, 5), (100_000, 3)),
    tables=("register_employer", "register_standing", "register_holding", "register_headcount"),
    union="street",
    officer="street_officer",
    workbook=workbook,
    sides={"ours": ours, "bulk_create": bulk_create},
    fingerprint=FINGERPRINT,
    goal=2.5,
)

if __name__ == "__main__":
    EMPLOYERS.run(sys.argv[1:])
