"""Nothing of our pages comes from elsewhere, and nothing stands inline that the content security policy would refuse."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

import gonghui

SOURCE = Path(gonghui.__file__).parent
STATIC = SOURCE / "web" / "static"
EXTERNAL = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[\w-]+\.[\w.-]+")
NAMESPACE_ONLY = re.compile(r"<!--.*?-->|/\*.*?\*/|\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
INLINE = {
    "a script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "a style": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "an htmx expression": re.compile(r"\shx-on[:-]|=\s*[\"']js:", re.IGNORECASE),
}


def declared() -> list[dict[str, str]]:
    """What VENDOR.toml says was copied."""
    found = tomllib.loads((STATIC / "VENDOR.toml").read_text(encoding="utf-8"))
    return [*found["file"], *found["sprite"]]


def ours() -> Iterator[Path]:
    """Templates, styles, scripts and drawings that we wrote."""
    vendored = {STATIC / one["target"] for one in declared()}
    for kind in ("html", "css", "js", "svg"):
        yield from (file for file in SOURCE.rglob(f"*.{kind}") if file not in vendored and "static_collected" not in file.parts)


def named(file: Path) -> str:
    return file.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("one", declared(), ids=lambda one: one["target"])
def test_a_vendored_file_is_what_was_vendored(one: dict[str, str]) -> None:
    assert {"target", "package", "version", "licence", "path", "sha256"} <= set(one)
    assert hashlib.sha256((STATIC / one["target"]).read_bytes()).hexdigest() == one["sha256"]


def test_every_vendored_file_is_declared() -> None:
    found = {
        file for folder in SOURCE.rglob("vendor") if "static_collected" not in folder.parts for file in folder.rglob("*.*")
    }
    assert found <= {STATIC / one["target"] for one in declared()}


def external(text: str) -> list[str]:
    """Addresses of other sites; comments may name their sources."""
    return EXTERNAL.findall(NAMESPACE_ONLY.sub("", text))


def test_no_page_fetches_anything_from_elsewhere() -> None:
    found = {named(file): hits for file in ours() if (hits := external(file.read_text(encoding="utf-8")))}
    assert found == {}
    assert external('<script src="//cdn.example.com/x.js">')
    assert external('<link href="https://fonts.example.org/a.css">')
    assert not external('<svg xmlns="http://www.w3.org/2000/svg">')


def inline(text: str) -> list[str]:
    """What stands inline in a template."""
    return [what for what, pattern in INLINE.items() if pattern.search(text)]


def test_no_template_holds_script_or_style_inline() -> None:
    found = {
        named(file): hits for file in ours() if file.suffix == ".html" and (hits := inline(file.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        '<p class="a" style="color:red">',
        '<a href="#" onclick="go()">',
        '<a href="javascript:go()">',
        '<a hx-on:click="go()">',
    ],
)
def test_what_stands_inline_is_noticed(planted: str) -> None:
    assert inline(planted)


def test_the_content_security_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    said = {source for sources in directives.values() for source in sources}
    assert said <= {"'self'", "'none'", "data:"}
    assert "data:" not in directives["script-src"]
    assert directives["default-src"] == ["'none'"]
