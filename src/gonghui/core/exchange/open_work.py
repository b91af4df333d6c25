"""What is open of a person: the imports in his name that are neither done nor given up."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.core.access.open_work import OpenItem, OpenWork, Succession, open_work
from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.importers import importers
from gonghui.core.exchange.models import BATCH_FLOW, Batch
from gonghui.kit.text import Text

UNDER_WAY = ("uploaded", "mapped", "checked", "importing", "undoing")


def begun(succession: Succession) -> Q:
    """His imports at or below the organisation he leaves."""
    path = succession.organisation.path
    return Q(started_by=succession.leaver, organisation_path__startswith=path, state__in=UNDER_WAY)


def shown(batch: Batch, actor: Actor) -> OpenItem:
    """The import; its file is named to who may import into that list."""
    importer = importers.get(batch.sheet)
    what = {
        "list": importer.sheet.label if importer else batch.sheet,
        "day": timezone.localdate(batch.started_at),
        "state": BATCH_FLOW.state(batch.state).label,
    }
    title = _("导入%(list)s，%(day)s 上传，%(state)s") % what
    if importer is None or not actor.can_at(importer.permission, batch.organisation_path):
        return OpenItem(title)
    return OpenItem(f"{title}（{batch.file_name}）", reverse("web:import", args=[batch.public_id]))


def obstacle(batch: Batch, heir: Actor) -> Text:
    """A job that writes cannot change hands; and who may not import there could do nothing with it."""
    if batch.state == "importing":
        return _("正在导入，等它完成或放弃后再交接")
    if batch.state == "undoing":
        return _("正在撤销，等它完成后再交接")
    if not heir.can_at("exchange.apply_batch", batch.organisation_path):
        return _("接手人在这里没有导入的权限，请先授予角色，或放弃这次导入")
    return ""


open_work(
    OpenWork(
        "exchange.batches",
        gettext_lazy("未完成的导入"),
        Batch,
        begun,
        lambda succession: {"started_by": succession.successor},
        shown,
        obstacle,
    )
)
