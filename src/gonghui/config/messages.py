"""The catalogues of the interface: Chinese in the source, English in `locale/en`. Needs Babel, so it is for developers.

Entries name files but no lines, are sorted, and carry no dates: a change of code changes only the entries it touches.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADERS = "Language: en\nContent-Type: text/plain; charset=utf-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
SKIPPED = {"tests", "migrations", "static", "locale", "static_collected"}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_now": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


class Undated(Catalog):  # type: ignore[misc]
    """A catalogue whose header says only what a program reads, so that the same messages give the same bytes."""

    def __iter__(self) -> Iterator[Message]:
        yield Message("", HEADERS)
        yield from list(super().__iter__())[1:]


def sources(package: Path) -> Iterator[tuple[str, str]]:
    """Every file that may hold messages, as Python source; Django turns templates into such."""
    for file in sorted(package.rglob("*")):
        if SKIPPED.intersection(file.relative_to(package).parts):
            continue
        if file.suffix == ".py":
            yield file.relative_to(package).as_posix(), file.read_text(encoding="utf-8")
        elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
            source = templatize(file.read_text(encoding="utf-8"), origin=str(file))
            yield file.relative_to(package).as_posix(), "\n".join(line.strip() for line in source.split("\n"))


def extracted(package: Path = PACKAGE) -> Catalog:
    """The messages of the source, untranslated."""
    found = Undated(
        locale="en", header_comment="# Kept by `python3 dev.py messages`; only the translations are written by hand."
    )
    for name, source in sources(package):
        for _line, message, comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS, ["Translators:"]):
            found.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return found


def translated(catalogue: Path = CATALOGUE) -> Catalog:
    """The catalogue as it is kept."""
    kept = Undated(locale="en")
    if catalogue.exists():
        with catalogue.open("rb") as file:
            for message in list(read_po(file, locale="en"))[1:]:
                kept.add(message.id, message.string, message.locations, message.flags, context=message.context)
    return kept


def update(package: Path = PACKAGE, catalogue: Path = CATALOGUE) -> Catalog:
    """Writes the source's messages with the translations they had; those that nobody uses any more are dropped."""
    known, wanted = translated(catalogue), extracted(package)
    for message in list(wanted)[1:]:
        before = known.get(message.id, message.context)
        if before:
            message.string = before.string
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, wanted, width=120, sort_output=True, include_lineno=False)
    catalogue.write_bytes(text.getvalue().strip() + b"\n")
    return wanted


def compile(catalogue: Path = CATALOGUE) -> None:
    """Writes the `.mo` that Django reads."""
    with catalogue.with_suffix(".mo").open("wb") as file:
        write_mo(file, translated(catalogue))


def missing(catalogue: Catalog) -> list[str]:
    """The messages without a translation."""
    return [str(message.id) for message in list(catalogue)[1:] if not all(parts(message))]


def parts(message: Message) -> tuple[str, ...]:
    """A translation, or all its plural forms."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def main() -> int:
    """Updates and compiles; lists what still needs a translation."""
    catalogue = update()
    compile()
    untranslated = missing(catalogue)
    print(f"{len(catalogue)} messages, {len(untranslated)} without a translation")
    for text in untranslated[:20]:
        print(f"  {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
