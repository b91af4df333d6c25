"""P1: two registers of enterprises matched, against Splink 5 on DuckDB (training included) and recordlinkage (at 100,000 rows), in the
same run; `python3 dev.py bench linkage [--rows N …] [--seed N] [--faults tuning|heldout|FILE.toml] [--pairs 5] [--sets]`.

Timed on every side is the whole process, from two CSV files to one file of pairs: the start of Python, reading, normalising, learning,
matching, one to one, writing (ours writes its reasons in two languages as well). Sides run in turn, each in a process of its own. Peers
compare columns that `bench.linkage_columns` makes in their own process; what that takes is told apart. Everything is scored
by `bench.scoring` against the truth of `bench.registers`; ours must give the same pairs every time, and every row one partner at most.

The peers' packages are those of requirements-bench.txt. `--sets` adds the public sets of persons (`bench.linkage_sets`).
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import linkage_sets
from bench.linkage_sides import Run, in_peers, measured, ours, peer
from bench.rounds import spread

SIZES, PAIRS = (100_000, 1_000_000), 5
GOAL_CPU, GOAL_ERROR, GOAL_PRECISION, GOAL_MB, GOAL_LIMITED_MB = 0.5, 0.5, 0.995, 2048, 1024
RECORDLINKAGE_ROWS = 100_000  # more take minutes, and tell nothing new
CAREFUL = "splink, trained on ten times the pairs"


@dataclass
class Side:
    """A side, how often it runs, and what came of it."""

    name: str
    command: Sequence[str]
    rounds: int
    runs: list[Run] = field(default_factory=list)
    score: dict[str, Any] = field(default_factory=dict)
    digests: set[str] = field(default_factory=set)

    def run(self, directory: Path) -> None:
        """One more run; and its score."""
        out = directory / "pairs.parquet"
        out.unlink(missing_ok=True)
        self.runs.append(measured(self.command, directory, out))
        found = json.loads(in_peers("scoring", str(directory), str(out), "0.5"))
        self.digests.add(found["digest"])
        self.score = self.score or found
        last = self.runs[-1]
        print(f"{self.name}: {last.seconds:.1f} s, CPU {last.cpu:.1f} s, {last.memory:.0f} MB", file=sys.stderr, flush=True)

    def of(self, measure: str) -> list[float]:
        """One measure of every run."""
        return [getattr(one, measure) for one in self.runs]

    def without_columns(self) -> list[float]:
        """CPU seconds less those of making the columns that are compared."""
        return [one.cpu - one.phases.get("columns", 0.0) for one in self.runs]


def sides(rows: int, pairs: int) -> list[Side]:
    """Who runs at a size: the two that are compared in turn, then the others once."""
    found = [
        Side("ours", ours(), pairs),
        Side("splink", peer("linkage_splink"), pairs),
        Side("ours, --memory 1GB", ours("1GB"), 1),
        Side(CAREFUL, peer("linkage_splink", "1e7"), 1),
        Side("code join", peer("linkage_floor"), 1),
    ]
    return found + ([Side("recordlinkage", peer("linkage_recordlinkage"), 1)] if rows <= RECORDLINKAGE_ROWS else [])


def report(side: Side) -> None:
    """What a side took, and how good it was."""
    times = (
        f"{spread(side.of('seconds'))} s, CPU {spread(side.of('cpu'))} s, {max(side.of('memory')):.0f} MB, n={len(side.runs)}"
    )
    print(f"{side.name}: {times}")
    for what, name in (("settled", "all rows"), ("hard", "without a usable code")):
        one = side.score[what]
        print(f"    {name:<22} precision {one['precision']:.4f}  recall {one['recall']:.4f}  F1 {one['f1']:.4f}")
    best, sure = side.score["best"], side.score["at_precision"]
    print(f"    thresholds chosen on the truth, optimistic: best F1 {best['f1']:.4f} (at {best['threshold']:.4g});", end=" ")
    print(f"precision ≥ {GOAL_PRECISION}:", f"recall {sure['recall']:.4f}, F1 {sure['f1']:.4f}" if sure else "nowhere")
    phases = {name: statistics.median(one.phases[name] for one in side.runs) for name in side.runs[0].phases}
    if phases:
        kind = "seconds" if side.name.startswith("ours") else "CPU seconds"
        print(f"    {kind} by phase: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in phases.items()))


def verdicts(ran: Mapping[str, Side]) -> bool:
    """Ours against the goals; whether all are met."""
    own, splink = ran["ours"], ran["splink"]
    cpu = [mine / theirs for mine, theirs in zip(own.of("cpu"), splink.of("cpu"), strict=True)]
    bare = [mine / theirs for mine, theirs in zip(own.of("cpu"), splink.without_columns(), strict=True)]
    wall = [mine / theirs for mine, theirs in zip(own.of("seconds"), splink.of("seconds"), strict=True)]
    f1 = max(side.score["settled"]["f1"] for name, side in ran.items() if name in ("splink", CAREFUL))
    error = (1 - own.score["settled"]["f1"]) / (1 - f1)
    precision, limited = own.score["settled"]["precision"], ran["ours, --memory 1GB"]
    print(f"ours / splink: clock {spread(wall, '{:.2f}')}; CPU {spread(cpu, '{:.2f}')};", end=" ")
    print(f"CPU of all of ours / of splink without its columns {spread(bare, '{:.2f}')}")
    goals = [
        ("CPU of splink's", statistics.median(cpu), statistics.median(cpu) <= GOAL_CPU, f"≤ {GOAL_CPU}"),
        ("1 − F1 of the better splink's", error, error <= GOAL_ERROR, f"≤ {GOAL_ERROR}"),
        ("precision of the automatic band", precision, precision >= GOAL_PRECISION, f"≥ {GOAL_PRECISION}"),
        ("peak, MB", max(own.of("memory")), max(own.of("memory")) <= GOAL_MB, f"≤ {GOAL_MB}"),
        (
            "peak with --memory 1GB, MB",
            max(limited.of("memory")),
            max(limited.of("memory")) <= GOAL_LIMITED_MB,
            f"≤ {GOAL_LIMITED_MB}",
        ),
        ("different outputs of ours", len(own.digests), len(own.digests) == 1, "1"),
    ]
    for name, value, is_met, goal in goals:
        print(f"  {name}: {value:.4g} (goal {goal}): {'met' if is_met else 'MISSED'}")
    return all(is_met for _name, _value, is_met, _goal in goals)


def make(directory: Path, rows: int, seed: int, faults: str) -> None:
    """The registers, made in a process of their own, since the sides' peak memory would begin with that of this one."""
    told = ["--rows", str(rows), "--seed", str(seed), "--faults", faults]
    subprocess.run([sys.executable, "-m", "bench.registers", str(directory), *told], check=True)


