from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig


class WebConfig(AreaConfig):
    name = "gonghui.web"
    title = _("页面")
