from importlib import import_module

from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig, Page


class FiguresConfig(AreaConfig):
    name = "gonghui.core.figures"
    title = _("数据")
    group = "数据"
    pages = (
        Page(_("数据指标"), "web:figures", "figures.view"),
        Page(_("定稿数据"), "web:frozen_figures", "figures.view"),
        Page(_("见报数据"), "web:reported_figures", "figures.view"),
        Page(_("目标"), "web:targets", "figures.view"),
    )

    def ready(self) -> None:
        super().ready()
        post_migrate.connect(import_module("gonghui.core.figures.kept").install, sender=self)
