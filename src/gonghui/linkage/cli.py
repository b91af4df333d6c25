"""`gonghui link`: two lists, or one with itself, from the command line. Needs neither a database nor Django."""

import argparse
import json
import sys

from gonghui.linkage.deduplicating import Clusters, deduplicate
from gonghui.linkage.learning import Weights
from gonghui.linkage.linking import link
from gonghui.linkage.outcome import Outcome
from gonghui.linkage.sources import Unreadable


def run(options: argparse.Namespace) -> int:
    """Matches, writes, and says in a few lines what came of it; progress goes to stderr."""
    if len(options.lists) != (1 if options.dedupe else 2):
        raise SystemExit("--dedupe takes one list." if options.dedupe else "link takes two lists; --dedupe takes one.")
    work = deduplicate if options.dedupe else link
    try:
        weights = Weights.from_dict(json.loads(options.weights.read_text(encoding="utf-8"))) if options.weights else None
        outcome = work(*options.lists, weights=weights, memory=options.memory, seed=options.seed, progress=tell)
        outcome.write(options.out)
    except (Unreadable, ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
    if options.save_weights:
        options.save_weights.write_text(json.dumps(outcome.weights.to_dict(), indent=1), encoding="utf-8")
    summarise(outcome)
    outcome.close()
    return 0


def tell(step: str, share: float) -> None:
    """One line of progress, written over the one before on a terminal."""
    print(
        f"\r{share:4.0%} {step:12}" if sys.stderr.isatty() else f"{share:4.0%} {step}",
        end="" if sys.stderr.isatty() else "\n",
        file=sys.stderr,
        flush=True,
    )


def summarise(outcome: Outcome | Clusters) -> None:
    """How many pairs there are in each band, and how precise the automatic ones should be."""
    bands = outcome.bands()
    print(
        f"auto {bands.get('auto', 0)}, review {bands.get('review', 0)}; expected precision of auto {outcome.expected_precision:.4f}",
        file=sys.stderr,
    )
