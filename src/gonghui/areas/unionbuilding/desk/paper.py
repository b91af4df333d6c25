"""What is printed of union building. PDF by typst."""

from collections.abc import Sequence
from pathlib import Path

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gonghui.areas.unionbuilding.actions import Call
from gonghui.areas.unionbuilding.rules import KEYS, AttemptResult
from gonghui.core.actions.actor import Actor
from gonghui.core.reference.queries import names
from gonghui.kit.dates import today
from gonghui.kit.paper import typeset
from gonghui.kit.text import beside

PAPER = Path(__file__).parent.parent / "paper"


def call_sheet(calls: Sequence[Call], actor: Actor) -> HttpResponse:
    """The firms to call with their numbers and boxes to tick; a PDF that the browser saves and nothing keeps."""
    posts = names("post")
    data = {
        "title": _("电话单"),
        "day": _("%(day)s 打印，共 %(count)s 家，%(name)s") % {"day": today(), "count": len(calls), "name": actor.name},
        "note": _("号码只用于建会联系，录入结果后请销毁。"),
        "heads": [_("序号"), _("单位"), _("联系人"), _("电话"), _("结果"), _("说明和约定时间")],
        "results": [str(AttemptResult(result).label) for result in KEYS.values()],
        "rows": [
            {
                "number": str(number),
                "name": call.claim.prospect.name,
                "detail": beside((call.claim.prospect.address, _("认领到 %(day)s") % {"day": call.claim.until})),
                "contact": beside((call.contact.name, posts.get(call.contact.post, ""))),
                "phone": call.number,
            }
            for number, call in enumerate(calls, 1)
        ],
    }
    response = HttpResponse(typeset(PAPER / "calls.typ", data), content_type="application/pdf")
    name = _("电话单_%(day)s.pdf") % {"day": f"{today():%Y%m%d}"}
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
