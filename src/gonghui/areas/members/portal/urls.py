"""The workers' pages of the area, and what it brings to the portal's first page and tabs."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.portal import around, card, data, home, joining, transfer, union
from gonghui.web import portal
from gonghui.web.portal import Entry

urlpatterns = [
    path("join/", joining.join, name="join"),
    path("join/notice/", joining.notice, name="notice"),
    path("application/", joining.application, name="application"),
    path("application/withdraw/", joining.withdraw, name="withdraw_application"),
    path("card/", card.card, name="card"),
    path("union/", union.union, name="union"),
    path("union/phone/", union.phone, name="officer_phone"),
    path("transfer/", transfer.transfer, name="transfer"),
    path("transfer/withdraw/", transfer.withdraw, name="withdraw_transfer"),
    path("data/", data.data, name="data"),
    path("data/download/", data.download, name="download"),
    path("data/correct/", data.correct, name="correct"),
    path("data/erase/", data.erase, name="erase"),
    path("data/withdraw/", data.withdraw, name="withdraw_correction"),
    path("points/", around.points, name="points"),
    path("entitlements/", around.entitlements, name="entitlements"),
]

portal.parts.append(home.first_page)
portal.services += [
    Entry(_("会员服务"), "portal:entitlements", "gift", _("我今天能享受的项目")),
    Entry(_("入会服务点"), "portal:points", "map-pin", _("地址、时间、电话")),
    Entry(_("我的工会"), "portal:union", "users-group", _("工会干部和电话")),
]
portal.mine += [
    Entry(_("会员卡"), "portal:card", "qrcode"),
    Entry(_("我的工会"), "portal:union", "users-group"),
    Entry(_("会籍接转"), "portal:transfer", "arrows-exchange", _("换了单位，会籍跟着走")),
    Entry(_("入会申请"), "portal:application", "clipboard-check"),
    Entry(_("我的资料"), "portal:data", "id", _("查看、下载、更正、删除")),
]
