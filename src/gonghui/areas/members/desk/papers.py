"""What is printed of members: cards, a slip for who has just joined, rosters. PDF by typst."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gonghui.areas.members.models import Membership
from gonghui.areas.members.rules import MEMBERSHIP_FLOW
from gonghui.kit import qr
from gonghui.kit.dates import today
from gonghui.kit.paper import typeset
from gonghui.web.bulk import Gathered, Given

PAPER = Path(__file__).parent.parent / "paper"
Printed = Sequence[tuple[Any, str]]  # (membership as queries.members reads it, what `print_member` answered)


def answer(name: str, content: bytes) -> HttpResponse:
    """A PDF that the browser saves and nothing keeps."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def card_name(membership: Any) -> str:
    """What the file of one card is called."""
    return _("会员卡_%(name)s.pdf") % {"name": membership.name}


def cards(printed: Printed) -> bytes:
    """Cards of paper, ten to a sheet of A4, to be cut. What somebody reads on it is his; the code is checked by the scanner."""
    data = {
        "title": _("工会会员卡"),
        "brand": settings.BRAND or _("总工会"),
        "joined": _("入会日期"),
        "note": _("出示时请同时带上身份证件。卡上的码由工会工作人员查验。"),
        "cards": [one_card(membership, code) for membership, code in printed if code],
    }
    return typeset(PAPER / "cards.typ", data)


def one_card(membership: Any, code: str) -> dict[str, Any]:
    """One card."""
    return {
        "name": membership.name,
        "union": membership.holder_name,
        "joined": membership.joined_on,
        "qr": qr.svg(code),
    }


def roster(printed: Printed) -> bytes:
    """The members as a list with their numbers masked, to be read out, signed and kept."""
    data = {
        "title": _("会员名册"),
        "brand": settings.BRAND or _("总工会"),
        "day": _("%(day)s 打印，共 %(count)s 人") % {"day": today(), "count": len(printed)},
        "heads": [_("序号"), _("姓名"), _("性别"), _("证件号码"), _("单位"), _("入会日期"), _("会籍"), _("签名")],
        "rows": [roster_row(number, one) for number, (one, _code) in enumerate(printed, 1)],
    }
    return typeset(PAPER / "roster.typ", data)


def roster_row(number: int, membership: Any) -> list[str]:
    """One line."""
    person = membership.person
    return [
        str(number),
        membership.name,
        str(person.get_sex_display()),
        person.document_masked,
        membership.place or "",
        membership.joined_on.isoformat(),
        str(MEMBERSHIP_FLOW.state(membership.state).label),
        "",
    ]


def gathered_cards(answers: Sequence[tuple[Membership, str]], given: Given) -> Gathered:
    """The cards of all members chosen, as a file."""
    name = _("会员卡_%(day)s_%(count)s 张.pdf") % {"day": f"{today():%Y%m%d}", "count": len(answers)}
    return Gathered(name, cards(answers), _("打印会员卡"))


def gathered_roster(answers: Sequence[tuple[Membership, str]], given: Given) -> Gathered:
    """The roster of all members chosen, as a file."""
    name = _("会员名册_%(day)s_%(count)s 人.pdf") % {"day": f"{today():%Y%m%d}", "count": len(answers)}
    return Gathered(name, roster(answers), _("打印会员名册"))
