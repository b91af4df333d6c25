"""Workbooks in: bytes that somebody uploaded become sheets of cells as texts, or are refused with a sentence.

What a file is, its content says and not its name: a workbook called .csv opens, a web page called .xls is refused. Bombs are refused
from the directory of the archive before anything is unpacked; everything else is parsed in a child process with limits (parsing.py).
"""

import contextlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import Refused
from gonghui.core.exchange import parsing
from gonghui.kit.text import Text

BIGGEST = 20 * 1024 * 1024  # bytes of an upload
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CELLS = 6_000_000
MOST_KEPT = 1_000_000  # cells of the file read last that stay in memory, some 100 MB
MOST_ENTRIES = 2_000  # files inside an archive
BIGGEST_UNPACKED = 400 * 1024 * 1024  # bytes, as the archive's directory declares them
DENSEST = 100  # times its packed size that an entry may have unpacked, as in Apache POI's ZipSecureFile; sheets have 5 to 30
MAY_BE_DENSE = 1024 * 1024  # bytes up to which an entry may be denser
SECONDS = 90  # by the clock
ENCODINGS: tuple[tuple[str, Text], ...] = (
    ("", _("自动判断")),
    ("utf-8", "UTF-8"),
    ("gb18030", "GB18030 (GBK, GB2312)"),
    ("utf-16", "UTF-16"),
)

SAVE_AS = _("请用 Excel 或 WPS 打开后另存为“Excel 工作簿（.xlsx）”再上传")
TROUBLES: dict[str, Text] = {
    "encrypted": _("这个文件加了密码。请在 Excel 或 WPS 里去掉打开密码后再上传"),
    "broken": _("这个文件打不开，可能没有下载完整或已损坏。请用 Excel 或 WPS 打开后另存一份再上传"),
    "encoding": _("这个文本文件的编码认不出来。请用 Excel 或 WPS 另存为“Excel 工作簿（.xlsx）”再上传"),
    "unknown": _("这不是表格文件。能导入的有 .xlsx、.xls、.xlsb、.ods 和 .csv"),
    "quotes": _("这个 CSV 文件的引号没有成对，从某一行起分不开列。请用 Excel 或 WPS 打开后另存为“Excel 工作簿（.xlsx）”再上传"),
    "rows": _("一次最多导入 200,000 行，请分成几个文件"),
    "columns": _("一张表最多 200 列，请删去用不着的列"),
    "cells": _("表里的格子太多，请分成几个文件，或删去用不着的列"),
    "memory": _("这个文件展开后太大，没有打开。请分成几个文件"),
    "bomb": _("这个压缩文件展开后大得不正常，没有打开。请用 Excel 或 WPS 另存一份再上传"),
    "time": _("这个文件读了太久，没有读完。请分成几个文件"),
    "big": _("文件不能超过 20 MB，请分成几个文件"),
    "empty": _("文件是空的，请核对选对了没有"),
    "page": _("这个文件其实是网页，只是名字像表格。%(how)s"),
    "xml": _("这个文件是“XML 表格 2003”，现在读不了。%(how)s"),
    "document": _("这是文字文档或演示文稿，不是表格。请把里面的表复制到 Excel 再上传"),
    "pdf": _("这是 PDF，不是表格。请上传原来的表格文件"),
    "picture": _("这是图片，不是表格。请上传原来的表格文件"),
    "archive": _("这是压缩包，不是表格。请先解压，再上传里面的表格"),
    "blank": _("这个文件里没有一格内容，请核对选对了没有"),
}
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
)
ENTRY = b"PK\x01\x02"  # begins each entry of an archive's directory
ENCRYPTED_PACKAGE = "EncryptedPackage".encode(
    "utf-16-le"
)  # the stream that a workbook with a password consists of (MS-OFFCRYPTO)


@dataclass(frozen=True)
class Cells:
    """One sheet: its rows as texts, without empty ends; ranges of merged cells as (top, left, bottom, right) from 0."""

    title: str
    rows: Sequence[Sequence[str]]
    merged: Sequence[tuple[int, int, int, int]] = ()
    is_hidden: bool = False


@dataclass(frozen=True)
class Content:
    """Everything read from one file. `encoding` is that of a text file."""

    sheets: Sequence[Cells]
    encoding: str = ""


def refusal(word: str) -> Refused:
    """The sentence for a trouble."""
    sentence = str(TROUBLES[word])
    return Refused(sentence % {"how": SAVE_AS} if "%(how)s" in sentence else sentence, field="file")


def kind_of(content: bytes) -> str:
    """ "workbook" or "text"; raises Refused for everything else."""
    if not content.strip():
        raise refusal("empty")
    if len(content) > BIGGEST:
        raise refusal("big")
    for signature, word in SIGNATURES:
        if content.startswith(signature):
            raise refusal(word)
    if content.startswith(b"PK\x03\x04"):
        check_archive(content)
        return "workbook"
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if ENCRYPTED_PACKAGE in content:
            raise refusal("encrypted")
        return "workbook"
    refuse_markup(content)
    return "text"


def refuse_markup(content: bytes) -> None:
    """Web pages and XML that call themselves workbooks."""
    start = content[:2048].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\x00", b"").lower()
    if start.startswith(b"<?xml") and b"spreadsheet" in start:
        raise refusal("xml")
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<meta", b"<head", b"<?xml", b"<style", b"mime-version:")):
        raise refusal("page")


def check_archive(content: bytes) -> None:
    """Refuses, from its directory alone, an archive that is no workbook or declares more than a workbook can hold."""
    names = safe_names(content)
    if names & {"word/document.xml", "ppt/presentation.xml"}:
        raise refusal("document")
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} and "[Content_Types].xml" not in names:
        raise refusal("archive")


