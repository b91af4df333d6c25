"""The rows of the lists that no key settles, with everything that is compared of them."""

from gonghui.linkage import cleaning, codes, names
from gonghui.linkage.characters import sound
from gonghui.linkage.dialect import quoted
from gonghui.linkage.workspace import Workspace

BUILDING = "^.*?[0-9一二三四五六七八九十]+号(?:院|楼)?(?:[0-9一二三四五六七八九十]+号?楼)?"
COUNTED = ("code", "core", "address", "building", "legal", "phone")


def part(workspace: Workspace, side: str) -> None:
    """The table `parted_{side}`: rows of `list_{side}` that are not settled, and the sample of those that are, with names in parts."""
    carried = "row, id, is_sample, code, org, former_names, address, legal, phone, headcount"
    kept = f"""(
        select u.row, id, is_sample, code, {codes.organisation("code")} as org, name, bracket, former_names, address, legal, phone, headcount
        from list_{side} as l join unsettled_{side} as u on l.rowid = u.row)"""
    workspace.make(
        f"parted_{side}",
        f"""
        {names.steps(carried, kept)}
        select * exclude (syllables, todays) replace ({", ".join(f"coalesce({part}, '') as {part}" for part in names.PARTS)}),
            {sound("core")} as sound
        from named, characters""",
    )


def take(workspace: Workspace, side: str) -> None:
    """The table `rest_{side}`: what is still not settled of `parted_{side}`, ready to be compared; and the sample."""
    former(workspace, side)
    carried = "row, code, org, core, brand, trade, region, form, branch, plain, sound, phone, headcount"
    workspace.make(
        f"rest_{side}",
        f"""
        with dialled as (
            select * replace ({cleaning.dialled("phone")} as phone)
            from {cleaning.folded(f"parted_{side}", carried, ["address", "legal"])}
        ), cleaned as (
            select row, u.is_sample, code, {codes.is_valid("code")} as is_valid, org, core, brand, trade, region, form, branch, sound,
                case when plain <> '' then hash(plain, region, branch) else hash(row) end as identity,
                {cleaning.place("address")} as address, {cleaning.person("legal")} as legal,
                {cleaning.number("phone")} as phone, try_cast(headcount as double) as headcount
            from dialled join unsettled_{side} as u using (row)
        )
        select cleaned.*, formers, regexp_extract(address, {quoted(BUILDING)}) as building
        from cleaned left join former_{side} using (row)""",
    )
    workspace.drop(f"parted_{side}", f"former_{side}")


def former(workspace: Workspace, side: str) -> None:
    """The table `former_{side}(row, formers)`: the cores of former names."""
    split = "unnest(string_split(regexp_replace(former_names, '[;；、|]', ';', 'g'), ';'))"
    once = cleaning.spelt(f"(select row, {split} as name from parted_{side} where former_names <> '')", "row")
    workspace.make(
        f"former_{side}",
        f"""
        {names.steps("row", once)}
        select row, list(distinct core order by core) as formers from named where core <> '' group by row""",
    )


def count_shared(workspace: Workspace) -> None:
    """The tables `shared_{field}(value, rows)`: in how many rows of one list a value stands, where it is more than one; and `taken`,
    the codes of settled pairs."""
    for field in COUNTED:
        each = " union all ".join(
            f"select {field} as value, count(*) as rows from rest_{side} where {field} <> '' group by value having count(*) > 1"
            for side in workspace.sides
        )
        workspace.make(f"shared_{field}", f"select value, max(rows) as rows from ({each}) group by value")
    workspace.make("taken", "select distinct code from list_a join settled on list_a.rowid = settled.a where code is not null")
    if workspace.is_alone:
        workspace.run("create or replace view rest_b as select * from rest_a")


def counted(pairs: str) -> str:
    """What follows FROM to compare `pairs(a, b)`: their rows as `a` and `b`, and counts of what both have as `shared_{field}`."""
    joins = " ".join(f"left join shared_{field} on shared_{field}.value = a.{field}" for field in COUNTED if field != "code")
    codes_of = " ".join(
        f"left join shared_code as shared_code_{side} on shared_code_{side}.value = {side}.code"
        f" left join taken as taken_{side} on taken_{side}.code = {side}.code"
        for side in "ab"
    )
    return f"{pairs} as p join rest_a as a on a.row = p.a join rest_b as b on b.row = p.b {joins} {codes_of}"
