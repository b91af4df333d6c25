"""Writes the generated pages of the documentation: `docs/areas/<area>.md` from what each area declares, `docs/openapi.json` from the
routes of the API. `python3 dev.py docs`."""

import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.urls import URLPattern
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gonghui.config.settings")
django.setup()

from gonghui.core.access.roles import ROLES, WORKER  # noqa: E402  needs Django set up
from gonghui.core.actions.action import verbs  # noqa: E402
from gonghui.core.figures.registry import Figure, Ratio, figures  # noqa: E402
from gonghui.kit.areas import AreaConfig, areas  # noqa: E402
from gonghui.kit.columns import Sheet  # noqa: E402
from gonghui.kit.flow import Flow, Step  # noqa: E402
from gonghui.web.api import api  # noqa: E402

DOCS = Path(__file__).resolve().parent
NOTE = "<!-- Written by `python3 dev.py docs`. What stands here is changed in the code it comes from. -->"
COMMA = re.compile(r",\s+(?![^()]*\))")  # not one inside brackets


def written() -> dict[Path, str]:
    """Every generated page and its text."""
    pages = {DOCS / "areas" / f"{area.label}.md": page(area) for area in service_areas()}
    return pages | {DOCS / "openapi.json": json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1) + "\n"}


def service_areas() -> list[AreaConfig]:
    """The areas of the work itself, everything of them loaded."""
    found = [area for area in areas() if area.name.startswith("gonghui.areas.")]
    import_module("gonghui.config.urls")
    return found


def page(area: AreaConfig) -> str:
    """One area, from its docstring and its registries."""
    with translation.override("en"):
        parts = [f"# {chinese(area.title)} · {area.title}", NOTE]
        for heading, lines in (
            ("", introduction(area)),
            ("States", states(area)),
            ("Actions", actions(area)),
            ("Lists", lists(area)),
            ("Figures", of_figures(area)),
            ("Addresses", addresses(area)),
        ):
            block = list(lines)
            parts += ([f"## {heading}"] if heading and block else []) + block
    return "\n\n".join(parts) + "\n"


def introduction(area: AreaConfig) -> Iterator[str]:
    """What the area is, and its five words."""
    for paragraph in (inspect.getdoc(area.module) or "").split("\n\n"):
        before, is_there, after = " ".join(paragraph.split("\n")).partition("Five words: ")
        if before:
            yield before.strip()
        if is_there:
            words, _dot, rest = after.partition(". ")
            yield "Its five words:\n\n" + "\n".join(f"- {word.strip(' .')}" for word in COMMA.split(words))
            yield rest


def flows() -> list[Flow]:
    """Every state table that is defined anywhere."""
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("gonghui.")]
    found = {value.code: value for module in modules for value in vars(module).values() if isinstance(value, Flow)}
    return [found[code] for code in sorted(found)]


def states(area: AreaConfig) -> Iterator[str]:
    """The flows whose steps are actions of the area: diagram, states, steps."""
    for flow in flows():
        if not any(step.action.startswith(f"{area.label}.") for step in flow.steps):
            continue
        yield f"### {chinese(flow.label)} · {flow.label} (`{flow.code}`)"
        yield f"```mermaid\n{flow.diagram()}\n```"
        yield table(("state", "中文", "English"), ((f"`{one.code}`", chinese(one.label), one.label) for one in flow.states))
        yield table(
            ("step", "中文", "English", "from", "to", "action", "within"), (step_row(flow, step) for step in flow.steps)
        )


def step_row(flow: Flow, step: Step) -> tuple[object, ...]:
    """A step as a row; `within` is the parameter that limits the wait."""
    sources = ", ".join(f"`{source}`" if source else "new" for source in step.sources)
    clock = f"`{step.clock}`" if step.clock else ""
    return f"`{step.code}`", chinese(step.label), step.label, sources, f"`{step.target}`", f"`{step.action}`", clock


def actions(area: AreaConfig) -> Iterator[str]:
    """Every write, and who may do it."""
    rows = []
    for verb in sorted(verbs.values(), key=lambda verb: verb.code):
        if verb.code.startswith(f"{area.label}."):
            holders = [str(role.label) for role in ROLES.values() if verb.code in role.permissions]
            holders += ["the worker himself"] if verb.code in WORKER else []
            rows.append((f"`{verb.code}`", chinese(verb.label), verb.label, verb.help, ", ".join(holders) or "the system only"))
    if rows:
        yield table(("action", "中文", "English", "what it does", "roles that hold it"), rows)


def sheets(area: AreaConfig) -> list[Sheet]:
    """The lists the area declares, in the order of its `sheets`."""
    module = sys.modules.get(f"{area.name}.sheets")
    return [value for value in vars(module).values() if isinstance(value, Sheet)] if module else []


def lists(area: AreaConfig) -> Iterator[str]:
    """The columns of every list."""
    for sheet in sheets(area):
        yield f"### {chinese(sheet.label)} · {sheet.label} (`{sheet.code}`)"
        rows = [
            (f"`{one.code}`", chinese(one.label), one.label, one.kind, yes(one.sort), yes(one.shown)) for one in sheet.columns
        ]
        yield table(("column", "中文", "English", "kind", "sorts", "shown at first"), rows)
        if sheet.all_filters:
            yield "Conditions: " + ", ".join(f"{one.label} (`{one.code}`)" for one in sheet.all_filters) + "."


def of_figures(area: AreaConfig) -> Iterator[str]:
    """Every figure over rows of the area, with its definition."""
    rows = []
    for one in figures.values():
        if sheet_of(one) in sheets(area):
            ways = ", ".join(f"`{code}`" for code in one.dimensions)
            rows.append((f"`{one.code}`", chinese(one.label), one.label, one.unit, one.definition, ways))
    if rows:
        yield table(("figure", "中文", "English", "unit", "definition", "by"), rows)


def sheet_of(figure: Figure | Ratio) -> Sheet:
    """The rows behind a figure; of a ratio, those of its denominator."""
    return figure.below.sheet if isinstance(figure, Ratio) else figure.sheet


def addresses(area: AreaConfig) -> Iterator[str]:
    """Where its pages are."""
    rows = [
        (f"`/{resolver.pattern}{one.pattern}`", f"`{area.label}:{one.name}`", first(one.callback))
        for resolver in area.urlpatterns()
        for one in resolver.url_patterns
        if isinstance(one, URLPattern)
    ]
    if rows:
        yield table(("address", "name", "what it shows"), rows)


def first(view: Callable[..., Any] | None) -> str:
    """The first sentence of a page's docstring."""
    return (inspect.getdoc(view) or "").partition("\n")[0]


def chinese(text: object) -> str:
    """A text as it stands on the Chinese screen."""
    with translation.override("zh-hans"):
        return str(text)


def yes(value: object) -> str:
    """A mark for what is so."""
    return "yes" if value else ""


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> int:
    """Writes what differs; says what it wrote."""
    for file, text in written().items():
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote {file.relative_to(DOCS.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
