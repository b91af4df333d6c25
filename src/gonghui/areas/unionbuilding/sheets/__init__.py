"""The lists of union building: one declaration each for list page, columns, conditions, export and API."""

from gonghui.areas.unionbuilding.sheets.care import AFTERCARES, AWARDS, DUTIES, LETTER_TEMPLATES
from gonghui.areas.unionbuilding.sheets.fieldwork import CHARGES, DISPUTES, SCREENING
from gonghui.areas.unionbuilding.sheets.findings import FIGURE_FINDINGS
from gonghui.areas.unionbuilding.sheets.ledger import LEDGER
from gonghui.areas.unionbuilding.sheets.lists import DIFFERENCES, EDITIONS, ENTRIES, MATCHES, TAX_MATTERS
from gonghui.areas.unionbuilding.sheets.prospects import FIGURE_PROSPECTS, PROSPECTS

__all__ = [
    "AFTERCARES",
    "AWARDS",
    "CHARGES",
    "DIFFERENCES",
    "DISPUTES",
    "DUTIES",
    "EDITIONS",
    "ENTRIES",
    "FIGURE_FINDINGS",
    "FIGURE_PROSPECTS",
    "LEDGER",
    "LETTER_TEMPLATES",
    "MATCHES",
    "PROSPECTS",
    "SCREENING",
    "TAX_MATTERS",
]
