"""Names and codes in a workbook that stand for a street, looked up for all lines at once."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gonghui.areas.register.queries import UNION_ENDING, Streets, bare
from gonghui.core.exchange.importers import Circumstances, Line
from gonghui.core.exchange.suggesting import asking, suggest_names


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
        suggest_names(lines, "street", names, key=lambda name: bare(name.removesuffix(UNION_ENDING)))
