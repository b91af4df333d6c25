"""Chinese in the source, English in the catalogue: everything wrapped, everything translated, nothing left over."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.template.base import Lexer, TokenType

from gonghui.config import messages
from gonghui.web.shell import GROUPS

CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
CHINESE_SIGN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")  # punctuation as well
PLACEHOLDER = re.compile(r"%%\w|%\(\w+\)[sd]|%[sd]|\{\w*\}")
CONSTANT = re.compile(r"""_\(("[^"]*"|'[^']*')\)""")

CHINESE_IN_ENGLISH = {"中文": "a language is named in itself"}

TEMPLATES = {
    "web/templates/500.html": "shown when nothing works any more: it cannot ask for the language, so it speaks both",
    "web/templates/web/shell/language.html": "offers the other language in that language",
}
"""Templates that may hold Chinese outside gettext, each with its reason."""

STORED = {
    ("areas/register/actions/unions.py", "总工会"): "the name of a street's union, and names are stored in Chinese",
    (
        "areas/register/duplicates.py",
        "^([一-龥]{2}[省市])?([一-龥]{2,3}[区县])?(北京)?",
    ): "the place at the head of stored names",
    (
        "areas/register/duplicates.py",
        "(集团)?(股份有限公司|有限责任公司|有限公司|分公司|公司)$",
    ): "the form at the end of stored names",
    ("areas/register/duplicates.py", "(有限责任公司|有限公司|公司)?(联合)?(工会)?(委员会|联合会)?$"): "the same of unions",
    ("areas/unionbuilding/actions/tax_matters.py", "分会"): "a word in stored names",
    ("areas/unionbuilding/forms/founding.py", "工会"): "proposes the name of a union, and names are stored in Chinese",
    ("areas/unionbuilding/sheets/incoming.py", r"[/;,、；，\s]|转"): "what stands between telephone numbers in lists",
    ("core/exchange/documents.py", "仿宋"): "the name of a typeface",
    ("areas/register/forms.py", "工会"): "proposes the name of a union, and names are stored in Chinese",
    ("areas/register/sheets.py", "总工会"): "the end of a stored name, cut off",
    ("areas/register/sheets.py", "街道"): "the end of a stored name, cut off",
    ("web/pages/home.py", "总工会"): "the end of a stored name, cut off",
}
"""Chinese literals in Python that no reader of English meets, each with its reason."""
LETTERS = {
    "areas/unionbuilding/actions/papers.py",
    "areas/unionbuilding/queries/founding.py",
    "areas/unionbuilding/rules/papers.py",
}
"""Files whose Chinese literals are the words of letters and the names of their blanks: letters are written in Chinese."""


@pytest.fixture(scope="module")
def kept() -> list[Message]:
    """The messages of the committed catalogue."""
    return list(messages.translated())[1:]


def keys(found: list[Message]) -> set[tuple[str | None, str]]:
    """Context and msgid; of a plural, its singular."""
    return {(message.context, message.id if isinstance(message.id, str) else message.id[0]) for message in found}


def test_catalogue_holds_what_the_source_says(kept: list[Message]) -> None:
    wanted = keys(list(messages.extracted())[1:])
    assert wanted - keys(kept) == set(), "new: run `python3 dev.py messages` and translate them"
    assert keys(kept) - wanted == set(), "nobody says these any more: run `python3 dev.py messages`"
    assert "#~" not in messages.CATALOGUE.read_text(encoding="utf-8")


def test_everything_is_translated(kept: list[Message]) -> None:
    assert [message.id for message in kept if not all(messages.parts(message))] == []
    with messages.CATALOGUE.open("rb") as file:
        assert [message.id for message in list(read_po(file))[1:] if message.fuzzy] == []


def test_compiled_catalogue_is_the_written_one() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, messages.translated())
    assert messages.CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run `python3 dev.py messages`"


def test_translations_fill_the_same_places(kept: list[Message]) -> None:
    for message in kept:
        text = message.id if isinstance(message.id, str) else message.id[0]
        for part in messages.parts(message):
            assert set(PLACEHOLDER.findall(part)) == set(PLACEHOLDER.findall(text)), text


def test_english_is_english(kept: list[Message]) -> None:
    for message in kept:
        for part in messages.parts(message):
            if part not in CHINESE_IN_ENGLISH:
                assert not CHINESE_SIGN.search(part), part
            assert "!" not in part, part


def bare_in_template(source: str) -> Iterator[str]:
    """The Chinese of a template that no translation reaches."""
    inside = ""
    for token in Lexer(source).tokenize():
        tag = token.contents.partition(" ")[0] if token.token_type == TokenType.BLOCK else ""
        if inside:
            inside = "" if tag == f"end{inside}" else inside
        elif tag in {"blocktrans", "blocktranslate", "comment"}:
            inside = tag
        elif tag not in {"trans", "translate"} and token.token_type != TokenType.COMMENT:
            yield from CHINESE.findall(CONSTANT.sub("", token.contents))


def test_templates_wrap_their_chinese() -> None:
    found: dict[str, list[str]] = {}
    for file in sorted(messages.PACKAGE.rglob("*")):
        if "templates" in file.parts and file.suffix in {".html", ".txt"}:
            bare = list(bare_in_template(file.read_text(encoding="utf-8")))
            if bare:
                found[file.relative_to(messages.PACKAGE).as_posix()] = bare
    assert {name: words for name, words in found.items() if name not in TEMPLATES} == {}
    assert TEMPLATES.keys() <= found.keys(), "an exception that is not needed any more"


def python_files() -> Iterator[Path]:
    """What people may meet on a screen comes from these."""
    for floor in ("web", "core", "areas"):
        for file in sorted((messages.PACKAGE / floor).rglob("*.py")):
            if not {"migrations", "tests"}.intersection(file.parts):
                yield file


def bare_in_python(tree: ast.Module) -> Iterator[str]:
    """The Chinese literals that are neither a docstring nor an argument of gettext."""
    wrapped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in messages.KEYWORDS:
            wrapped |= {id(argument) for argument in node.args}
        elif isinstance(node, ast.Expr):  # a docstring, of a module, class, function or name
            wrapped.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in wrapped:
            yield from [node.value] if CHINESE.search(node.value) else []


def test_python_wraps_its_chinese() -> None:
    found = {
        (file.relative_to(messages.PACKAGE).as_posix(), text)
        for file in python_files()
        for text in bare_in_python(ast.parse(file.read_text(encoding="utf-8")))
    }
    names = {(name, text) for name, text in found if text in GROUPS and name.endswith(("/shell.py", "/apps.py"))}
    letters = {(name, text) for name, text in found if name in LETTERS}
    assert found - names - letters - STORED.keys() == set(), "wrap it in gettext, or say here why not"
    assert STORED.keys() <= found, "an exception that is not needed any more"
