from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig, Page


class RegisterConfig(AreaConfig):
    name = "gonghui.areas.register"
    title = _("组织与单位")
    group = "组织"
    pages = (
        Page(_("单位"), "register:employers", "register.view"),
        Page(_("工会组织"), "register:unions", "register.view"),
        Page(_("剔除申报"), "register:strike_offs", "register.view"),
        Page(_("重复单位"), "register:duplicate_employers", "register.merge_employers"),
        Page(_("重复工会"), "register:duplicate_unions", "register.merge_unions"),
        Page(_("通讯录"), "register:contacts", "register.view"),
    )
