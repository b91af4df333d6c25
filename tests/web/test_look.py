"""Static files and templates: what is vendored is what was vendored, nothing stands inline, nothing grows past its size."""

import hashlib
import re
import tomllib
from html import escape
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template, render_to_string

from gonghui import web
from gonghui.kit.flow import State
from gonghui.web.listing import Cell
from gonghui.web.templatetags.desk import cell_html, in_fours

STATIC = Path(web.__file__).parent / "static"
TEMPLATES = Path(web.__file__).parent / "templates"
SIZES = {"tokens.css": 8, "parts.css": 4, "desk.css": 18, "plain.css": 2}  # kilobytes


def vendored() -> list[tuple[str, str]]:
    declared = tomllib.loads((STATIC / "VENDOR.toml").read_text(encoding="utf-8"))
    return [(one["target"], one["sha256"]) for one in declared["file"] + declared["sprite"]]


@pytest.mark.parametrize(("target", "sha256"), vendored())
def test_vendored_files_are_unchanged(target: str, sha256: str) -> None:
    assert hashlib.sha256((STATIC / target).read_bytes()).hexdigest() == sha256


def test_nothing_vendored_is_undeclared() -> None:
    declared = {target for target, sha256 in vendored()}
    assert {f"web/vendor/{path.name}" for path in (STATIC / "web/vendor").iterdir()} <= declared


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_own_styles_stay_small(name: str, size: int) -> None:
    assert (STATIC / "web" / name).stat().st_size <= size * 1024


def templates() -> list[str]:
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("name", templates())
def test_templates_compile_and_hold_nothing_inline(name: str) -> None:
    get_template(name)
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.search(r'\sstyle=|\son[a-z]+="|<style|<script(?![^>]*\ssrc=)|javascript:', text)
    assert text.count("\n") <= 100


@pytest.mark.parametrize("name", ["account/login.html", "account/logout.html", "mfa/authenticate.html", "404.html"])
def test_our_pages_stand_before_those_of_packages(name: str) -> None:
    template: Any = get_template(name)
    assert Path(template.origin.name) == TEMPLATES / name


def test_every_icon_named_is_in_the_sprite() -> None:
    known = set(re.findall(r'symbol id="([^"]+)"', (STATIC / "web/icons.svg").read_text(encoding="utf-8")))
    named = {icon for name in templates() for icon in re.findall(r'{% icon "([^"]+)"', (TEMPLATES / name).read_text("utf-8"))}
    assert named <= known


def test_the_missing_page_is_the_same_every_time() -> None:
    assert render_to_string("404.html") == render_to_string("404.html", {"request_path": "/x/", "exception": "y"})


def test_cells_are_escaped() -> None:
    evil = '"><script>'
    for cell in (Cell("", evil), Cell(evil, "x"), Cell("", evil, url=evil), Cell("", evil, State("x", evil, "", "flag"))):
        assert "<script>" not in cell_html(cell)
    assert escape(evil) in cell_html(Cell("", evil))


def test_secrets_are_read_in_fours() -> None:
    assert in_fours("JBSWY3DPEH") == "JBSW Y3DP EH"
