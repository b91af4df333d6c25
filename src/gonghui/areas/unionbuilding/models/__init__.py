"""Tables of union building, a module for each part of the work."""

from gonghui.areas.unionbuilding.models.awards import Award, AwardLine
from gonghui.areas.unionbuilding.models.care import Aftercare, Duty
from gonghui.areas.unionbuilding.models.claims import Charge, Claim, Dispute
from gonghui.areas.unionbuilding.models.fieldwork import Attempt, Finding
from gonghui.areas.unionbuilding.models.founding import Candidate, Founding, LetterTemplate, Paper
from gonghui.areas.unionbuilding.models.lists import Difference, Edition, Entry, Payment
from gonghui.areas.unionbuilding.models.matching import Learned, Match, Verdict
from gonghui.areas.unionbuilding.models.nursery import Crossing
from gonghui.areas.unionbuilding.models.prospects import Prospect
from gonghui.areas.unionbuilding.models.stages import Stage
from gonghui.areas.unionbuilding.models.tax_matters import TaxMatter

__all__ = [
    "Aftercare",
    "Attempt",
    "Award",
    "AwardLine",
    "Candidate",
    "Charge",
    "Claim",
    "Crossing",
    "Difference",
    "Dispute",
    "Duty",
    "Edition",
    "Entry",
    "Finding",
    "Founding",
    "Learned",
    "LetterTemplate",
    "Match",
    "Paper",
    "Payment",
    "Prospect",
    "Stage",
    "TaxMatter",
    "Verdict",
]
