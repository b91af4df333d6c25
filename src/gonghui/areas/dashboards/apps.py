from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig, Page


class DashboardsConfig(AreaConfig):
    name = "gonghui.areas.dashboards"
    title = _("数据总览")
    group = "数据"
    pages = (Page(_("数据总览"), "dashboards:overview", "dashboards.view"),)
