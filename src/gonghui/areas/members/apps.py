from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig


class MembersConfig(AreaConfig):
    name = "gonghui.areas.members"
    title = _("会员与会籍")
    group = "会员"
