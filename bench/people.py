"""P4, persons: a union's roster of members (XLSX, the 20 columns of the form, 3.5 % bad) becomes persons, documents and memberships with
history behind both walls, numbers sealed and found by blind index, with a report of every row.

Sides, interleaved in the same run, each round of each in a process of its own that begins with empty caches: ours (upload, columns, dry
run, import: what a user does, so every row is judged twice) · openpyxl with a careful bulk_create into the same tables, under the same
checks, each row judged once, sealed by the same ciphers, with the same report; both as the chair of the union, held by the walls.
Three figures of every round: persons alone, that is without their dated facts (on both sides their seconds are taken off); everything;
and the seconds of the dated facts (where a membership is held, who works where, each under an exclusion constraint).
`python3 dev.py bench people [ROWS …]`.
"""

import datetime as dt
import io
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from unittest import mock

from bench.rounds import BAD, Clock, Contest, imported

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志文红玉兰春梅海燕林雪辉鑫波宇浩然子轩佳怡思雨欣"
FIRM = "北京云帆数讯科技有限公司"  # what the union covers in the standing cast
LISTS = {
    "就业状况": "work_state",
    "学历": "education",
    "技能等级": "skill_level",
    "户籍类型": "household",
    "政治面貌": "politics",
    "会籍变化类型": "membership_change",
    "会籍变化原因": "change_reason",
}
PLAIN = {"民族": 20, "户籍所在地": 120, "工作单位": 120, "籍贯": 60}  # longest
KINDS = {"居民身份证": "resident"}
SEXES = {"男": "male", "女": "female"}
PERSONAL = ("证件号码", "移动电话")


def workbook(rows: int) -> bytes:
    """The roster, seeded; one of nine kinds of mistakes in every 28th row."""
    from gonghui.areas.members.tests.workbooks import HEADS, MISTAKES, number, roster_row, xlsx_of

    chance = random.Random(20_260_630)

    def mistake(sequence: int) -> dict[str, object]:
        right = number(sequence)
        mistakes: tuple[dict[str, object], ...] = (
            *MISTAKES,
            {"证件号码": right[:-1] + ("0" if right[-1] != "0" else "1")},
            {"出生日期": "1950-01-01"},
            {"证件号码": number(sequence - 1), "性别": "", "出生日期": ""},
        )
        return mistakes[sequence // BAD % len(mistakes)]

    def row(sequence: int) -> list[object]:
        right = number(sequence)
        cells: dict[str, object] = {
            "姓名": chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2)))),
            "性别": "男" if int(right[16]) % 2 else "女",
            "出生日期": f"{right[6:10]}-{right[10:12]}-{right[12:14]}",
            "学历": chance.choice(("硕士研究生", "大学本科", "大学专科", "中专（高中）", "")),
            "技能等级": chance.choice(("", "", "3", "4")),
            "户籍类型": chance.choice(("2", "3", "4")),
            "户籍所在地": chance.choice(("北京市东城区", "河北省保定市", "河南省周口市", "山东省菏泽市")),
            "会籍变化日期": f"20{chance.randint(16, 25)}-{chance.randint(1, 12):02d}-01",
            "政治面貌": chance.choice(("中共党员", "共青团员", "群众", "群众")),
            "工作单位": chance.choice((FIRM, FIRM, FIRM, f"第{chance.randint(1, 40)}项目部")),
            "籍贯": chance.choice(("北京", "河北", "河南", "山东")),
            "是否农民工": chance.choice(("是", "否")),
        }
        return roster_row(sequence, **(cells | (mistake(sequence) if sequence % BAD == 0 else {})))  # type: ignore[arg-type]

    return xlsx_of(HEADS, (row(sequence) for sequence in range(1, rows + 1)))


def ours(union: Any, actor: Any, content: bytes, clock: Clock) -> Any:
    """What a user does. The batch."""
    from gonghui.areas.members.models import Employment, Spell
    from gonghui.core.actions.copying import insert_many

    def timed_facts(records: Any) -> None:
        if records and isinstance(records[0], Spell | Employment):
            with clock.on_facts():
                insert_many(records)
        else:
            insert_many(records)

    with mock.patch("gonghui.areas.members.actions.membership.insert_many", timed_facts):
        return imported(union, actor, "members.roster", content)


