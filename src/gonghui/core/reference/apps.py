from importlib import import_module

from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig, Page


class ReferenceConfig(AreaConfig):
    name = "gonghui.core.reference"
    title = _("参数与代码")
    group = "数据"
    pages = (Page(_("参数"), "web:parameters", "reference.view"), Page(_("工作日历"), "web:calendar", "reference.view"))

    def ready(self) -> None:
        super().ready()
        post_migrate.connect(import_module("gonghui.core.reference.loading").load, sender=self)
