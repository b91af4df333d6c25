"""The taste of the house as numbers: `python -m tests.limits` prints them and fails on a breach. docs/tour.md says why."""

import ast
import re
import statistics
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "gonghui"
CODE = (SOURCE, ROOT / "tests", ROOT / "bench", ROOT / "docs", ROOT / "dev.py", ROOT / "conftest.py")
EXEMPT = re.compile(r"/migrations/|/sheets(/|\.py)|/data/|/facts\.py$|/names\.py$")  # generated, declarations, data
STYLES = {"tokens.css": 8, "desk.css": 18, "portal.css": 10}  # kilobytes; tests/web holds the small ones
SMALL = {"parts.css", "plain.css"}


@dataclass(frozen=True)
class Found:
    """One thing measured, and where it is."""

    where: str
    size: int


@dataclass(frozen=True)
class Limit:
    """One row of the table. `median` and `p95` are aims, only printed; above `ceiling` nothing may be."""

    name: str
    ceiling: int
    median: int | None = None
    p95: int | None = None

    def breaches(self, found: Iterable[Found]) -> list[str]:
        """What is above the ceiling."""
        return [f"{one.where}: {one.size} {self.name}, at most {self.ceiling}" for one in found if one.size > self.ceiling]

    def row(self, found: list[Found]) -> str:
        """The limit with what was measured."""
        sizes = sorted(one.size for one in found) or [0]
        median, p95 = statistics.median(sizes), sizes[int(len(sizes) * 0.95) - (len(sizes) % 20 == 0)]
        aims = [f"(≤ {aim})" if aim is not None else "" for aim in (self.median, self.p95)]
        return f"{self.name:<28}{median:>7g} {aims[0]:<8}{p95:>5g} {aims[1]:<8}{sizes[-1]:>5} (≤ {self.ceiling})"


LINES = Limit("lines of a function", 60, median=8, p95=35)
SLOC = Limit("source lines of a file", 400, median=60, p95=250)
PARAMETERS = Limit("parameters after the subject", 7, p95=5)
TEMPLATE = Limit("lines of a template", 160, median=30, p95=100)
DEPENDENCIES = Limit("run-time dependencies", 25, median=20)
STYLE = Limit("per cent of a style's size", 100)


def modules(places: Iterable[Path] = CODE) -> Iterator[tuple[str, str]]:
    """The Python files that are held to the limits, with their text."""
    for place in places:
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            if file.exists() and not EXEMPT.search(file.as_posix()):
                yield file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name, file.read_text("utf-8")


def functions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def lines(files: Iterable[tuple[str, str]]) -> list[Found]:
    """How long functions are, from `def` to their last line."""
    return [
        Found(f"{path}:{one.lineno} {one.name}", (one.end_lineno or one.lineno) - one.lineno + 1)
        for path, text in files
        for one in functions(text)
    ]


def sloc(files: Iterable[tuple[str, str]]) -> list[Found]:
    """How long files are, without empty lines and comments."""
    return [
        Found(path, sum(bool(line.strip()) and not line.lstrip().startswith("#") for line in text.splitlines()))
        for path, text in files
    ]


def parameters(files: Iterable[tuple[str, str]]) -> list[Found]:
    """What functions take beside their first argument (the subject, or `self`)."""
    found = []
    for path, text in files:
        for one in functions(text):
            taken = one.args
            positional = len(taken.posonlyargs) + len(taken.args)
            found.append(Found(f"{path}:{one.lineno} {one.name}", max(positional - 1, 0) + len(taken.kwonlyargs)))
    return found


def templates(root: Path = SOURCE) -> list[Found]:
    """How long templates are."""
    return [
        Found(file.relative_to(root).as_posix(), len(file.read_text("utf-8").splitlines()))
        for file in sorted(root.rglob("*.html"))
    ]


def dependencies(text: str) -> tuple[list[Found], list[str]]:
    """How many packages are needed at run time, and those that do not say what for."""
    project = tomllib.loads(text)["project"]
    names = project["dependencies"]
    silent = [name for name in names if not re.search(rf'"{re.escape(name)}",\s*#\s*\S', text)]
    return [Found("pyproject.toml", len(names))], [f"pyproject.toml: {name} has no reason beside it" for name in silent]


def styles(root: Path = SOURCE) -> tuple[list[Found], list[str]]:
    """How full our own styles are, and those that nobody gave a size."""
    found, unknown = [], []
    for file in sorted(root.rglob("static/*/*.css")):
        if file.name in STYLES:
            found.append(Found(file.name, -(-file.stat().st_size * 100 // (STYLES[file.name] * 1024))))
        elif file.name not in SMALL:
            unknown.append(f"{file.name}: a style without a size in tests/limits.py")
    return found, unknown


def main() -> int:
    """Prints the table; 1 where something is above its ceiling."""
    files = list(modules())
    packages, silent = dependencies((ROOT / "pyproject.toml").read_text("utf-8"))
    sheets, unknown = styles()
    measured = [
        (LINES, lines(files)),
        (SLOC, sloc(files)),
        (PARAMETERS, parameters(files)),
        (TEMPLATE, templates()),
        (DEPENDENCIES, packages),
        (STYLE, sheets),
    ]
    print(f"{'':<28}{'median':>7} {'':<8}{'p95':>5} {'':<8}{'most':>5}")
    for limit, found in measured:
        print(limit.row(found))
    breaches = [one for limit, found in measured for one in limit.breaches(found)] + silent + unknown
    for breach in breaches:
        print(breach, file=sys.stderr)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