# -- the peer ---------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """A row of the peer's: its number, its cells by head, what was read of them, what is wrong with it (head, sentence)."""

    number: int
    cells: Mapping[str, str]
    problems: list[tuple[str, str]]
    values: dict[str, Any] = field(default_factory=dict)

    def read(self, head: str, reads: Callable[[str], Any], sentence: str) -> Any:
        """A cell's value, None where it is empty; noted as wrong where it cannot be read."""
        text = self.cells[head]
        try:
            self.values[head] = reads(text) if text else None
        except (KeyError, ValueError):
            self.values[head] = None
            self.problems.append((head, sentence))
        return self.values[head]


def bulk_create(union: Any, actor: Any, content: bytes, clock: Clock) -> Any:
    """What a careful Django programmer writes: each row judged once, then every table in batches. The batch."""
    import openpyxl

    from gonghui.areas.members.models import Employment, Membership, Spell
    from gonghui.areas.members.queries import living
    from gonghui.areas.register.models import Placement
    from gonghui.core.actions.door import beyond_scope, entry
    from gonghui.core.exchange.models import Batch, BatchLine
    from gonghui.core.people.models import IdentityDocument, Person
    from gonghui.kit.dates import from_day

    batch = Batch(organisation=union, sheet="members.roster", file_name="x.xlsx", state="done")
    batch.save(force_insert=True)
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    rows = judge(sheet.iter_rows(values_only=True), actor)
    good = [row for row in rows if not row.problems]
    with beyond_scope("the benchmark's peer"):
        placed = Placement.objects.unscoped("the benchmark's peer").get(union=union, valid__upper_inf=True)
    with entry("bench.bulk_create", actor):
        people = [person_of(row, union) for row in good]
        Person.objects.bulk_create(people, batch_size=1000)
        pairs = list(zip(people, good, strict=True))
        documents = [IdentityDocument.of(person, row.values["document"]) for person, row in pairs]
        IdentityDocument.objects.bulk_create(documents, batch_size=1000)
        assert not living(people)
        joined = [row.values["会籍变化日期"] for row in good]
        memberships = [
            Membership(person=person, organisation=union, door="roster", joined_on=day)
            for person, day in zip(people, joined, strict=True)
        ]
        Membership.objects.bulk_create(memberships, batch_size=1000)
        place = {"organisation": union, "managing_id": placed.managing_id, "street_id": placed.street_id}
        spells = [
            Spell(membership=one, person=one.person, valid=from_day(one.joined_on), is_individual=False, **place)
            for one in memberships
        ]
        works = [employment_of(Employment, person, row) for person, row in pairs]
        with clock.on_facts():
            Spell.objects.bulk_create(spells, batch_size=1000)
            Employment.objects.bulk_create(works, batch_size=1000)
        made = {row.number: one.public_id for row, one in zip(good, memberships, strict=True)}
        lines = [line_of(BatchLine, batch, row, made.get(row.number)) for row in rows]
        BatchLine.objects.bulk_create(lines, batch_size=1000)
    return batch


def line_of(model: Any, batch: Any, row: Row, code: Any) -> Any:
    """The report of a row; personal cells are masked."""
    problems = [
        {"column": head, "text": "****" if head in PERSONAL else row.cells[head], "sentence": sentence}
        for head, sentence in row.problems
    ]
    outcome = "wrong" if problems else "new"
    return model(batch=batch, number=row.number, outcome=outcome, title=row.cells["姓名"], problems=problems, record_code=code)


