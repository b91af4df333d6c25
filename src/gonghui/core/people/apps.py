from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig


class PeopleConfig(AreaConfig):
    name = "gonghui.core.people"
    title = _("人员")
