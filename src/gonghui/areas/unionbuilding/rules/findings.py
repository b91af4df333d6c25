"""What was found out about an employer, and what follows from it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding.rules.calls import ContactMethod


class Outcome(TextChoices):
    """What was found out. Each leads on: to the next step, to another street, to striking off, to a date."""

    EXISTS = "exists", _("在此正常经营")
    MOVED = "moved", _("已搬走")
    CLOSED = "closed", _("已停业或注销")
    DUPLICATE = "duplicate", _("重复登记")
    REFUSED = "refused", _("暂不同意建会")
    WILLING = "willing", _("愿意建会")


SOURCES = {
    ContactMethod.VISIT: "site",
    ContactMethod.PHONE: "employer",
    ContactMethod.RECORDS: "registry",
    ContactMethod.WEB: "registry",
}
"""Where a headcount comes from, by how it was found out (code list headcount_source)."""
REFUSALS = "unionbuilding_refusal"
CLOSINGS = "unionbuilding_closing"
DEREGISTERED = "deregistered"  # of CLOSINGS: taken off the commercial register
STRIKE_OFFS = "strike_off_reason"
PHOTO_BYTES = 8 * 2**20
"""A photo is at most so large."""
