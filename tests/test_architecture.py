"""The house stands: imports go down only, surfaces start every read with an actor, and each of these tests notices a breach."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import grimp
import pytest
from django.http import HttpRequest

import gonghui
from gonghui.core.actions.walls import Open, Wall
from tests.sweep import addresses

SOURCE = Path(gonghui.__file__).parent
ROOT = SOURCE.parent.parent
FACE = {"models", "queries", "actions", "rules", "events"}  # what one area may import of another
SURFACES = re.compile(r"gonghui\.(web|areas\.\w+\.(desk|portal|api|cli|jobs|forms))(\.|$)")
BEYOND = {
    "gonghui.web.pages.figures": "a past day's rows have moved to other holders; the registry checked the scope asked for",
    "gonghui.web.pages.exports": "the same rows, exported",
    "gonghui.web.api.figures": "the same rows, for programs",
}
STARTS = {"visible_to", "changeable_by"}
LIFTS = {"unscoped", "beyond_scope"}


def modules(root: Path = SOURCE) -> Iterator[tuple[str, ast.Module]]:
    """Every module of ours with its syntax tree; migrations are generated, tests are no part of the house."""
    for file in sorted(root.rglob("*.py")):
        parts = file.relative_to(root.parent).with_suffix("").parts
        if "migrations" not in parts and "tests" not in parts:
            yield ".".join(parts).removesuffix(".__init__"), ast.parse(file.read_text(encoding="utf-8"))


# -- floors -----------------------------------------------------------------------------------------------------


def lint(directory: Path) -> subprocess.CompletedProcess[str]:
    """import-linter on the source and contracts in this directory."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(directory / "src")}
    return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the source with its contracts, to plant breaches in."""
    shutil.copytree(SOURCE, tmp_path / "src" / "gonghui", ignore=shutil.ignore_patterns("__pycache__", "static*", "templates"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def write(house: Path, path: str, text: str) -> None:
    """Adds a line to a module, which is made if there is none."""
    file = house / "src" / "gonghui" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    for folder in (file.parent, *file.parent.parents):
        if folder == house / "src" / "gonghui":
            break
        (folder / "__init__.py").touch()
    file.write_text((file.read_text(encoding="utf-8") if file.exists() else "") + f"\n{text}\n", encoding="utf-8")


def place(house: Path, floor: str) -> None:
    """Puts areas on a new floor above the others."""
    file = house / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    areas = text.index('containers = ["gonghui.areas"]')
    layers = text.index("layers = [", areas) + len("layers = [")
    file.write_text(f'{text[:layers]}\n    "{floor}",{text[layers:]}', encoding="utf-8")


def test_the_house_stands(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout


def upward(house: Path) -> None:
    write(house, "kit/dates.py", "import gonghui.core.actions.actor")


def sideways(house: Path) -> None:
    place(house, "alpha | beta")
    write(house, "areas/alpha/models.py", "import gonghui.areas.beta.models")
    write(house, "areas/beta/models.py", "")


def unplaced(house: Path) -> None:
    write(house, "areas/alpha/models.py", "")


def business_knows_the_web(house: Path) -> None:
    write(house, "areas/register/queries.py", "import gonghui.web.desk")


def actions_know_a_surface(house: Path) -> None:
    write(house, "areas/register/actions/contacts.py", "import gonghui.areas.register.desk.contacts")


def core_grows(house: Path) -> None:
    write(house, "core/helpers/models.py", "")


@pytest.mark.parametrize("breach", [upward, sideways, unplaced, business_knows_the_web, actions_know_a_surface, core_grows])
def test_a_breach_is_noticed(house: Path, breach: Callable[[Path], None]) -> None:
    breach(house)
    done = lint(house)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout or "missing" in done.stdout.lower() + done.stderr.lower(), done.stdout + done.stderr


def test_two_areas_on_one_floor_that_leave_each_other_alone_are_no_breach(house: Path) -> None:
    place(house, "alpha | beta")
    write(house, "areas/alpha/models.py", "import gonghui.areas.register.models")
    write(house, "areas/beta/models.py", "")
    assert lint(house).returncode == 0


def faceless(imports: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The imports of another area that go past its face."""
    found = []
    for importer, imported in imports:
        ours, theirs = importer.split("."), imported.split(".")
        if ours[1] == theirs[1] == "areas" and ours[2:3] != theirs[2:3] and (len(theirs) < 4 or theirs[3] not in FACE):
            found.append((importer, imported))
    return found


