from django.utils.translation import gettext_lazy as _

from gonghui.kit.areas import AreaConfig, Page


class FilesConfig(AreaConfig):
    name = "gonghui.core.files"
    title = _("文件")
    group = "数据"
    pages = (Page(_("文件"), "web:files", "files.view"),)
