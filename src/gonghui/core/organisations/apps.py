from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig


class OrganisationsConfig(AreaConfig):
    name = "gonghui.core.organisations"
    title = _("工会组织")
