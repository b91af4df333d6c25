from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig, Page


class FiguresConfig(AreaConfig):
    name = "gonghui.core.figures"
    title = _("数据")
    group = "数据"
    pages = (Page(_("数据指标"), "web:figures", "figures.view"),)
