"""Word documents: templates that somebody uploaded are checked, cleaned and filled; those that are shipped are written from plain texts.

An upload is judged from its archive's directory before anything is unpacked, then opened in a child process with limits (filling.py),
as workbooks are (reading.py).
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from gonghui.core.actions.action import Refused
from gonghui.core.exchange import filling
from gonghui.core.exchange.reading import run_child, safe_names
from gonghui.kit.text import Text

BIGGEST = 5 * 1024 * 1024  # bytes of a template
BODY = "word/document.xml"
FONT, SIZE, TITLE_SIZE, LINE = (
    "仿宋",
    Pt(16),
    Pt(22),
    Pt(28),
)  # 党政机关公文格式 (GB/T 9704-2012): 三号仿宋, 二号标题, 行距 28 磅
TROUBLES: dict[str, Text] = {
    "macros": _("这个文档带有宏。请在 Word 或 WPS 里另存为“Word 文档（.docx）”再上传"),
    "unknown": _("这不是 Word 文档（.docx）。旧格式 .doc 请在 Word 或 WPS 里另存为 .docx 再上传"),
    "broken": _("这个文档打不开，可能已损坏。请在 Word 或 WPS 里打开后另存一份再上传"),
    "memory": _("这个文档展开后太大，没有打开"),
    "time": _("这个文档读了太久，没有读完"),
    "big": _("模板不能超过 5 MB，请压缩或去掉图片"),
}


def refusal(word: str) -> Refused:
    """The sentence for a trouble."""
    return Refused(TROUBLES[word], field="file")


@dataclass(frozen=True)
class Template:
    """A cleaned document and the names that stand in it between double braces."""

    content: bytes
    names: Sequence[str]


def taken(content: bytes) -> Template:
    """An uploaded template, cleaned of all that is not text, form or pictures of its own. Raises Refused."""
    if len(content) > BIGGEST:
        raise refusal("big")
    if not content.startswith(b"PK\x03\x04") or BODY not in safe_names(content):
        raise refusal("unknown")
    return ask_child(content, None)


def filled(content: bytes, values: Mapping[str, str]) -> bytes:
    """A template with these values in place of their names; a line to write on where a value is missing. Raises Refused."""
    return ask_child(content, values).content


def ask_child(content: bytes, values: Mapping[str, str] | None) -> Template:
    """What the child process made of a document."""
    head = json.dumps({"values": None if values is None else dict(values)}, ensure_ascii=False).encode()
    said, trouble = run_child(Path(filling.__file__), head + b"\n" + content)
    first, _line, document = said.partition(b"\n")
    try:
        answer = json.loads(first)
    except ValueError:
        raise refusal(trouble) from None
    if word := answer.get("trouble"):
        raise refusal(word)
    return Template(document, answer["names"])


# -- what is shipped --------------------------------------------------------------------------------------------


def written(title: str, lines: Sequence[str]) -> bytes:
    """A document of our own making: the title, then a paragraph a line; one that begins with a tab stands on the right."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Cm(3.7), Cm(3.5), Cm(2.8), Cm(2.6)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, SIZE
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.line_spacing = LINE
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run(title).font.size = TITLE_SIZE
    for line in lines:
        paragraph = document.add_paragraph(line.strip())
        if line.startswith("\t"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        elif not line.endswith("："):
            paragraph.paragraph_format.first_line_indent = 2 * SIZE
    result = io.BytesIO()
    document.save(result)
    return result.getvalue()
