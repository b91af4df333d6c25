"""`link`: two lists in, scored pairs out. The cascade, step by step."""

from collections.abc import Callable, Iterable

from gonghui.linkage import blocking, cleaning, comparing, deciding, rows, settling, sources
from gonghui.linkage.learning import Weights, learned
from gonghui.linkage.outcome import Decision, Outcome, row_id
from gonghui.linkage.workspace import Workspace

Progress = Callable[[str, float], None]
CERTAIN = 10  # bits from which a row is not looked at again: a thousand to one
STEPS = (
    *("read a", "read b", "settle", "take names apart", "clean"),
    *("block", "compare", "learn", "block again", "compare again", "learn again", "decide"),
)


def link(
    a: sources.Source,
    b: sources.Source,
    *,
    decisions: Iterable[Decision] = (),
    weights: Weights | None = None,
    memory: str = "2GB",
    seed: int = 1,
    progress: Progress | None = None,
) -> Outcome:
    """Matches the rows of two lists, each of `b` with at most one of `a`.

    `weights`  those of an earlier outcome: nothing is learned then
    `seed`     which settled pairs the weights are learned from
    `progress` is called with the name of each step and the share of steps done
    Raises sources.Unreadable, and ValueError for a memory that is none.
    """
    return run(a, b, decisions, weights, memory, seed, progress)


def run(
    a: sources.Source,
    b: sources.Source | None,
    decisions: Iterable[Decision],
    weights: Weights | None,
    memory: str,
    seed: int,
    progress: Progress | None,
) -> Outcome:
    """The cascade; without `b` the list is matched with itself, every pair once and no row with itself."""
    workspace = Workspace(memory, is_alone=b is None)
    told = step_teller(progress)
    for side, source in zip("ab", (a, b), strict=True):
        told()
        read(workspace, side, source)
    note(workspace, decisions)
    told()
    settling.begin(workspace, seed)
    told()
    for side in workspace.sides:
        rows.part(workspace, side)
    settling.go_on(workspace, seed)
    told()
    for side in workspace.sides:
        rows.take(workspace, side)
    rows.count_shared(workspace)
    told()
    blocking.meet_first(workspace)
    told()
    begin_comparing(workspace)
    compare(workspace)
    told()
    first = weights or learn(workspace)
    leave_open(workspace, first)
    told()
    blocking.meet_again(workspace)
    told()
    compare(workspace)
    told()
    weights = weights or learn(workspace, first)
    told()
    return deciding.outcome(workspace, weights)


def read(workspace: Workspace, side: str, source: sources.Source | None) -> None:
    """The table `list_{side}`; the list itself once more where it is alone."""
    if source is None:
        workspace.run("create view list_b as select *, rowid from list_a")
    else:
        sources.create(workspace.connection, source, f"list_{side}", workspace.directory, cleaning.listed)


def step_teller(progress: Progress | None) -> Callable[[], None]:
    """Tells the next step each time it is called."""
    steps = iter(enumerate(STEPS))

    def told() -> None:
        at, name = next(steps)
        if progress:
            progress(name, at / len(STEPS))

    return told


def note(workspace: Workspace, decisions: Iterable[Decision]) -> None:
    """The table `decided(a, b, same)`: decisions whose rows are both there, the last one on a pair."""
    told = {(decision.a_id, decision.b_id): decision.same for decision in decisions}
    workspace.run("create or replace table told (a_id varchar, b_id varchar, same boolean)")
    if told:
        a_ids, b_ids = zip(*told, strict=True)
        workspace.run(
            "insert into told select unnest(?), unnest(?), unnest(?)", [list(a_ids), list(b_ids), list(told.values())]
        )
    workspace.make(
        "decided",
        f"""
        select min(a.rowid) as a, min(b.rowid) as b, any_value(same) as same
        from told join list_a as a on {row_id("a", "a.rowid")} = a_id join list_b as b on {row_id("b", "b.rowid")} = b_id
        group by a_id, b_id""",
    )


def begin_comparing(workspace: Workspace) -> None:
    """The tables `compared(a, b, pattern)`, still empty, and `sampled(pattern)` of the settled sample."""
    workspace.run("create or replace table compared (a bigint, b bigint, pattern bigint)")
    workspace.make("sampled", f"select pattern from ({patterns_of('(select a, b from settled where is_sample)')})")


def compare(workspace: Workspace) -> None:
    """Adds the candidates to what was compared."""
    workspace.run(f"insert into compared {patterns_of('candidates')}")
    workspace.drop("candidates")


def patterns_of(pairs: str) -> str:
    """The select of pairs with their patterns."""
    return f"""
        select p.a, p.b, {comparing.pattern()} as pattern
        from {rows.counted(pairs)}"""


def leave_open(workspace: Workspace, weights: Weights) -> None:
    """The tables `open_{side}`: rows that no pair compared so far is good enough for."""
    deciding.weigh_patterns(workspace, weights)
    workspace.make("certain", f"select a, b from compared join patterns using (pattern) where bits >= {CERTAIN}")
    for side in "ab":
        workspace.make(
            f"open_{side}",
            f"""
            select row, code, core, brand, trade, legal, address, building from rest_{side}
            where not is_sample and row not in (select {side} from certain)""",
        )
    workspace.drop("certain")


def learn(workspace: Workspace, before: Weights | None = None) -> Weights:
    """The weights that the lists themselves teach, and the decisions; `before` are those of the pairs compared first."""
    counted = workspace.run(f"""
        select pattern, sum(weight) from (
            select pattern, 1 as weight from compared union all select pattern, {settling.SAMPLE} from sampled)
        group by pattern""").fetchall()
    told = workspace.run("""
        select pattern, count(*) filter (where same), count(*) filter (where not same)
        from compared join decided using (a, b) group by pattern""").fetchall()
    labels = {int(pattern): (float(same), float(other)) for pattern, same, other in told}
    return learned({int(pattern): float(pairs) for pattern, pairs in counted}, labels, before)
