"""The parts of a firm's name (企业名称登记管理规定: 行政区划 + 字号 + 行业 + 组织形式, and behind it a branch), cut out in SQL.

Every regular expression asks for its whole match only, which DuckDB's engine finds without groups and without going back.
"""

from gonghui.linkage.cleaning import REGION
from gonghui.linkage.dialect import any_of, quoted, words

PARTS = ("branch", "plain", "form", "region", "core", "brand", "trade")
PROVINCES = "|".join(
    words("regions.txt")[:34]
)  # the first lines: as a word of the brand they are rare, so they are places anywhere
PLACE = f"^(?:中国)?(?:{REGION})*"
WITHIN = f"(?:{PROVINCES})市?"
FORM = f"(?:{any_of('forms.txt')})+$"
TRADE = f"(?:{any_of('trades.txt')})+$"
COMPANY = "^.*?(?:有限|责任|股份|合伙)公司"  # what stands behind it is a branch, if it does not end in a company itself
SUBSIDIARY = "(?:有限|责任|股份|集团)公司$"
FIRM = "^.*?(?:公司|集团|事务所|合作社|总店|总厂|商行|酒店|饭店|中心|学校|医院)"
BUSINESS = f"^.*(?:{any_of('trades.txt')})"  # where the form was left out
BRANCH = f"(?:(?:{any_of('branches.txt')})|第?[0-9一二三四五六七八九十百]+(?:店|部|厂|站|馆|校|院|所|公司|中心))$"


def steps(columns: str, rows: str) -> str:
    """Named selects, each over the one before, that end in `named`: `columns` of `rows` and the parts of `name` (see `cleaning.spelt`).

    branch  what tells a branch from its firm: 西城第三分公司; '' for the firm itself
    plain   the letters of the name but for the branch
    region  the places before the brand or in brackets, without 省, 市, 区
    brand   the distinctive word (字号)
    trade   the words behind it that say the trade
    core    brand and trade, which two lists spell alike most often
    form    the legal form, without what is left out in speech: 公司 for 有限责任公司, 股份公司 for 股份有限公司
    """
    return f"""with members as (
        select {columns}, bracket, case when bracket = '' then name else replace(name, bracket, '') end as text from {rows}
    ), tailed as (
        select *, case
            when regexp_matches(text, {quoted(COMPANY + ".")}) and not regexp_matches(text, {quoted(SUBSIDIARY)})
                then regexp_replace(text, {quoted(COMPANY)}, '')
            when not regexp_matches(text, {quoted(BRANCH)}) then ''
            when regexp_matches(text, {quoted(FIRM + ".")}) then regexp_replace(text, {quoted(FIRM)}, '')
            else regexp_replace(text, {quoted(BUSINESS)}, '') end as tail
        from members
    ), branched as (
        select {columns}, bracket, case when tail = text then '' else tail end as branch,
            case when tail = text then text else left(text, length(text) - length(tail)) end as plain
        from tailed
    ), placed as (
        select *, regexp_extract(plain, {quoted(PLACE)}) as place from branched
    ), within as (
        select *, substr(plain, length(place) + 1) as text, regexp_extract(substr(plain, length(place) + 2), {quoted(WITHIN)}) as inner_place
        from placed
    ), unplaced as (
        select *, case when inner_place = '' then text else replace(text, inner_place, '') end as body from within
    ), formed as (
        select *, regexp_extract(body, {quoted(FORM)}) as form from unplaced
    ), unformed as (
        select *, left(body, length(body) - length(form)) as rest from formed
    ), traded as (
        select *, case when rest = '' then '' else regexp_extract(rest, {quoted(TRADE)}) end as words from unformed
    ), named as (
        select {columns}, branch, plain, replace(replace(form, '责任', ''), '有限', '') as form,
            regexp_replace(place || bracket || inner_place, '中国|特别行政区|自治[区州县]|地区|省|市|区|县', '', 'g') as region,
            case when rest = '' then plain else rest end as core,
            case when words = rest then '' else words end as trade,
            case when rest = '' then plain when words = rest then rest else left(rest, length(rest) - length(words)) end as brand
        from traded
    )"""
