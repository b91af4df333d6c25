"""The limits hold, and notice what breaks them."""

from pathlib import Path

import pytest

from tests import limits
from tests.limits import LINES, PARAMETERS, SLOC, TEMPLATE


def test_everything_is_within_its_limits(capsys: pytest.CaptureFixture[str]) -> None:
    status = limits.main()
    said = capsys.readouterr()
    print(said.out)
    assert said.err == ""
    assert status == 0


def test_a_function_of_sixty_one_lines_is_too_long() -> None:
    body = "\n".join(["    pass"] * 60)
    assert LINES.breaches(limits.lines([("x.py", f"def f():\n{body}")]))
    assert not LINES.breaches(limits.lines([("x.py", f"def f():\n{body[9:]}")]))


def test_a_file_is_measured_without_blanks_and_comments() -> None:
    text = "\n".join(["x = 1", "", "# a remark"] * 400)
    assert [one.size for one in limits.sloc([("x.py", text)])] == [400]
    assert SLOC.breaches(limits.sloc([("x.py", f"{text}\ny = 2")]))


def test_the_subject_is_not_counted_among_the_parameters() -> None:
    text = "def f(subject, *, a, b, c, d, e, g, h): ..."
    assert [one.size for one in limits.parameters([("x.py", text)])] == [7]
    assert PARAMETERS.breaches(limits.parameters([("x.py", text.replace("h)", "h, i)"))]))


def test_a_template_of_one_hundred_and_sixty_one_lines_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("<p>\n" * 161)
    assert TEMPLATE.breaches(limits.templates(tmp_path))


def test_a_dependency_says_what_it_is_for() -> None:
    text = '[project]\ndependencies = [\n    "django>=5",  # the framework\n    "left-pad>=1",\n]\n'
    found, silent = limits.dependencies(text)
    assert (found[0].size, silent) == (2, ["pyproject.toml: left-pad>=1 has no reason beside it"])


def test_a_style_that_is_too_big_or_unknown_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "static" / "web"
    folder.mkdir(parents=True)
    (folder / "tokens.css").write_bytes(b"x" * (8 * 1024 + 1))
    (folder / "surprise.css").write_text("")
    found, unknown = limits.styles(tmp_path)
    assert limits.STYLE.breaches(found)
    assert len(unknown) == 1


def test_generated_code_and_declarations_are_exempt() -> None:
    exempt = ["src/gonghui/web/migrations/0001_initial.py", "src/gonghui/areas/register/sheets.py", "x/sheets/grants.py"]
    assert all(limits.EXEMPT.search(f"/{path}") for path in exempt)
    assert not limits.EXEMPT.search("/src/gonghui/areas/register/queries.py")
