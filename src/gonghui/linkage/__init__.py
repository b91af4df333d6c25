"""Which rows of two lists, or of one, are the same firm: matches registers of employers, with the reasons for every pair.

Stands alone: no Django, no database of ours, no code of an area. `docs/linkage.md` tells the model and the interface.
"""

from gonghui.linkage.deduplicating import Clusters, deduplicate
from gonghui.linkage.learning import Weights
from gonghui.linkage.linking import link
from gonghui.linkage.outcome import Decision, Evidence, Outcome, Pair
from gonghui.linkage.sources import Unreadable, postgres

__all__ = ["Clusters", "Decision", "Evidence", "Outcome", "Pair", "Unreadable", "Weights", "deduplicate", "link", "postgres"]