def safe_names(content: bytes) -> set[str]:
    """The names in an archive's directory. Refuses one that could not be unpacked without harm."""
    if content.count(ENTRY) > MOST_ENTRIES:  # before the directory is read, which takes a second for 100,000
        raise refusal("bomb")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise refusal("broken") from error
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise refusal("encrypted")
    if sum(entry.file_size for entry in entries) > BIGGEST_UNPACKED or any(map(is_too_dense, entries)):
        raise refusal("bomb")
    if len(names) != len(entries) or overlaps(entries):
        raise refusal("bomb")
    return names


def is_too_dense(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry declares that it unpacks to many times what any table does."""
    return entry.file_size > max(MAY_BE_DENSE, entry.compress_size * DENSEST)


def overlaps(entries: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether two entries share the same bytes, the trick of the denser bombs."""
    ends = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < ends:
            return True
        ends = entry.header_offset + 30 + entry.compress_size
    return False


class LastRead:
    """What was read last, in this process only: the steps of an import read the same file one after another.

    It is found again by the digest of the bytes, which the caller still has to be able to open. A big table is not kept.
    """

    def __init__(self) -> None:
        self._kept: tuple[tuple[bytes, str], Content] | None = None

    def get(self, key: tuple[bytes, str]) -> Content | None:
        """The same content again, if it is the last one."""
        kept = self._kept
        return kept[1] if kept and kept[0] == key else None

    def keep(self, key: tuple[bytes, str], content: Content) -> None:
        """Takes the place of what was there."""
        cells = sum(len(row) for sheet in content.sheets for row in sheet.rows)
        self._kept = (key, content) if cells <= MOST_KEPT else None

    def forget(self) -> None:
        """Keeps nothing any longer."""
        self._kept = None


last_read = LastRead()


def read(content: bytes, *, encoding: str = "") -> Content:
    """The sheets of an uploaded file. Raises Refused with what is wrong and how to mend it."""
    digest = sha256(content).digest()
    found = last_read.get((digest, encoding))
    if found is None:
        found = read_anew(content, encoding)
        last_read.keep((digest, found.encoding), found)  # read in the encoding that was found, it is the same
    return found


def read_anew(content: bytes, encoding: str) -> Content:
    """The same, by opening it."""
    answer = ask_child(content, kind_of(content), encoding)
    if word := answer.get("trouble"):
        raise refusal(word)
    sheets = [
        Cells(one["title"], one["rows"], [tuple(area) for area in one["merged"]], one["is_hidden"])
        for one in answer["sheets"]
        if one["rows"]
    ]
    if not sheets:
        raise refusal("blank")
    return Content(sheets, answer["encoding"])


def ask_child(content: bytes, kind: str, encoding: str) -> dict[str, Any]:
    """What the child found; a trouble where it ran out of memory or time, or died of the file."""
    limits = [str(one) for one in (MOST_ROWS + 100, MOST_COLUMNS, MOST_CELLS)]  # titles and notes beside the rows
    said, trouble = run_child(Path(parsing.__file__), content, kind, encoding, *limits)
    with contextlib.suppress(ValueError):
        answer: dict[str, Any] = json.loads(said)
        return answer
    return {"trouble": trouble}


def run_child(script: Path, content: bytes, *arguments: str) -> tuple[bytes, str]:
    """What a script says of a content when it runs alone; and the word for what went wrong where that is nothing that can be read."""
    command = [sys.executable, "-I", str(script), *arguments]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return b"", "time"
    return done.stdout, "memory" if b"memory" in done.stderr.lower() else "time" if done.returncode == -9 else "broken"


# -- where the table begins -------------------------------------------------------------------------------------

LOOKED_AT = 25  # rows in which a head is looked for


def head_row(cells: Cells, knows: Callable[[str], bool]) -> int:
    """The place of the row with the heads: that with most words the list knows, else the first with several different texts.

    Titles over a table are one cell, merged or not; so a row counts only with two different texts in it, or as the only one.
    """
    rows = cells.rows[:LOOKED_AT]
    known = [sum(map(knows, set(row))) for row in rows]
    if rows and max(known) > 0:
        return known.index(max(known))
    return next((place for place, row in enumerate(rows) if len({text for text in row if text}) > 1), first_filled(rows))


def first_filled(rows: Sequence[Sequence[str]]) -> int:
    """The place of the first row that holds anything."""
    return next((place for place, row in enumerate(rows) if any(row)), 0)


def heads_of(cells: Cells, place: int) -> list[str]:
    """The heads in this row; a cell merged with one above it says what that one says."""
    row = list(cells.rows[place]) if place < len(cells.rows) else []
    width = max((len(one) for one in cells.rows[place:]), default=0)
    heads = row + [""] * (width - len(row))
    for top, left, bottom, right in cells.merged:
        if top < place <= bottom and left == right < width and left < len(cells.rows[top]):
            heads[left] = heads[left] or cells.rows[top][left]
    return [" ".join(head.split()) for head in heads]


def rows_below(cells: Cells, place: int) -> list[tuple[int, list[str]]]:
    """The rows under the heads with their numbers as Excel counts them, empty ones left out; merged cells say the same in every row."""
    width = max((len(one) for one in cells.rows[place:]), default=0)
    rows = [list(row) + [""] * (width - len(row)) for row in cells.rows]
    for top, left, bottom, _right in cells.merged:
        if place < top < bottom and left < width and top < len(rows):
            for below in range(top + 1, min(bottom + 1, len(rows))):
                rows[below][left] = rows[below][left] or rows[top][left]
    return [(number, row) for number, row in enumerate(rows, 1) if number > place + 1 and any(row)]
