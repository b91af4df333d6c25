from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig, Page


class ExchangeConfig(AreaConfig):
    name = "gonghui.core.exchange"
    title = _("导入导出")
    group = "数据"
    pages = (Page(_("导入导出"), "web:imports", "exchange.view"),)
