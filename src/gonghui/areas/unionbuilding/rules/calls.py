"""Attempts to reach an employer, and when to try again."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContactMethod(TextChoices):
    """How an employer was looked for."""

    RECORDS = "records", _("查档案")
    PHONE = "phone", _("打电话")
    VISIT = "visit", _("上门")
    WEB = "web", _("网上查")


class AttemptResult(TextChoices):
    """What came of an attempt to reach somebody."""

    REACHED = "reached", _("通了")
    NO_ANSWER = "no_answer", _("无人接听")
    EMPTY = "empty", _("空号")
    DECLINED = "declined", _("拒绝")
    APPOINTMENT = "appointment", _("约时间")
    MET = "met", _("见到负责人")
    NOBODY = "nobody", _("上门无人")


KEYS = dict(zip("12345", list(AttemptResult)[:5], strict=True))
"""The key of each result at the call desk."""
ON_SITE = (AttemptResult.MET, AttemptResult.NOBODY, AttemptResult.DECLINED, AttemptResult.APPOINTMENT)
"""What may come of a visit."""
TAKEN_MINUTES = 15
"""For so long a firm shown at the call desk is nobody else's; whoever opens the desk again goes on with it."""
SHEET_DAYS = 3
"""For so many days the firms on a printed call sheet are whoever's printed it."""
MOST_ON_SHEET = 40
"""Firms on one call sheet: an hour's work."""


def next_day_is_due(tried_days: int, tries: int) -> bool:
    """Whether one more day is tried by telephone, after so many on which nobody answered; else somebody goes there."""
    return tried_days < tries