def person_of(row: Row, union: Any) -> Any:
    """The person of a sound row, sealed, with the keys of his name."""
    from gonghui.core.people.models import Person

    values, document = row.values, row.values["document"]
    person = Person(
        organisation=union,
        name=values["姓名"],
        sex=values["性别"] or document.sex,
        born_on=values["出生日期"] or document.born,
        document_masked=document.masked,
        ethnicity=values["民族"] or "",
        education=values["学历"] or "",
        politics=values["政治面貌"] or "",
        household=values["户籍类型"] or "",
        household_place=values["户籍所在地"] or "",
        native_place=values["籍贯"] or "",
        skill_level=values["技能等级"] or "",
        is_migrant=values["是否农民工"] or False,
    )
    person.set_phone(values["移动电话"] or "")
    person.key_names()
    return person


def employment_of(model: Any, person: Any, row: Row) -> Any:
    """Where he works: an employer on the register, else what the cell says."""
    from gonghui.kit.dates import from_day

    employer = row.values["employer"]
    place = {"employer": employer} if employer else {"workplace": row.values["工作单位"]}
    return model(person=person, work_state=row.values["就业状况"] or "1", valid=from_day(row.values["会籍变化日期"]), **place)


def judge(cells: Iterator[Any], actor: Any) -> list[Row]:
    """The checks of ours: cells, numbers with their kind, sex and birthday; who is twice in the list; who is known; places of work."""
    from gonghui.core.reference.queries import choices
    from gonghui.kit.dates import today

    day = today()
    codes = {head: {word: code for code, name in choices(one, day) for word in (code, name)} for head, one in LISTS.items()}
    heads = [str(cell) for cell in next(cells)]
    rows = [
        Row(number, dict(zip(heads, (str(cell or "").strip() for cell in one), strict=True)), [])
        for number, one in enumerate(cells, 2)
    ]
    for row in rows:
        read_cells(row, codes, day)
        read_document(row)
    look_up(rows, actor)
    seen = set[tuple[str, str]]()
    for row in rows:
        if row.problems:
            continue
        phone = row.values["移动电话"]
        keys = {("证件号码", row.values["index"])} | ({("移动电话", phone)} if phone else set())
        row.problems += [(head, "与前面的行相同") for head, _value in keys & seen]
        row.problems += [("证件号码", "已有这个人")] if row.values["known"] else []
        seen |= keys
    return rows


def look_up(rows: list[Row], actor: Any) -> None:
    """Beside each sound row whether its number is known, whoever keeps the person, and the employer that its place of work names."""
    from gonghui.areas.register.models import Employer
    from gonghui.core.actions.door import beyond_scope
    from gonghui.core.people.models import IdentityDocument

    documents = IdentityDocument.objects.unscoped("the benchmark's peer")
    employers: dict[str, Any] = {}
    for start in range(0, len(rows), 1000):
        some = [row for row in rows[start : start + 1000] if not row.problems]
        for row in some:
            row.values["index"] = IdentityDocument.index_of(row.values["document"])
        with beyond_scope("the benchmark's peer"):
            asked = documents.filter(number_index__in=[row.values["index"] for row in some])
            known = set(asked.values_list("number_index", flat=True))
        names = {row.values["工作单位"] for row in some if row.values["工作单位"]} - set(employers)
        found = Employer.objects.visible_to(actor).filter(name__in=names, state="active").select_related("organisation")
        employers |= dict.fromkeys(names) | {one.name: one for one in found}
        for row in some:
            row.values["known"] = row.values["index"] in known
            row.values["employer"] = employers.get(row.values["工作单位"])


def read_cells(row: Row, codes: Mapping[str, Mapping[str, str]], today: dt.date) -> None:
    """Every cell but the document's number."""
    from gonghui.kit import names
    from gonghui.kit.intake import MOBILE

    def mobile(text: str) -> str:
        if not MOBILE.fullmatch(text):
            raise ValueError
        return text

    if row.read("姓名", names.normal, "") is None or len(row.values["姓名"]) > 60:
        row.problems.append(("姓名", "没有姓名，或太长"))
    for head, known in codes.items():
        row.read(head, known.__getitem__, "没有这一种")
    for head, longest in PLAIN.items():
        row.read(head, partial(no_longer, longest), "太长")
    row.read("性别", SEXES.__getitem__, "不是男或女")
    row.read("有效证件类别", KINDS.__getitem__, "没有这一种证件")
    row.read("是否农民工", {"是": True, "否": False}.__getitem__, "不是是或否")
    row.read("移动电话", mobile, "不是手机号")
    for head in ("出生日期", "会籍变化日期"):
        if (day := row.read(head, dt.date.fromisoformat, "不是日期")) and day > today:
            row.problems.append((head, "晚于今天"))
    row.values["会籍变化日期"] = row.values["会籍变化日期"] or today
    if row.values["会籍变化类型"] == "5" and row.values["会籍变化原因"] != "6":
        row.problems.append(("会籍变化类型", "没有除名这一种"))


