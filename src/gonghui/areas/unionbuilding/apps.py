from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig, Page


class UnionBuildingConfig(AreaConfig):
    name = "gonghui.areas.unionbuilding"
    title = _("建会工作")
    group = "建会"
    pages = (
        Page(_("建会对象"), "unionbuilding:prospects", "unionbuilding.view"),
        Page(_("建会进展"), "unionbuilding:progress", "unionbuilding.view"),
        Page(_("打电话"), "unionbuilding:calls", "unionbuilding.take_call"),
        Page(_("筛查"), "unionbuilding:screening", "register.propose_strike_off"),
        Page(_("认领异议"), "unionbuilding:disputes", "unionbuilding.view"),
        Page(_("包片"), "unionbuilding:charges", "unionbuilding.view"),
        Page(_("建会后续"), "unionbuilding:aftercares", "unionbuilding.view"),
        Page(_("建会奖补"), "unionbuilding:awards", "unionbuilding.view"),
        Page(_("未建会"), "unionbuilding:ledger", "unionbuilding.view"),
        Page(_("名单比对"), "unionbuilding:editions", "unionbuilding.view"),
    )
