from importlib import import_module

from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig


class AccountsConfig(AreaConfig):
    name = "gonghui.core.accounts"
    title = _("账号")

    def ready(self) -> None:
        super().ready()
        import_module("gonghui.core.accounts.second_factor")  # connects its signal
