from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig, Page


class MembersConfig(AreaConfig):
    name = "gonghui.areas.members"
    title = _("会员与会籍")
    group = "会员"
    pages = (
        Page(_("本月要办"), "members:month", "members.compare_staff"),
        Page(_("会员"), "members:members", "members.view"),
        Page(_("入会申请"), "members:applications", "members.view"),
        Page(_("会籍接转"), "members:transfers", "members.view"),
        Page(_("资料更正"), "members:corrections", "members.view"),
        Page(_("建会提醒"), "members:alerts", "register.found_union"),
        Page(_("现场受理"), "members:counter", "members.begin_counter"),
        Page(_("验卡"), "members:scanner", "members.read_card"),
        Page(_("服务点"), "members:points", "members.view"),
        Page(_("服务项目"), "members:entitlements", "members.view"),
        Page(_("疑似重复"), "members:duplicates", "people.merge_people"),
    )
