"""Findings as sentences."""

from gonghui.linkage.comparing import finding_of
from gonghui.linkage.dialect import quoted
from gonghui.linkage.fields import FIELDS


def sentence(language: str, comma: str) -> str:
    """What the findings of a `pattern` say in one line, in SQL; `language` is zh or en."""
    said = (
        f"[{', '.join(quoted(text and comma + text) for text in ('', *(getattr(one, language) for one in field.findings)))}]"
        for field in FIELDS
    )
    return f"substr({' || '.join(f'{words}[1 + {finding_of(at)}]' for at, words in enumerate(said))}, {len(comma) + 1})"


def placed(text: str, place: int | None, before: str, behind: str) -> str:
    """Words with the place where codes begin to differ."""
    return text.replace("{place}", f"{before}{place}{behind}")


def placed_sql(column: str, before: str, behind: str) -> str:
    """The same in SQL."""
    return f"case when place is null then {column} else replace({column}, '{{place}}', '{before}' || place || '{behind}') end"


# where the codes of the rows `la` and `lb` of a pair begin to differ, counted from 1; NULL where the words `zh` do not ask for it
PLACE = """
    case when contains(zh, '{place}') then list_position(list_transform(
        range(1, 20), lambda i: substr(la.code, i, 1) <> substr(lb.code, i, 1)), true) end"""
ZH, EN = sentence("zh", "，"), sentence("en", ", ")
CHINESE, ENGLISH = ("（第 ", " 位）"), (" (", ")")  # what stands around the place
