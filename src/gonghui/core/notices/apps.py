from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig


class NoticesConfig(AreaConfig):
    name = "gonghui.core.notices"
    title = _("待办")
