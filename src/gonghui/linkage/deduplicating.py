"""`deduplicate`: which rows of one list are the same firm. The list is matched with itself; what hangs together is a cluster."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from gonghui.linkage import linking, sources
from gonghui.linkage.dialect import quoted
from gonghui.linkage.learning import Weights
from gonghui.linkage.outcome import Decision, Outcome, Pair


class Clusters:
    """Groups of rows that are the same firm, of two rows at least; and the pairs that made them, or that somebody should look at."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.weights = outcome.weights

    @property
    def expected_precision(self) -> float:
        """The share of right pairs that the scores promise in the automatic band."""
        return self.outcome.expected_precision

    def bands(self) -> dict[str, int]:
        """How many pairs each band has."""
        return self.outcome.bands()

    def pairs(self) -> Iterator[Pair]:
        """Every pair, as of two lists."""
        return self.outcome.pairs()

    def clusters(self) -> Iterator[tuple[str, ...]]:
        """The ids of each cluster in order, clusters in the order of their first."""
        rows = self.outcome.workspace.run("select list(id order by id) from clusters group by cluster order by cluster")
        while batch := rows.fetchmany(1000):
            yield from (tuple(ids) for (ids,) in batch)

    def write(self, path: str | Path) -> None:
        """Writes `id, cluster` of every row in a cluster, as CSV where the name ends so and as Parquet otherwise."""
        form = "csv, header" if str(path).lower().endswith(".csv") else "parquet, compression zstd"
        self.outcome.workspace.run(
            f"copy (select id, cluster from clusters order by cluster, id) to {quoted(str(path))} (format {form})"
        )

    def close(self) -> None:
        """Throws the working tables away."""
        self.outcome.close()


def deduplicate(
    a: sources.Source,
    *,
    decisions: Iterable[Decision] = (),
    weights: Weights | None = None,
    memory: str = "2GB",
    seed: int = 1,
    progress: linking.Progress | None = None,
) -> Clusters:
    """Finds the rows of one list that are the same firm; as `link`, which tells the parameters."""
    outcome = linking.run(a, None, decisions, weights, memory, seed, progress)
    connect(outcome)
    return Clusters(outcome)


def connect(outcome: Outcome) -> None:
    """The table `clusters(id, cluster)`: rows that automatic pairs connect, under the smallest id among them."""
    leaders: dict[str, str] = {}

    def leader(one: str) -> str:
        while (above := leaders.get(one, one)) != one:
            leaders[one] = leaders.get(above, above)
            one = above
        return one

    rows = outcome.workspace.run("select a_id, b_id from pairs where band = 'auto'")
    while batch := rows.fetchmany(5000):
        for pair in batch:
            low, high = sorted(map(leader, pair))
            leaders[low], leaders[high] = low, low
    members = sorted(leaders)
    outcome.workspace.run("create or replace table clusters (id varchar, cluster varchar)")
    outcome.workspace.run("insert into clusters select unnest(?), unnest(?)", [members, [leader(one) for one in members]])
