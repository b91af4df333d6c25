"""Which pairs are worth comparing: rows that share a rare key. A key that many rows share is left out, so that no block explodes."""

from collections.abc import Mapping

from gonghui.linkage.workspace import Workspace

CAP = 100  # pairs that one key may make

# By kind: the key, and which rows have it. Rows of both lists meet in a kind.
FIRST = {
    "organisation": ("coalesce(org, code)", "code is not null"),
    "sound": ("sound", "core <> ''"),
    "phone": ("phone", "phone <> ''"),
    "owner": ("concat(legal, '|', brand)", "legal <> '' and brand <> ''"),
    "place": ("concat(building, '|', brand)", "building <> '' and brand <> ''"),
}
NAMES = """
    select hash(core) as key, row from {rows} where core <> ''
    union select hash(unnest(formers)), row from {rows} where formers is not null"""
# For rows that are still without a good partner.
SECOND = {
    "code_start": ("left(code, 14)", "length(code) between 17 and 19"),
    "code_end": ("right(code, 9)", "length(code) between 17 and 19"),
    "owner_place": ("concat(legal, '|', building)", "legal <> '' and building <> ''"),
    "owner_trade": ("concat(legal, '|', trade)", "legal <> '' and trade <> ''"),
    "address": ("address", "address <> ''"),
}
# A brand, and what is left of it without one of its characters: two brands that differ in one character share one of these.
LETTERS = """
    select distinct hash(case place when 0 then brand else left(brand, place - 1) || substr(brand, place + 1) end) as key, row
    from (select row, brand, unnest(range(0, length(brand) + 1)) as place from {rows} where length(brand) between 3 and 12)"""


def meet_first(workspace: Workspace) -> None:
    """The table `candidates(a, b)`: rows of `rest_a` and `rest_b` that share a key of the first round, and what was decided."""
    workspace.make("met", "select a, b from decided")
    meet(workspace, "(select * from rest_{side} where not is_sample)", FIRST, NAMES)
    workspace.make("candidates", "select distinct a, b from met")
    workspace.drop("met")


def meet_again(workspace: Workspace) -> None:
    """The table `candidates(a, b)` anew: rows of `open_a` and `open_b` that share a key of the second round and were not compared."""
    workspace.run("create or replace table met (a bigint, b bigint)")
    meet(workspace, "open_{side}", SECOND, LETTERS)
    workspace.make("candidates", "select distinct a, b from met anti join compared using (a, b)")
    workspace.drop("met")


def meet(workspace: Workspace, rows: str, kinds: Mapping[str, tuple[str, str]], more: str) -> None:
    """Adds to `met` the rows that share a key, one kind after another, which keeps the tables small. `more` selects key and row."""
    selects = [f"select hash({key}) as key, row from {{rows}} where {which}" for key, which in kinds.values()]
    for select in (*selects, more):
        for side in "ab":
            workspace.make(f"keys_{side}", select.format(rows=rows.format(side=side)))
        workspace.make(
            "blocks",
            f"""
            select key from (select key, count(*) as rows from keys_a group by key) as a
            join (select key, count(*) as rows from keys_b group by key) as b using (key)
            where a.rows * b.rows <= {CAP}""",
        )
        workspace.run(f"""
            insert into met select keys_a.row, keys_b.row
            from blocks join keys_a using (key) join keys_b using (key)
            {"where keys_a.row < keys_b.row" if workspace.is_alone else ""}""")
    workspace.drop("keys_a", "keys_b", "blocks")
