"""Broken and hostile workbooks (row E1 of the reliability programme): sound ones, mutations of them by a seeded chance, and hand-made ones."""

import io
import os
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.exchange.workbooks import HEADS, csv_of, employer_row, xlsx_of

REAL = Path(os.environ.get("GONGHUI_TEST_DATA", "")) / "excel_compat"
RARE = ["𠮷野家", "䶮记", "㛃兰", "𬱖公司", "𪚥𪚥", "龘"]  # beyond GBK, beyond the basic plane, three strokes times sixteen
CELLS = [
    "1.10101E+17",
    "1e400",
    "-1",
    "９１１１０１０１ＭＡ",
    "110101199003071234x",
    "\x00",
    "\ufeff",
    "\u202e店名",
    "长" * 30_000,
    "99999999999999999999",
    "2026-02-30",
    "0000-00-00",
    "NaN",
    "' or 1=1 --",
    "</t></is></c>",
    "&#x0;",
    "\ud7ff\ue000",
    "清空",
    "合计",
    "%s %(x)s {0}",
]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def table(count: int = 12) -> list[list[object]]:
    """A sound employer list with its heads."""
    rows = [employer_row(number) for number in range(count)]
    return [list(HEADS), *([number, *row[1:]] for number, row in enumerate(rows, 1))]


def seeds() -> dict[str, bytes]:
    """Workbooks that open."""
    rows = table()
    made = {
        "xlsx": xlsx_of(HEADS, rows[1:]),
        "utf-8": csv_of(rows),
        "utf-8 with mark": csv_of(rows, "utf-8-sig"),
        "gb18030": csv_of(rows, "gb18030"),
        "utf-16": csv_of(rows, "utf-16"),
        "tabs": csv_of(rows, "gb18030", "\t"),
    }
    real = {file.name: file.read_bytes() for file in sorted(REAL.glob("*.xls*"))} if REAL.is_dir() else {}
    return made | {name: content for name, content in real.items() if len(content) < 100_000}


# -- mutations --------------------------------------------------------------------------------------------------

Chance = random.Random
Mutation = Callable[[bytes, Chance], bytes]


def flipped(content: bytes, chance: Chance) -> bytes:
    """Some bits turned."""
    changed = bytearray(content)
    for _time in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def shortened(content: bytes, chance: Chance) -> bytes:
    """Ends too early, or a slice is missing."""
    start = chance.randrange(len(content))
    return content[:start] + (b"" if chance.random() < 0.5 else content[start + chance.randrange(1, 200) :])


def repeated(content: bytes, chance: Chance) -> bytes:
    """A slice stands there many times."""
    start = chance.randrange(len(content))
    piece = content[start : start + chance.randrange(1, 300)]
    return content[:start] + piece * chance.choice([2, 3, 50]) + content[start:]


def stuffed(content: bytes, chance: Chance) -> bytes:
    """Something strange in between: a cell, a quote, bytes of another encoding."""
    strange = [
        *(cell.encode("utf-8", "surrogatepass") for cell in CELLS),
        b'"',
        b"\n\n",
        b"\xff\xfe",
        b"\x81\x30",
        RARE[0].encode("gb18030"),
    ]
    place = chance.randrange(len(content))
    return content[:place] + chance.choice(strange) + content[place:]


def joined(content: bytes, chance: Chance) -> bytes:
    """Two files in one, as a careless program glues them."""
    return content + chance.choice([content, csv_of(table(2), "gb18030"), csv_of(table(2), "utf-8")])


def inside(content: bytes, chance: Chance) -> bytes:
    """The same inside one part of the archive, which is then packed as it should be; of a text file in one of its cells."""
    mutation = chance.choice([flipped, shortened, repeated, stuffed, retyped])
    if not zipfile.is_zipfile(io.BytesIO(content)):
        cells = re.split(rb"([,\t\n])", content)
        place = chance.randrange(0, len(cells), 2)
        cells[place] = mutation(cells[place] or b"x", chance)
        return b"".join(cells)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    names = [name for name in parts if "sheet" in name or "Strings" in name] or list(parts)
    name = chance.choice(names if chance.random() < 0.8 else list(parts))
    return archive(parts | {name: mutation(parts[name] or b"x", chance)})


def retyped(content: bytes, chance: Chance) -> bytes:
    """A number, a reference or a type of a cell becomes another."""
    found = list(re.finditer(rb'\d+|[A-Z]+\d+|t="\w+"', content))
    if not found:
        return flipped(content, chance)
    one = chance.choice(found)
    other = chance.choice(
        [b"-1", b"1048577", b"99999999999999999999", b"XFE1", b"A0", b't="s"', b't="b"', b't="d"', b't="e"', b"1e999"]
    )
    return content[: one.start()] + other + content[one.end() :]