def compare(rows: int, pairs: int, seed: int, faults: str) -> bool:
    """All sides at one size; whether the goals are met."""
    with tempfile.TemporaryDirectory(prefix="gonghui-linkage-") as place:
        directory = Path(place)
        make(directory, rows, seed, faults)
        found = sides(rows, pairs)
        for number in range(pairs):
            for side in found[:2] if number % 2 == 0 else found[1::-1]:
                side.run(directory)
        for side in found[2:]:
            side.run(directory)
    print(f"\n{rows:,} × {rows:,} rows, seed {seed}, faults {faults}; median (range)")
    for side in found:
        report(side)
    return verdicts({side.name: side for side in found})


def main() -> None:
    """Every size asked for; ends with status 1 where a goal was missed."""
    parser = argparse.ArgumentParser(prog="dev.py bench linkage", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--faults", default="heldout", help="tuning, heldout, or a file like those in bench/faults/")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="rounds of ours and Splink, in turn")
    parser.add_argument("--sets", action="store_true", help="the public sets of persons as well")
    options = parser.parse_args()
    if options.sets:
        linkage_sets.report_all()
    is_met = [compare(rows, options.pairs, options.seed, options.faults) for rows in options.rows]
    if not all(is_met):
        raise SystemExit("a goal was missed")


if __name__ == "__main__":
    main()
