"""What of the register comes in by workbook, in the order in which a district begins: employers, unions, contacts, coverage."""

from gonghui.areas.register.imports import contacts, coverages, employers, unions
from gonghui.core.exchange.importers import register

for module in (employers, unions, contacts, coverages):
    register(module.IMPORTER)
