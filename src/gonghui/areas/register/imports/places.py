"""Names and codes in a workbook that stand for a street, looked up for all lines at once."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from gonghui.areas.register.sheets import WORDS
from gonghui.core.actions.door import beyond_scope
from gonghui.core.exchange.importers import Circumstances, Line
from gonghui.core.exchange.suggesting import asking, suggest_names
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.organisations.queries import ancestors
from gonghui.core.reference.models import Region
from gonghui.kit.text import plain

WHY = "which street union a street of a workbook belongs to"
ENDINGS, UNION = WORDS["places"]["street_endings"], WORDS["places"]["union_ending"]


def district_of(organisation: Organisation) -> Region | None:
    """The district that a union works in: its own, or that of the nearest union above which has one."""
    for union in reversed(ancestors(organisation)):
        region = union.region
        while region is not None and region.level != Region.Level.DISTRICT:
            region = region.parent
        if region is not None:
            return region
    return None


class Streets:
    """The streets of one district by every name they answer to, and the unions of their territory."""

    def __init__(self, organisation: Organisation) -> None:
        district = district_of(organisation)
        rows = Region.objects.filter(level=Region.Level.STREET, has_union_territory=True).order_by("code")
        self.streets = list(rows.filter(parent=district)) if district else []
        self.names: dict[str, list[Region]] = defaultdict(list)
        for street in self.streets:
            for name in {street.name, street.code, *street.aliases, bare(street.name), *map(bare, street.aliases)}:
                self.names[name].append(street)
        with beyond_scope(WHY):
            unions = Organisation.objects.unscoped(WHY).filter(kind=Kind.STREET, state="active", region__in=self.streets)
            self.unions = {union.region_id: union for union in unions.order_by("-pk")}

    def called(self, text: str) -> Region | None:
        """The one street of this name or code, if there is exactly one."""
        text = plain(text).removesuffix(UNION)
        found = self.names.get(text) or self.names.get(text[:9]) or self.names.get(bare(text)) or []
        return found[0] if len(found) == 1 else None


def bare(name: str) -> str:
    """A street's name without the words that any street's may end with; never empty."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def set_streets(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Puts the street of each line into `found["street"]`; a name that is none of the district's is refused."""
    asked = [line for line in lines if line.get("street")]
    streets = Streets(circumstances.organisation) if asked else None
    called = {text: streets.called(text) if streets else None for text in {line.values["street"] for line in asked}}
    for line in asked:
        street = called[line.values["street"]]
        if street is None:
            line.refuse("street", _("本区没有“%(name)s”这个街道（乡镇），请核对") % {"name": line.values["street"][:20]})
        else:
            line.found["street"] = street
            line.found["street_union"] = streets.unions.get(street.pk) if streets else None


def suggest_streets(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """The streets of the district whose names are nearest, the words left out that any street's may end with."""
    if asking(lines, "street"):
        names = [street.name for street in Streets(circumstances.organisation).streets]
        suggest_names(lines, "street", names, key=lambda name: bare(name.removesuffix(UNION)))
