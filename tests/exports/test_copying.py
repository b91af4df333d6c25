"""复制表格: every table of the desk has the one button that copies it."""

import re
from pathlib import Path

from gonghui import web

PACKAGE = Path(web.__file__).parent.parent
BESIDE = {  # the button stands in another part of the same sheet
    "web/list/table.html": "web/list/tools.html",
    "unionbuilding/desk/people.html": "unionbuilding/desk/movers.html",
}
WITHOUT = {
    "account/login.html": "sign-in data of the demo",
    "web/imports/map.html": "a form to be filled",
    "web/imports/mending.html": "a form to be filled; the rows can be downloaded",
}


def test_every_table_of_the_desk_can_be_copied() -> None:
    missing = []
    for file in PACKAGE.rglob("templates/**/*.html"):
        name = file.as_posix().partition("/templates/")[2]
        text = file.read_text(encoding="utf-8")
        beside = next(PACKAGE.rglob(f"templates/{BESIDE[name]}")).read_text(encoding="utf-8") if name in BESIDE else text
        if re.search(r"<table\b", text) and "<c-copy-table" not in beside and name not in WITHOUT:
            missing.append(name)
    assert missing == [], "wrap it into <c-table>, or put <c-copy-table /> into its sheet"
