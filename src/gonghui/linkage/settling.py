"""Pairs that keys settle without a score: a code, and a second field that agrees. Most rows of well-kept lists end here."""

from gonghui.linkage.comparing import number
from gonghui.linkage.workspace import Workspace

SAMPLE = 16  # every how many-th settled pair is compared in full as well, to learn from


def begin(workspace: Workspace, seed: int) -> None:
    """The tables `settled(a, b, pattern, is_sample)`, by the code and the letters of the name, and `unsettled_{side}(row, is_sample)`.

    A row that a decision names is left to be compared.
    """
    for side in workspace.sides:
        workspace.make(
            f"keyed_{side}",
            f"""
            select rowid as row, id, code, code as first_key, hash(name) as second_key from list_{side}
            where code is not null and name <> '' and rowid not in (select {side} from decided)""",
        )
    workspace.make("settled", pairs(workspace, seed))
    for side in workspace.sides:
        gone = "b" if workspace.is_alone else side
        workspace.make(
            f"unsettled_{side}",
            f"""
            select rowid as row, false as is_sample from list_{side} where rowid not in (select {gone} from settled)
            union all select {gone}, true from settled where is_sample""",
        )
        workspace.drop(f"keyed_{side}")


def go_on(workspace: Workspace, seed: int) -> None:
    """Settles what has its name in parts by the organisation code and all parts of the name. A sibling may bear the code by mistake."""
    for side in workspace.sides:
        workspace.make(
            f"keyed_{side}",
            f"""
            select row, id, code, org as first_key, hash(core, branch, region, form) as second_key from parted_{side}
            where org is not null and core <> '' and not is_sample and row not in (select {side} from decided)""",
        )
    workspace.make("settled_now", pairs(workspace, seed))
    workspace.run("insert into settled select * from settled_now")
    for side in workspace.sides:
        gone = "b" if workspace.is_alone else side
        workspace.make(
            f"unsettled_{side}",
            f"""
            select u.row, u.is_sample or s.row is not null as is_sample
            from unsettled_{side} as u left join (select {gone} as row, is_sample from settled_now) as s using (row)
            where s.row is null or s.is_sample""",
        )
        workspace.drop(f"keyed_{side}")
    workspace.drop("settled_now")


def pairs(workspace: Workspace, seed: int) -> str:
    """Rows with the same two keys: of two lists where neither has them twice, of one list each with the first of them."""
    is_sample = f"hash(code, {seed}) % {SAMPLE} = 0 as is_sample"
    if workspace.is_alone:
        return f"""
            select first as a, row as b, {number(name="same", code="same", branch="none")} as pattern, {is_sample}
            from (select *, arg_min(row, (id, row)) over (partition by first_key, second_key) as first from keyed_a)
            where row <> first"""
    return f"""
        select min(a.row) as a, min(b.row) as b,
            case when min(a.code) = min(b.code) then {number(name="same", code="same", branch="none")}
                else {number(name="same", code="organisation", branch="none")} end as pattern,
            hash(min(a.code), {seed}) % {SAMPLE} = 0 as is_sample
        from keyed_a as a join keyed_b as b using (first_key, second_key)
        group by first_key, second_key having count(*) = 1"""