def no_longer(longest: int, text: str) -> str:
    """The text, if it fits."""
    if len(text) > longest:
        raise ValueError
    return text


def read_document(row: Row) -> None:
    """The number with its check digit; birthday and sex must be those that it says."""
    from gonghui.kit import identity

    try:
        document = identity.checked(row.cells["证件号码"], row.values["有效证件类别"] or "")
    except identity.BadNumber as error:
        row.problems.append(("证件号码", str(error)))
        return
    row.values["document"] = document
    if document.born and row.values["出生日期"] not in (None, document.born):
        row.problems.append(("出生日期", "与证件号码不一致"))
    if document.sex and row.values["性别"] not in (None, document.sex):
        row.problems.append(("性别", "与证件号码不一致"))


FINGERPRINT = """
select count(*), count(*) filter (where p.organisation_path = m.organisation_path and d.masked = p.document_masked),
  sum(octet_length(p.phone_sealed)), sum(octet_length(d.number_sealed)),
  md5(string_agg(concat_ws('|', p.name, p.sex, p.born_on, p.document_masked, p.phone_masked, p.phone_index, p.ethnicity, p.education,
    p.politics, p.household, p.household_place, p.native_place, p.skill_level, p.is_migrant, p.special_groups, p.merged_into_id,
    p.name_pinyin, p.name_initials, p.is_synthetic, d.kind, d.number_index), ',' order by d.number_index)),
  md5(string_agg(concat_ws('|', m.state, m.is_individual, m.door, m.joined_on, m.reason, m.retained, m.ended_on, m.card_state,
    m.is_synthetic, s.valid, s.is_retained, s.is_individual, s.organisation_id = m.organisation_id, s.managing_id = m.organisation_id,
    s.street_id is null), ',' order by d.number_index)),
  md5(string_agg(concat_ws('|', e.name, w.workplace, w.host_id, w.worker_kind, w.trade, w.work_state, w.valid), ','
    order by d.number_index)),
  (select count(*) from people_personevent v where v.organisation_id = %(union)s and v.pgh_context_id is not null),
  (select count(*) from members_membershipevent v where v.organisation_id = %(union)s and v.pgh_context_id is not null),
  (select count(*) from members_spellevent v where v.organisation_id = %(union)s and v.pgh_context_id is not null),
  (select string_agg(concat_ws(' ', outcome, n), ', ' order by outcome) from
   (select outcome, count(*) n from exchange_batchline where batch_id = %(batch)s group by 1) o),
  (select md5(string_agg(concat_ws('|', number, outcome, record_code in (select public_id from members_membership)), ','
    order by number)) from exchange_batchline where batch_id = %(batch)s)
from members_membership m join people_person p on p.id = m.person_id join people_identitydocument d on d.person_id = p.id
join members_spell s on s.membership_id = m.id join members_employment w on w.person_id = p.id
left join register_employer e on e.id = w.employer_id
where m.organisation_id = %(union)s
"""

PEOPLE = Contest(
    module="bench.people",
    what="persons",
    facts=2,
    sizes=((20_000, 5),),
    tables=("people_person", "people_identitydocument", "members_membership", "members_spell", "members_employment"),
    union="own",
    officer="enterprise_chair",
    workbook=workbook,
    sides={"ours": ours, "bulk_create": bulk_create},
    fingerprint=FINGERPRINT,
    goal=2.5,
)

if __name__ == "__main__":
    PEOPLE.run(sys.argv[1:])
