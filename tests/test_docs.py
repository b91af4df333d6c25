"""The documentation is of this code: generated pages are fresh, and nothing a user can type or set is left out."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs import generate
from gonghui.config.cli import parser
from gonghui.config.environment import known

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
TOUR = ROOT / "docs" / "tour.md"
GENERATED = generate.written()

needs_readme = pytest.mark.skipif(not README.exists(), reason="README.md is not written yet")
needs_tour = pytest.mark.skipif(not TOUR.exists(), reason="docs/tour.md is not written yet")


@pytest.mark.parametrize("file", GENERATED, ids=lambda file: file.name)
def test_generated_page_is_fresh(file: Path) -> None:
    assert file.exists(), "run `python3 dev.py docs`"
    assert file.read_text(encoding="utf-8") == GENERATED[file], "run `python3 dev.py docs`"


def test_no_page_outlives_its_area() -> None:
    assert set((ROOT / "docs" / "areas").glob("*.md")) == {file for file in GENERATED if file.suffix == ".md"}


def prose() -> str:
    """What people read: the README files and the pages of docs."""
    files = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def listed_verbs() -> Iterator[str]:
    """The verbs that `gonghui --help` lists."""
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from (choice.dest for choice in action._choices_actions)


@needs_readme
def test_every_verb_is_documented() -> None:
    text = prose()
    assert [verb for verb in listed_verbs() if f"gonghui {verb}" not in text] == []


@needs_readme
def test_every_setting_is_documented() -> None:
    text = prose()
    assert [setting.name for setting in known if f"`{setting.name}`" not in text] == []


@needs_tour
def test_tour_shows_every_area_and_every_event() -> None:
    text = TOUR.read_text(encoding="utf-8")
    names = [area.label for area in generate.service_areas()]
    events = [f"{file.parent.name}/events.py" for file in (ROOT / "src" / "gonghui" / "areas").glob("*/events.py")]
    assert [name for name in [*names, *events] if f"`{name}`" not in text] == []
