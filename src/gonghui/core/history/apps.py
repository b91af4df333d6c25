from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig


class HistoryConfig(AreaConfig):
    name = "gonghui.core.history"
    title = _("时间线")
