"""What of the register a district does first: its streets, its unions, its employers."""

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.core.access.roles import ROLES
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import MANAGING, Kind, Organisation
from gonghui.core.reference.queries import streets
from gonghui.web.starting import Found, Stage, register

OFFICER = ROLES["department_officer"].label


def look_at_streets(place: Organisation, actor: Actor) -> Found:
    """How many of the district's streets have their union."""
    known = len(streets(place.region.code)) if place.region else 0
    rows = Organisation.objects.visible_to(actor).under(place).active()
    count = rows.filter(kind=Kind.STREET).count()
    words = _now("已设 %(count)s 个，本区共 %(known)s 个街道（乡镇）") % {"count": count, "known": known}
    return Found(words, 0 < known <= count)


def look_at_unions(place: Organisation, actor: Actor) -> Found:
    """How many unions stand below the managing ones."""
    rows = Organisation.objects.visible_to(actor).under(place).active().exclude(kind__in=MANAGING)
    count = rows.count()
    return Found(_now("已有 %(count)s 个基层工会") % {"count": f"{count:,}"}, bool(count))


def look_at_employers(place: Organisation, actor: Actor) -> Found:
    """How many employers are on the register; the administrator does not look into it."""
    if not actor.can("register.view"):
        return Found()
    count = Employer.objects.visible_to(actor).filter(organisation_path__startswith=place.path).count()
    return Found(_now("已有 %(count)s 家单位") % {"count": f"{count:,}"}, bool(count))


def sheet_page(sheet: str) -> str:
    """Where a workbook is brought into a list."""
    return f"{reverse('web:start_import')}?sheet=register.{sheet}"


STAGES = (
    Stage(
        30,
        _("设立街道（乡镇）总工会"),
        _("从区划代码表里勾选，一次设好；已有的不会再设。"),
        OFFICER,
        "register.found_streets",
        look_at_streets,
        lambda place: reverse("register:union_step", args=[place.public_id, "streets"]),
    ),
    Stage(
        40,
        _("导入工会名册"),
        _("基层工会、联合工会、系统工会和分会，一行一个，写明上级。"),
        OFFICER,
        "register.found_union",
        look_at_unions,
        lambda place: sheet_page("unions"),
        _("去导入"),
    ),
    Stage(
        50,
        _("导入单位名册"),
        _("用人单位一行一家，按所属街道归到街道工会名下；覆盖关系另有一张表。"),
        OFFICER,
        "register.enter_employer",
        look_at_employers,
        lambda place: sheet_page("employers"),
        _("去导入"),
    ),
)


def connect() -> None:
    """Adds them to the page 开局."""
    register(*STAGES)
