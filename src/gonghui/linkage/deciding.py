"""From scores to bands: at most one automatic pair for every row of either list, and the pairs worth a person's look."""

from gonghui.linkage import evidence
from gonghui.linkage.learning import BITS_OF_PATTERN, Weights
from gonghui.linkage.outcome import Outcome, row_id
from gonghui.linkage.workspace import Workspace

PRECISE = 0.999  # expected share of right pairs in the automatic band; 0.995 is promised, the rest is for what the weights do not know
LOWEST = 0.6  # probability below which no pair is automatic, however right the others are
REVIEW = 0.05  # probability from which a pair is worth one
SEEN = 3  # pairs of one row that are put before a reviewer
LEAST = -8  # bits below which a pair is forgotten
GRAIN = 1048576.0  # odds are summed in whole parts of this, so that the sum does not hang on the order
SURE = 40  # bits beyond which nothing becomes surer


def outcome(workspace: Workspace, weights: Weights) -> Outcome:
    """The pairs with their bands."""
    weigh_patterns(workspace, weights)
    score(workspace)
    weigh_rivals(workspace)
    assign(workspace)
    least = threshold(workspace)
    result(workspace, least)
    return Outcome(workspace, weights, least)


def weigh_patterns(workspace: Workspace, weights: Weights) -> None:
    """The table `patterns(pattern, bits, odds)` of all that was compared or settled."""
    workspace.make(
        "patterns",
        f"""
        select *, pow(2, least(bits, {SURE})) as odds from (
            select pattern, round({BITS_OF_PATTERN}, 6) as bits
            from (select pattern from compared union select pattern from sampled union select pattern from settled))""",
        weights.flat(),
    )


def score(workspace: Workspace) -> None:
    """The table `scored(a, b, pattern, bits, odds, same)` of pairs that may come to something.

    `same` is what a decision said; a pair that was decided not to be the same is gone.
    """
    workspace.make(
        "scored",
        f"""
        select a, b, pattern, bits, odds, same
        from compared join patterns using (pattern) left join decided using (a, b)
        where coalesce(same, bits > {LEAST})""",
    )
    workspace.drop("compared")


def weigh_rivals(workspace: Workspace) -> None:
    """The table `weighed(a, b, pattern, bits, probability)`: how likely a pair is beside its rivals, other pairs of its rows.

    Doubles of one firm in a list are no rivals. In one list alone a row may be the same as many others, so nothing rivals.
    """
    for row, other in (("a", "b"), ("b", "a")):
        workspace.make(
            f"rivals_{row}",
            f"""
            select {row}, sum(cast(odds * {GRAIN} as hugeint)) / {GRAIN} as odds from (
                select scored.{row}, max(odds) as odds from scored join rest_{other} as r on r.row = scored.{other}
                group by scored.{row}, identity)
            where not {workspace.is_alone} group by {row} having count(*) > 1""",
        )
    workspace.make(
        "weighed",
        """
        select a, b, pattern, bits, case when same then 1 else s.odds / (1 + s.odds
            + greatest(coalesce(x.odds, s.odds) - s.odds, 0) + greatest(coalesce(y.odds, s.odds) - s.odds, 0)) end as probability
        from scored as s left join rivals_a as x using (a) left join rivals_b as y using (b)""",
    )
    workspace.drop("rivals_a", "rivals_b", "scored")


def assign(workspace: Workspace) -> None:
    """The table `chosen(a, b)`: pairs that are the best of both their rows, again and again among the rows left over."""
    if workspace.is_alone:
        workspace.make("chosen", "select a, b from weighed")
        return
    workspace.run("create or replace table chosen (a bigint, b bigint)")
    workspace.make(
        "open_pairs",
        f"""
        select w.a, w.b, (probability = 1, bits, hash({row_id("la", "w.a")}, {row_id("lb", "w.b")})) as rank
        from weighed as w join list_a as la on la.rowid = w.a join list_b as lb on lb.rowid = w.b
        where probability > {REVIEW}""",
    )
    while workspace.count("open_pairs"):
        workspace.run("""
            insert into chosen
            select x.a, x.b from (select a, arg_max(b, rank) as b from open_pairs group by a) as x
            join (select b, arg_max(a, rank) as a from open_pairs group by b) as y on x.a = y.a and x.b = y.b""")
        workspace.make(
            "open_pairs",
            """
            select * from open_pairs where a not in (select a from chosen) and b not in (select b from chosen)""",
        )
    workspace.drop("open_pairs")


def threshold(workspace: Workspace) -> float:
    """The probability from which pairs are automatic: the lowest, but LOWEST, at which the band is expected to be PRECISE."""
    groups = workspace.run("""
        select round(probability, 3) as probability, count(*), sum(cast(probability as decimal(18, 9)))
        from weighed join chosen using (a, b) group by 1 order by 1 desc""").fetchall()
    pairs = float(workspace.count("settled"))
    right = pairs * settled_probability(workspace)
    found = 1.0
    for probability, count, expected in groups:
        pairs, right = pairs + count, right + float(expected)
        if probability >= LOWEST and right >= PRECISE * pairs:
            found = float(probability)
    return found - 0.0005


def settled_probability(workspace: Workspace) -> float:
    """How likely settled pairs are right: as likely as the sample of them, compared in full, is on average."""
    mean = workspace.run("""
        select avg(cast(odds / (1 + odds) as decimal(18, 9))) from sampled join patterns using (pattern)""").fetchall()[0][0]
    return 1.0 if mean is None else float(mean)


def result(workspace: Workspace, least: float) -> None:
    """The table `pairs`, in the order in which it is given out; of one list alone the smaller id first."""
    workspace.make(
        "banded",
        f"""
        select w.a, w.b, w.pattern, bits, w.probability, {row_id("la", "w.a")} as a_id, {row_id("lb", "w.b")} as b_id,
            case when band = 'review' and w.probability >= {least} and c.a is not null then 'auto' else band end as band,
            {evidence.PLACE} as place, zh, en
        from (
            select a, b, pattern, probability, 'review' as band from weighed where probability >= {REVIEW}
            union all select a, b, pattern, {settled_probability(workspace)}, 'auto' from settled
        ) as w left join chosen as c on c.a = w.a and c.b = w.b join (select pattern, bits, {evidence.ZH} as zh, {evidence.EN} as en from patterns) as s on s.pattern = w.pattern
        join list_a as la on la.rowid = w.a join list_b as lb on lb.rowid = w.b""",
    )
    ids = "least(a_id, b_id) as a_id, greatest(a_id, b_id) as b_id" if workspace.is_alone else "a_id, b_id"
    workspace.make(
        "pairs",
        f"""
        select {ids}, round(bits, 2) as score, band, probability, pattern, place,
            {evidence.placed_sql("zh", *evidence.CHINESE)} as evidence_zh, {evidence.placed_sql("en", *evidence.ENGLISH)} as evidence_en
        from banded left join ({crowd()}) using (a, b)
        where band = 'auto' or not is_crowd
        order by 1, 2""",
    )
    workspace.drop("banded")


def crowd() -> str:
    """The pairs under review, and whether a row of theirs has better ones enough to be seen."""
    order = "order by probability desc, hash(a_id, b_id)"
    return f"""
        select a, b, row_number() over (partition by a {order}) > {SEEN} or row_number() over (partition by b {order}) > {SEEN} as is_crowd
        from banded where band = 'review'"""