def test_areas_import_each_others_faces_only() -> None:
    graph = grimp.build_graph("gonghui", cache_dir=None)
    inside = [module for module in graph.modules if module.startswith("gonghui.areas.")]
    pairs = [(module, one) for module in inside for one in graph.find_modules_directly_imported_by(module)]
    assert faceless([(one, other) for one, other in pairs if other.startswith("gonghui.areas.")]) == []
    assert faceless([("gonghui.areas.alpha.actions", "gonghui.areas.register.actions.unions")]) == []
    assert len(faceless([("gonghui.areas.alpha.actions", "gonghui.areas.register.forms")])) == 1
    assert len(faceless([("gonghui.areas.alpha.actions", "gonghui.areas.register")])) == 1


def hidden_imports(tree: ast.AST) -> Iterator[str]:
    """Imports of our own modules inside functions."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                yield from (f"{function.name}: {name}" for name in names if name.split(".")[0] == "gonghui")


def test_functions_import_nothing_of_ours() -> None:
    """The configuration starts everything before Django is set up, so it may."""
    found = [f"{name}.{one}" for name, tree in modules() if ".config" not in name for one in hidden_imports(tree)]
    assert found == []
    assert list(hidden_imports(ast.parse("def f():\n    from gonghui.kit import uscc"))) == ["f: gonghui.kit"]


# -- scope ------------------------------------------------------------------------------------------------------


def unwalled_starts(name: str, tree: ast.AST, known: Callable[[str], Any]) -> Iterator[str]:
    """What is asked of `X.objects` without an actor, unless X is nobody's in particular."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_base_manager", "_default_manager"):
            asked = parents[node]
            method = asked.attr if isinstance(asked, ast.Attribute) else ""
            model = known(node.value.id) if isinstance(node.value, ast.Name) else None
            is_open = model is not None and not is_walled(model)
            if not is_open and (node.attr != "objects" or method not in STARTS):
                yield f"{name}:{node.lineno} {ast.unparse(node)}.{method}"


def is_walled(model: Any) -> bool:
    """Whether the model's rows are somebody's; tables of other packages hold none of ours."""
    wall = getattr(model, "wall", None)
    return isinstance(wall, Wall) and not isinstance(wall, Open)


def test_surfaces_start_every_read_with_an_actor() -> None:
    found = [
        one
        for name, tree in modules()
        if SURFACES.match(name)
        for one in unwalled_starts(name, tree, vars(import_module(name)).get)
    ]
    assert found == []
    planted = ast.parse("def index(request):\n    return Employer.objects.filter(state='active')")
    from gonghui.areas.register.models import Employer

    assert list(unwalled_starts("x", planted, {"Employer": Employer}.get)) == ["x:2 Employer.objects.filter"]


def lifts(tree: ast.AST) -> Iterator[tuple[int, str, str | None]]:
    """Every step past the walls: its line, its name, its reason where that is a text that can be read."""
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in LIFTS:
                reason = node.args[0] if node.args else None
                if isinstance(reason, ast.Constant):
                    yield node.lineno, called, str(reason.value)
                else:
                    yield node.lineno, called, constants.get(reason.id) if isinstance(reason, ast.Name) else None


def test_every_step_past_the_walls_says_why() -> None:
    found = [(name, *one) for name, tree in modules() for one in lifts(tree)]
    print(f"\n{len(found)} steps past the walls")
    for name, line, called, reason in found:
        print(f"{name}:{line} {called}: {reason}")
    assert [one for one in found if not (one[3] or "").strip()] == []
    assert len(found) > 20


def test_surfaces_take_no_step_past_the_walls() -> None:
    found = {name for name, tree in modules() if SURFACES.match(name) and list(lifts(tree))}
    assert found == set(BEYOND)


def test_rights_are_lifted_nowhere_else() -> None:
    """`Actor.system` is for jobs, set-up and the command line; nobody but the door talks to the settings."""
    allowed = re.compile(
        r"gonghui\.(config|demo|core\.(actions|accounts\.(actions|sign_in)|access\.(queries|jobs|tokens|invitations)|\w+\.cli))(\.|$)"
    )
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "Actor.system":
                assert allowed.match(name), f"{name}:{node.lineno}"
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "set_config(" in node.value:
                assert name == "gonghui.core.actions.door", f"{name}:{node.lineno}"


@pytest.mark.django_db
def test_pages_that_only_write_refuse_a_get() -> None:
    """They answer it with 405; the sweep of test_isolation sees that no other GET writes."""
    posts = {one.name for one in addresses() if (allowed(one.view) or "") == "POST"}
    print(f"\nPOST only: {sorted(posts)}")
    assert posts >= {"web:write_note", "web:save_filter", "web:remove_file"}


def allowed(view: Callable[..., Any]) -> str | None:
    """The methods a view names when it refuses a GET; None where it does not refuse one at the door."""
    closure = getattr(view, "__closure__", None) or ()
    methods = [cell.cell_contents for cell in closure if isinstance(cell.cell_contents, list)]
    if not methods or "GET" in methods[0]:
        return None
    request = HttpRequest()
    request.method = "GET"
    return str(view(request).headers["Allow"])
