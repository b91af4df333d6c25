"""What a list holds, brought to one form, in SQL. It runs on every row, so an expression that is used twice is a step of its own."""

from collections.abc import Callable, Iterable

from gonghui.linkage.characters import FIRST, LAST, VARIANTS, today
from gonghui.linkage.dialect import any_of, quoted

WIDE = "".join(chr(0xFF01 + at) for at in range(94)) + "　〔〕【】[]"
NARROW = "".join(chr(0x21 + at) for at in range(94)) + " ()()()"
UNUSUAL = "！-～　〔〕【】\\[\\]"  # for a class of a regular expression: what WIDE has
ODD = f"[^0-9A-Z{chr(FIRST)}-{chr(LAST)}]|[{''.join(VARIANTS)}]"  # what a text in its one form never has
UNIONS = "(?:基层|联合|机关)?工会(?:联合会|委员会|筹备组|小组)?$"  # a union register names the union of the firm
REGION = f"(?:{any_of('regions.txt')})(?:特别行政区|自治区|自治州|自治县|地区|省|市|区|县)?"
BRACKET = f"[(]\\s*(?:{REGION}\\s*)+[)]"
NOTHING = "^(?:0+|1+|9+|X+|无|暂无|NULL|NONE|NAN)$"  # what is written where there is no code
PLACES = f"^(?:中国)?(?:(?:{any_of('regions.txt')})(?:省|市|区|县|地区|自治[区州县])|北京|上海|天津|重庆)+"


def stepwise(rows: str, kept: str, fields: Iterable[str], steps: Iterable[Callable[[str], str]]) -> str:
    """A select of `kept` and of `fields`, to which the steps are done one after another."""
    for step in steps:
        rows = f"(select {kept}, {', '.join(f'{step(field)} as {field}' for field in fields)} from {rows})"
    return rows


def letters(field: str) -> str:
    """Letters and digits only, of a field that was `folded`."""
    return f"case when {field}_is_odd then {lettered(field)} else {field} end"


def lettered(text: str) -> str:
    """`letters` of any text."""
    return f"regexp_replace({text}, '[^\\p{{L}}\\p{{N}}]', '', 'g')"


def raised(text: str) -> str:
    """Capitals, and the brackets that nearly every list has in both widths."""
    return f"replace(replace(upper({text}), '（', '('), '）', ')')"


def narrow(text: str) -> str:
    """Half width, and one kind of brackets. Translating is dear, so only texts that need it pay."""
    return f"case when regexp_matches({text}, '[{UNUSUAL}]') then {narrowed(text)} else {text} end"


def narrowed(text: str) -> str:
    """`narrow` for a text that needs it."""
    return f"translate({text}, {quoted(WIDE)}, {quoted(NARROW)})"


def modern(text: str) -> str:
    """Half width and today's characters, for texts that need either; the select joins `characters`."""
    return f"case when regexp_matches({text}, '[{UNUSUAL}{''.join(VARIANTS)}]') then {today(narrowed(text))} else {text} end"


def folded(rows: str, kept: str, fields: Iterable[str]) -> str:
    """A select of `kept`, of `fields` in capitals, half width and today's characters, and of `{field}_is_odd`: whether it was anything
    but ideographs of today, digits and capitals. Most texts are not, and asking that once is cheaper than each step that changes nothing."""
    fields = list(fields)
    odd = ", ".join(f"regexp_matches({field}, {quoted(ODD)}) as {field}_is_odd" for field in fields)
    kept = ", ".join([kept, *(f"{field}_is_odd" for field in fields)])
    asked = f"(select *, {odd} from {rows})"
    raising = stepwise(asked, kept, fields, (lambda field: f"case when {field}_is_odd then {raised(field)} else {field} end",))
    texts = ", ".join(f"case when {field}_is_odd then {modern(field)} else {field} end as {field}" for field in fields)
    return f"(select {kept}, {texts} from {raising}, characters)"


def compact(code: str) -> str:
    """Capitals and digits of a code."""
    return f"regexp_replace(upper({code}), '[^0-9A-Z]', '', 'g')"


def mended(code: str) -> str:
    """NULL for what stands for no code; letters that no credit code has are read as what they look like."""
    lookalike = f"length({code}) = 18 and regexp_matches({code}, '[IOSVZ]')"
    is_code = f"length({code}) >= 8 and not regexp_matches({code}, {quoted(NOTHING)})"
    return f"case when {lookalike} then translate({code}, 'IOSVZ', '105U2') when {is_code} then {code} end"


def own_name(text: str) -> str:
    """A name in letters without 工会 behind it."""
    return f"case when contains({text}, '工会') then regexp_replace({text}, {quoted(UNIONS)}, '') else {text} end"


def person(name: str) -> str:
    """The letters of a person's folded name; '' for none, and where stars hide it."""
    return f"case when contains({name}, '*') then '' else coalesce({letters(name)}, '') end"


def dialled(phone: str) -> str:
    """The digits of telephone numbers, and what may stand between two of them."""
    return f"regexp_replace({phone}, '[^0-9/;,、；，]', '', 'g')"


def number(phone: str) -> str:
    """A mobile number, or the last eight digits of a land line, of digits; '' for none. Of several the first."""
    mobile = f"regexp_extract({phone}, '1[3-9][0-9]{{9}}')"
    return f"coalesce(nullif({mobile}, ''), right(regexp_extract({phone}, '[0-9]{{7,}}'), 8), '')"


def place(address: str) -> str:
    """A folded address from below the province, the city and the district on."""
    return f"coalesce(regexp_replace({letters(address)}, {quoted(PLACES)}, ''), '')"


def spelt(rows: str, kept: str) -> str:
    """A select of `kept`, of `name` in letters without 工会 behind it, and of `bracket`: the place in its brackets, as （北京）.

    What is in brackets stays in the name.
    """
    bracketed = (
        f"case when contains(name, '(') then coalesce(regexp_extract(name, {quoted(BRACKET)}), '') else '' end as bracket"
    )
    plain = f"(select {kept}, {bracketed}, {letters('name')} as name from {folded(rows, kept, ['name'])})"
    return f"(select {kept}, {own_name('name')} as name, {lettered('bracket')} as bracket from {plain})"


def listed(rows: str) -> str:
    """The select that makes a list's table of its rows: codes and names clean, since keys settle by them; the rest as it came."""
    others = "id, former_names, address, legal, phone, headcount"
    coded = stepwise(rows, f"{others}, name", ["code"], (narrow, compact, mended))
    return (
        f"select id, code, name, bracket, former_names, address, legal, phone, headcount from {spelt(coded, f'{others}, code')}"
    )
