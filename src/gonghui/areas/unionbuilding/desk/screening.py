"""What there is evidence against, to be proposed for striking off many at a time; what waits at the district stands in the register."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.desk.field import page_of
from gonghui.areas.unionbuilding.sheets import SCREENING
from gonghui.web import desk
from gonghui.web.components import Empty, Link
from gonghui.web.desk import DeskRequest
from gonghui.web.listing import Listing


@desk.page("unionbuilding.view")
def index(request: DeskRequest) -> HttpResponse:
    """The prospects that were found closed or doubled, that nobody ever reached, or that a list has no more."""
    text = _("核实为停业、重复的，打电话和上门都找不到人的，或新一版名单里不再出现的，会列在这里，可以成批申报剔除。")
    empty = Empty(_("没有可筛查的单位"), text, "circle-check")
    listing = Listing(request, SCREENING, queries.screened(request.actor), detail_url=page_of, empty=empty)
    waiting = Link(_("待区总工会审核"), f"{reverse('register:strike_offs')}?state=proposed", detail="hourglass")
    return render(request, listing.template("unionbuilding/desk/list.html"), {"listing": listing, "links": [waiting]})
