"""What comes in by workbook: the lists of other authorities."""

from gonghui.areas.unionbuilding.imports.lists import importer_of
from gonghui.areas.unionbuilding.rules import ListKind
from gonghui.core.exchange.importers import register

for kind in ListKind:
    register(importer_of(kind))