def archive(parts: dict[str, bytes]) -> bytes:
    """A zip archive of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target.getvalue()


MUTATIONS: list[Mutation] = [flipped, shortened, repeated, stuffed, joined, *[inside] * 7]


def mutants(count: int, seed: str = "E1 2026") -> Iterator[tuple[str, bytes]]:
    """So many mutations, the same ones each time."""
    chance, sound = random.Random(seed), list(seeds().items())
    for number in range(count):
        name, content = sound[number % len(sound)]
        mutation = chance.choice(MUTATIONS)
        yield f"{number} {name} {mutation.__name__}", mutation(content, chance)


# -- made by hand -----------------------------------------------------------------------------------------------


def sheet(cells: str, strings: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    """A workbook whose sheet (and shared strings) are given as XML."""
    parts = sound_parts()
    parts["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'.encode()
    if strings:
        parts["xl/sharedStrings.xml"] = strings.encode()
    return archive(parts | (extra or {}))


def sound_parts() -> dict[str, bytes]:
    """The parts of a workbook that opens."""
    with zipfile.ZipFile(io.BytesIO(xlsx_of(HEADS, table(2)[1:]))) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def inline(text: str, place: str = "") -> str:
    """A cell with its text in it."""
    return f'<c{place and f" r={chr(34)}{place}{chr(34)}"} t="inlineStr"><is><t>{text}</t></is></c>'


def row(*cells: str, number: int = 0) -> str:
    return f"<row{f' r={chr(34)}{number}{chr(34)}' if number else ''}>{''.join(cells)}</row>"


EXTERNAL = '<!DOCTYPE sst [<!ENTITY z SYSTEM "file:///etc/passwd">]>'
STRINGS = f'<?xml version="1.0"?>{EXTERNAL}<sst xmlns="{MAIN}"><si><t>单位名称</t></si><si><t>&z;</t></si></sst>'
SHARED = row('<c t="s"><v>0</v></c>') + row('<c t="s"><v>1</v></c>')
PAGE = "<html><body><table><tr><td>单位名称</td></tr><tr><td>一店</td></tr></table></body></html>"


def strange_cells() -> bytes:
    """A sound list with every strange cell in every column."""
    return csv_of([HEADS, *([cell] * len(HEADS) for cell in CELLS)])


HAND_MADE: dict[str, Callable[[], bytes]] = {
    "strange cells": strange_cells,
    "strange cells in a workbook": lambda: xlsx_of(HEADS, [[cell] * len(HEADS) for cell in CELLS]),
    "external entity": lambda: sheet(SHARED, STRINGS),
    "external link": lambda: sheet(
        row(inline("单位名称")) + row("<c><f>[1]Sheet1!A1</f><v>一店</v></c>"),
        extra={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"},
    ),
    "macros": lambda: archive(sound_parts() | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 64}),
    "row 1,048,576": lambda: sheet(row(inline("单位名称", "A1"), number=1) + row(inline("末店", "A1048576"), number=1048576)),
    "column XFD": lambda: sheet(row(inline("单位名称", "A1"), inline("远", "XFD1"), number=1)),
    "rows out of order": lambda: sheet(row(inline("二", "A2"), number=2) + row(inline("单位名称", "A1"), number=1)),
    "string that is not there": lambda: sheet(row('<c t="s"><v>999999</v></c>')),
    "no sheets": lambda: archive({**sound_parts(), "xl/workbook.xml": b"<workbook/>"}),
    "page called xls": PAGE.encode,
    "page in gbk": lambda: PAGE.encode("gb18030"),
    "text called xlsx": lambda: csv_of(table(3), "gb18030"),
    "mixed encodings": lambda: csv_of(table(3)) + csv_of(table(3)[1:], "gb18030"),
    "four bytes of gb18030": lambda: csv_of([HEADS, *([1, name, "", "", 3, "", ""] for name in RARE)], "gb18030"),
    "utf-16 without a mark": lambda: csv_of(table(3), "utf-16-le"),
    "half a character": lambda: csv_of(table(3), "gb18030")[:-1],
    "quotes left open": lambda: csv_of(table(2)) + b'9,"' + b"x" * 5000,
    "one cell of 5 MB": lambda: b"a" * (5 * 2**20),
    "a million delimiters": lambda: b"," * 10**6,
    "a million lines": lambda: b"x\n" * 10**6,
    "only NUL": lambda: b"\x00" * 4096,
    "heads twice": lambda: csv_of([HEADS * 2, employer_row(1) * 2]),
    "no heads": lambda: csv_of(table(5)[1:]),
    "empty heads": lambda: csv_of([[""] * 7, employer_row(1)]),
    "one column": lambda: csv_of([["单位名称"], *([name] for name in RARE)]),
    "cut in two": lambda: xlsx_of(HEADS, table(9)[1:])[:2000],
    "second archive behind": lambda: xlsx_of(HEADS, table(2)[1:]) + xlsx_of(HEADS, table(3)[1:]),
    "path in an archive": lambda: archive({**sound_parts(), "../../etc/passwd": b"x"}),
}


def importable(names: list[str]) -> bytes:
    """A list of employers with these names."""
    return xlsx_of(HEADS, [[number, name, "", "东华门街道", 3, "", ""] for number, name in enumerate(names, 1)])
