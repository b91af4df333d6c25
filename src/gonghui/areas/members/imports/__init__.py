"""Members by workbook: the change sheet, and the comparison with a list of all workers."""

from gonghui.areas.members.imports import roster, staff
from gonghui.core.exchange.importers import register

for one in (roster, staff):
    register(one.IMPORTER)
