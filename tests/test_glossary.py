"""One word per concept: code, screen and English say what docs/glossary.toml says."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import TextChoices
from django.utils import translation

from docs.generate import flows
from gonghui.config import messages
from gonghui.core.access.roles import ROLES
from gonghui.core.figures.registry import figures
from gonghui.kit.areas import areas

GLOSSARY = Path(__file__).resolve().parent.parent / "docs" / "glossary.toml"
CONCEPTS: list[dict[str, Any]] = tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))["concept"]
BY_KEY = {concept["key"]: concept for concept in CONCEPTS}
NEEDED = {"key", "zh", "en", "definition", "not_to_confuse"}
FIELDS = NEEDED | {"en_plural", "aliases", "source"}

FORBIDDEN_FILES = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "handler", "handlers"}
FORBIDDEN_FILES |= {"service", "services", "task", "tasks"}
FORBIDDEN_NAMES = {"util", "utils", "helper", "helpers", "common", "handler", "handlers", "task", "tasks"}
OF_THE_TRADE = {("areas", "services"), ("areas", "reform")}
"""Services are what workers are offered, tasks belong to reform: there, and only there, the words are the trade's own."""


def snake(name: str) -> str:
    """StrikeOff → strike_off."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def choices(base: type[TextChoices] = TextChoices) -> Iterator[type[TextChoices]]:
    """Every set of stored words in the system."""
    for choice in base.__subclasses__():
        if choice.__module__.startswith("gonghui."):
            yield choice
        yield from choices(choice)


def labelled() -> Iterator[tuple[str, object]]:
    """Every concept that code gives a label to: its key and that label."""
    for model in apps.get_models():
        if model.__module__.startswith("gonghui.") and not hasattr(model, "pgh_tracked_model"):
            yield snake(model.__name__), model._meta.verbose_name
    for flow in flows():
        yield from ((f"{flow.code}.{state.code}", state.label) for state in flow.states)
    for choice in choices():
        yield from ((f"{snake(choice.__name__)}.{member.value}", member.label) for member in choice)
    yield from ((f"role.{role.code}", role.label) for role in ROLES.values())
    yield from ((f"area.{area.label}", area.title) for area in areas())
    yield from ((f"figure.{figure.code}", figure.label) for figure in figures.values())


LABELLED = list(labelled())


@pytest.mark.parametrize(("key", "label"), LABELLED, ids=[key for key, _label in LABELLED])
def test_code_says_what_the_glossary_says(key: str, label: object) -> None:
    assert key in BY_KEY, f"docs/glossary.toml lacks {key} ({label})"
    concept = BY_KEY[key]
    with translation.override("zh-hans"):
        assert str(label) == concept["zh"]
    with translation.override("en"):
        assert str(label) in english_of(concept)


def english_of(concept: dict[str, Any]) -> set[str]:
    """Its English, singular and plural: Chinese has one word for both."""
    return {concept["en"], concept.get("en_plural", concept["en"])}


def test_catalogue_says_what_the_glossary_says() -> None:
    """Also for the words that stand in no registry."""
    catalogue = messages.translated()
    for concept in CONCEPTS:
        message = catalogue.get(concept["zh"])
        if message:
            allowed = {english.casefold() for english in english_of(concept)}
            assert str(message.string).casefold() in allowed, concept["key"]


def test_no_key_twice() -> None:
    keys = [concept["key"] for concept in CONCEPTS]
    assert sorted(keys) == sorted(set(keys))


def test_no_concept_of_a_registry_outlives_it() -> None:
    """A prefix that registries fill holds only what they hold."""
    known = {key for key, _label in LABELLED}
    prefixes = {key.partition(".")[0] for key in known if "." in key}
    assert {key for key in BY_KEY if key.partition(".")[0] in prefixes and "." in key} - known == set()


@pytest.mark.parametrize("concept", CONCEPTS, ids=list(BY_KEY))
def test_entry_is_whole(concept: dict[str, Any]) -> None:
    assert NEEDED <= concept.keys() <= FIELDS
    assert re.fullmatch(r"(?:(?!\. ).)+\.", concept["definition"]), "one sentence"
    assert isinstance(concept["not_to_confuse"], list)


def files() -> Iterator[Path]:
    """Every Python file of the product, migrations apart."""
    return (file for file in sorted(messages.PACKAGE.rglob("*.py")) if "migrations" not in file.parts)


def is_of_the_trade(file: Path) -> bool:
    """Whether the file is in an area whose own words these are."""
    return file.relative_to(messages.PACKAGE).parts[:2] in OF_THE_TRADE


def defined(tree: ast.Module) -> Iterator[str]:
    """The names that a file gives, not those it takes from elsewhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr


def test_no_file_has_a_name_that_says_nothing() -> None:
    parts = {part for file in files() if not is_of_the_trade(file) for part in file.relative_to(messages.PACKAGE).parts}
    assert {Path(part).stem for part in parts} & FORBIDDEN_FILES == set()


def test_no_name_says_nothing() -> None:
    found = {
        (file.relative_to(messages.PACKAGE).as_posix(), name)
        for file in files()
        if not is_of_the_trade(file)
        for name in defined(ast.parse(file.read_text(encoding="utf-8")))
        if FORBIDDEN_NAMES.intersection(snake(name).split("_")) or name.endswith("Service")
    }
    assert found == set()
