"""The child process that opens Word documents which somebody uploaded: the document in, the same one cleaned and filled out.

It runs alone (`python -I filling.py`) with the limits that its parent `documents.py` gives it. Standard input and output are a line of JSON
and the bytes of a document: in `{"values": {…}}` or `{"values": null}` to clean only; out `{"names": […]}` or `{"trouble": word}`.

Cleaned means: nothing but text, form and pictures of its own. Macros, embedded objects, controls, other documents inside, parts nobody
needs, links and templates outside, fields that fetch or run something are gone.
"""

import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.oxml.ns import qn
from lxml import etree

try:
    import resource
except ImportError:  # Windows has no such limits; the parent's clock still ends the process
    resource = None  # type: ignore[assignment]

MEMORY = 1 << 30  # bytes of address space
SECONDS = 30  # of processor time
NAME = re.compile(r"\{\{\s*([^{}]{1,40}?)\s*\}\}")
EMPTY = "＿＿＿＿"  # where a value is not known yet
KEPT = {
    *(KIND.OFFICE_DOCUMENT, KIND.STYLES, KIND.NUMBERING, KIND.SETTINGS, KIND.THEME),
    *(KIND.HEADER, KIND.FOOTER, KIND.IMAGE),
}
PICTURES = ("image/png", "image/jpeg")
HARMLESS = re.compile(r"^\s*(PAGE|NUMPAGES|SECTIONPAGES|DATE|TIME|SEQ|STYLEREF)\b", re.IGNORECASE)
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
UNWRAPPED = (qn("w:hyperlink"), qn("w:smartTag"), qn("w:customXml"))
ACTING = ("w:object", "w:control", "w:altChunk", "w:subDoc", "w:attachedTemplate", "w:mailMerge", "w:docVars")
NOTES = ("w:footnoteReference", "w:endnoteReference", "w:footnotePr", "w:endnotePr", "w:commentReference")
DROPPED = tuple(map(qn, (*ACTING, *NOTES, "w:commentRangeStart", "w:commentRangeEnd")))
FETCHING = ("src", "href")  # attributes of old pictures that may lead outside
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Trouble(Exception):
    """The document cannot be taken; the argument is a word that the parent knows."""


# -- cleaning ---------------------------------------------------------------------------------------------------


def clean(document: Any) -> None:
    """Takes out what a letter does not need."""
    for relations, part in linked(document):
        gone = {key for key, one in relations.items() if not is_kept(one)}
        for key in gone:
            del relations[key]
        if part is not None and hasattr(part, "element"):
            clean_element(part.element, gone)


def linked(document: Any) -> list[tuple[Any, Any]]:
    """The relations of the package (with None) and of each part that may stay."""
    package = document.part.package
    found, waiting, seen = [(package.rels, None)], [document.part], {id(document.part)}
    while waiting:
        part = waiting.pop()
        found.append((part.rels, part))
        for one in part.rels.values():
            if is_kept(one) and id(one.target_part) not in seen:
                seen.add(id(one.target_part))
                waiting.append(one.target_part)
    return found


def is_kept(relation: Any) -> bool:
    """Whether a relation leads to something of the document's own that a letter needs."""
    if relation.is_external or relation.reltype not in KEPT:
        return False
    return relation.reltype != KIND.IMAGE or relation.target_part.content_type in PICTURES


def clean_element(root: Any, gone: set[str]) -> None:
    """Takes out elements that act, and those that name a relation that is gone; the text of links stays."""
    for element in list(root.iter(etree.Element)):
        if element.tag in DROPPED:
            remove(element)
        elif element.tag in UNWRAPPED or (
            element.tag == qn("w:fldSimple") and not HARMLESS.match(element.get(qn("w:instr"), ""))
        ):
            unwrap(element)
        elif element.tag == qn("w:instrText") and not HARMLESS.match(element.text or ""):
            element.text = ""
        elif any(name.startswith(RELATIONS) and value in gone for name, value in element.attrib.items()):
            remove(anchored(element))
        for name in element.attrib:
            if etree.QName(name).localname in FETCHING:
                del element.attrib[name]


def anchored(element: Any) -> Any:
    """The drawing or picture that an element is part of, else itself."""
    frames = (qn("w:drawing"), qn("w:pict"))
    return next((one for one in element.iterancestors() if one.tag in frames), element)


def remove(element: Any) -> None:
    """Takes an element away, if something holds it still."""
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def unwrap(element: Any) -> None:
    """Puts what is inside an element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    for number, child in enumerate(list(element)):
        parent.insert(place + number, child)
    parent.remove(element)


# -- filling ----------------------------------------------------------------------------------------------------


def paragraphs(document: Any) -> Iterator[Any]:
    """Every paragraph, in tables, heads and feet too."""
    for _relations, part in linked(document):
        if part is not None and hasattr(part, "element"):
            yield from part.element.iter(qn("w:p"))


def texts_of(paragraph: Any) -> list[Any]:
    """The pieces of text of a paragraph, in their order; Word breaks one word into several as it likes."""
    return [one for one in paragraph.iter(qn("w:t")) if next(one.iterancestors(qn("w:p"))) is paragraph]


def names_in(document: Any) -> list[str]:
    """The names between double braces, each once."""
    found = {name: None for one in paragraphs(document) for name in NAME.findall("".join(t.text or "" for t in texts_of(one)))}
    return list(found)


def fill(document: Any, value: Callable[[str], str]) -> None:
    """Puts values in place of names, each in the form of the piece in which its name begins."""
    for paragraph in paragraphs(document):
        pieces = texts_of(paragraph)
        for match in reversed(list(NAME.finditer("".join(piece.text or "" for piece in pieces)))):
            put(pieces, match.start(), match.end(), UNSTORABLE.sub("", value(match[1])))


def put(pieces: list[Any], start: int, end: int, text: str) -> None:
    """Replaces the characters from `start` to `end` of the joined pieces."""
    at = 0
    for piece in pieces:
        own = piece.text or ""
        left, right = max(start - at, 0), min(end - at, len(own))
        if left < right:
            piece.text = own[:left] + (text if at <= start else "") + own[right:]
            piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        at += len(own)


# -- the process ------------------------------------------------------------------------------------------------


def opened(content: bytes) -> Any:
    """The document. Raises Trouble where it is none, or one with macros."""
    try:
        return Document(io.BytesIO(content))
    except ValueError as error:
        raise Trouble("macros" if "macro" in str(error).lower() else "unknown") from error
    except MemoryError:
        raise
    except Exception as error:
        raise Trouble("broken") from error


def answer(content: bytes, values: dict[str, str] | None) -> tuple[dict[str, Any], bytes]:
    """What is said of a document, and the document itself, cleaned and filled."""
    document = opened(content)
    clean(document)
    names = names_in(document)
    if values is not None:
        fill(document, lambda name: values.get(name) or EMPTY)
    result = io.BytesIO()
    document.save(result)
    return {"names": names}, result.getvalue()


def main() -> None:
    """Reads, works and writes as the docstring of this file says."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    head, _line, content = sys.stdin.buffer.read().partition(b"\n")
    try:
        said, document = answer(content, json.loads(head)["values"])
    except Trouble as trouble:
        said, document = {"trouble": str(trouble)}, b""
    except MemoryError:
        said, document = {"trouble": "memory"}, b""
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode() + b"\n" + document)


if __name__ == "__main__":
    main()
