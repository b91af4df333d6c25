from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig, Page


class WebConfig(AreaConfig):
    name = "gonghui.web"
    title = _("页面")
    group = "数据"
    pages = (
        Page(_("开局"), "web:getting_started", "reference.view"),
        Page(_("后台任务"), "web:runs", "notices.view"),
        Page(_("运行状态"), "web:status", "web.view"),
    )
