from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig, Page


class AccessConfig(AreaConfig):
    name = "gonghui.core.access"
    title = _("账号与授权")
    group = "数据"
    pages = (
        Page(_("授权"), "web:grants", "access.view"),
        Page(_("账号开通"), "web:invitations", "access.view"),
        Page(_("接口令牌"), "web:tokens", "access.issue_token"),
    )
