"""Files: the list, the page of one, and the only address that gives contents out."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.exports import exportable
from gonghui.core.files.actions import open_file, remove_file
from gonghui.core.files.models import StoredFile
from gonghui.core.files.queries import file_for, files
from gonghui.kit.columns import Column, Contains, Sheet
from gonghui.web import desk
from gonghui.web.components import Empty, Fact, Link
from gonghui.web.desk import DeskRequest
from gonghui.web.listing import Listing

FILES = Sheet(
    "files.files",
    gettext_lazy("文件"),
    columns=(
        Column("name", gettext_lazy("文件名"), sort="name", link=True, filter=Contains("name", gettext_lazy("文件名"))),
        Column("size", gettext_lazy("大小"), accessor=lambda file: filesizeformat(file.size).replace("\xa0", " "), sort="size"),
        Column("purpose", gettext_lazy("用途")),
        Column("made_by", gettext_lazy("生成人"), accessor="made_by.name", p3=True),
        Column("stored_at", gettext_lazy("生成时间"), kind="date", sort="stored_at"),
        Column("kept_until", gettext_lazy("保留至"), kind="date", sort="kept_until"),
    ),
    default_sort="-stored_at",
    unit=gettext_lazy("个"),
)


def page_of(file: StoredFile) -> str:
    return reverse("web:file", args=[file.public_id])


exportable(FILES, permission="files.view", rows=files)


@desk.page("files.view")
def index(request: DeskRequest) -> HttpResponse:
    """The files the user sees that have not run out."""
    text = _("导出的表、导入的结果会放在这里，到期自动删除。")
    listing = Listing(
        request, FILES, files(request.actor), detail_url=page_of, has_drawer=False, empty=Empty(_("还没有文件"), text, "inbox")
    )
    return render(request, listing.template("web/list.html"), {"listing": listing})


def asked_for(actor: Actor, public_id: UUID) -> StoredFile:
    """The file, if the actor may have it at this moment; the same 404 for every reason why not."""
    file = file_for(actor, public_id)
    if file is None:
        raise Http404
    return file


@desk.page("files.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """A file's page; posted to, the content as an attachment, after the rights were asked for anew and the reading was logged."""
    file = asked_for(request.actor, public_id)
    if request.method == "POST":
        return attachment(file, open_file(file, actor=request.actor))
    context = {
        "file": file,
        "facts": facts(file),
        "can_remove": StoredFile.objects.changeable_by(request.actor, "files.remove_file").filter(pk=file.pk).exists(),
        "crumbs": [Link(_("文件"), reverse("web:files")), Link(file.name)],
    }
    return render(request, "web/file.html", context)


@require_POST
@desk.page("files.remove_file")
def remove(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Removes a file before its time."""
    remove_file(asked_for(request.actor, public_id), actor=request.actor)
    messages.success(request, _("已删除"))
    return redirect("web:files")


def attachment(file: StoredFile, content: bytes) -> HttpResponse:
    """A content to be kept and never shown in the browser; its name in any script (RFC 6266, RFC 5987)."""
    return HttpResponse(
        content,
        content_type=file.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, file.name),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def facts(file: StoredFile) -> list[Fact]:
    """What is known of a file."""
    return [
        Fact(_("大小"), filesizeformat(file.size)),
        Fact(_("用途"), file.purpose),
        Fact(_("生成人"), file.made_by.name if file.made_by else _("系统")),
        Fact(_("生成时间"), f"{timezone.localtime(file.stored_at):%Y-%m-%d %H:%M}"),
        Fact(_("保留至"), file.kept_until.isoformat() if file.kept_until else _("一直保留")),
        Fact(_("校验码"), file.sha256[:16], copy=file.sha256),
    ]
