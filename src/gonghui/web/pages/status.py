"""How the installation is doing, for its administrators: the newest good backup, the last drill, the background jobs."""

import datetime as dt

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateJob

from gonghui import __version__
from gonghui.core.history.look_ups import excesses
from gonghui.core.notices.queries import undelivered
from gonghui.core.notices.senders import sender_path
from gonghui.kit import backups
from gonghui.kit.backups import Problem
from gonghui.kit.dates import now
from gonghui.kit.flow import State
from gonghui.web import desk
from gonghui.web.components import Fact
from gonghui.web.desk import DeskRequest

GOOD = State("good", gettext_lazy("备份正常"), "ok", "circle-check")
PROBLEMS = {
    Problem.NONE: State("none", gettext_lazy("还没有备份"), "bad", "alert-triangle"),
    Problem.OLD: State("old", gettext_lazy("最近的备份超过 26 小时"), "bad", "alert-triangle"),
    Problem.SAME_DISK: State("same_disk", gettext_lazy("备份和数据在同一块磁盘上"), "warn", "alert-triangle"),
}


@desk.page("web.view")
def status(request: DeskRequest) -> HttpResponse:
    """What an administrator looks at once a day."""
    backup = backups.read(settings.BACKUP_RECORD)
    wrong = [PROBLEMS[problem] for problem in backups.problems(backup, now())]
    context = {
        "states": wrong or [GOOD],
        "backup": backup_facts(backup),
        "system": system_facts(),
        "outbox": outbox_facts(request),
        "excesses": excess_facts(request),
        "try_url": reverse("web:try_sender") if request.actor.can("notices.try_sender") else "",
    }
    return render(request, "web/status.html", context)


def backup_facts(backup: backups.Backup | None) -> list[Fact]:
    """The newest good backup and the last drill."""
    if backup is None:
        return [Fact(_("最近的备份"), _("没有"))]
    return [
        Fact(_("最近的备份"), moment(backup.made_at)),
        Fact(_("位置"), f"{backup.directory}/{backup.name}"),
        Fact(_("大小"), f"{backup.size / 1_000_000:,.1f} MB"),
        Fact(_("最近一次恢复演练"), moment(backup.drilled_at) if backup.drilled_at else _("没有")),
    ]


def system_facts() -> list[Fact]:
    """Version and jobs."""
    counts = ProcrastinateJob.objects.aggregate(
        waiting=Count("pk", filter=Q(status="todo")), failed=Count("pk", filter=Q(status="failed"))
    )
    return [
        Fact(_("版本"), __version__),
        Fact(_("等待的后台任务"), str(counts["waiting"])),
        Fact(_("失败的后台任务"), str(counts["failed"])),
    ]


def outbox_facts(request: DeskRequest) -> list[Fact]:
    """What sends text messages, and how many did not leave the system."""
    waiting, failed = undelivered(request.actor)
    return [
        Fact(_("短信发送"), sender_path("sms").rpartition(".")[2] or _("没有设置")),
        Fact(_("等待发送的消息"), str(waiting)),
        Fact(_("近三十天发送失败的消息"), str(failed)),
    ]


def excess_facts(request: DeskRequest) -> list[Fact]:
    """Who has asked too often, by number, for people beyond his scope in the last thirty days."""
    return [
        Fact(row.user.name if row.user else "", f"{row.organisation.name}，{moment(row.read_at)}")
        for row in excesses(request.actor)
    ]


def moment(at: dt.datetime) -> str:
    """An instant as a clock on the wall shows it."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
