"""Templates of letters: the federation's own ones, and the shipped ones to begin with."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.areas.unionbuilding import actions, queries
from gonghui.areas.unionbuilding.desk.founding_steps import by_code, plain
from gonghui.areas.unionbuilding.forms import founding as forms
from gonghui.areas.unionbuilding.models import LetterTemplate
from gonghui.areas.unionbuilding.rules.founding import PaperKind
from gonghui.areas.unionbuilding.rules.papers import NAMES
from gonghui.areas.unionbuilding.sheets import LETTER_TEMPLATES
from gonghui.core.actions.actor import Actor
from gonghui.core.files.actions import MEDIA_TYPES
from gonghui.core.files.models import StoredFile
from gonghui.core.organisations.models import Organisation
from gonghui.kit.flow import State
from gonghui.kit.text import enumerated
from gonghui.web import desk
from gonghui.web.components import Empty, Fact, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import StepPage, offered, step_page

HOLDS = State("holds", gettext_lazy("现行"), "ok", "circle-check")
ENDED = State("ended", gettext_lazy("已停用"), "", "circle-minus")


def set_template(place: Organisation, actor: Actor, data: dict[str, object]) -> LetterTemplate:
    """A template as it was sent."""
    file = data.pop("file")
    return actions.set_template(place, actor=actor, content=file.read(), **data)  # type: ignore[attr-defined,arg-type,no-any-return]


TEMPLATE_STEPS = by_code(
    [
        StepPage(
            "end",
            gettext_lazy("停用模板"),
            "unionbuilding.end_template",
            forms.DayForm,
            plain(actions.end_template),
            (),
            "circle-minus",
            applies=lambda one: one.valid.upper is None,
        )
    ]
)
PLACE_STEPS = by_code(
    [
        StepPage(
            "set",
            gettext_lazy("更换文书模板"),
            "unionbuilding.set_template",
            forms.TemplateForm,
            set_template,
            (),
            "file-import",
        )
    ]
)


def page_of(template: LetterTemplate) -> str:
    return reverse("unionbuilding:template", args=[template.public_id])


@desk.page("unionbuilding.view")
def index(request: DeskRequest) -> HttpResponse:
    """The federations' own templates, and the shipped ones for download."""
    text = _("没有自己的模板时，用上级工会的；都没有时用系统自带的。下载自带模板，在 Word 里改好再上传。")
    empty = Empty(_("还没有自己的模板"), text, "file-text")
    listing = Listing(request, LETTER_TEMPLATES, queries.letter_templates(request.actor), detail_url=page_of, empty=empty)
    shipped = [Link(kind.label, reverse("unionbuilding:shipped_template", args=[kind.value])) for kind in PaperKind]
    may_set = request.actor.can("unionbuilding.set_template")
    context = {"listing": listing, "shipped": shipped, "names": enumerated(NAMES), "can_set": may_set}
    return render(request, listing.template("unionbuilding/desk/templates.html"), context)


@desk.page("unionbuilding.view")
def shipped(request: DeskRequest, kind: str) -> HttpResponse:
    """A shipped template as a Word document."""
    if kind not in PaperKind.values:
        raise Http404
    response = HttpResponse(actions.shipped(kind), content_type=MEDIA_TYPES[".docx"])
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{PaperKind(kind).label}.docx") or ""
    return response


@desk.page("unionbuilding.set_template")
def begin(request: DeskRequest) -> HttpResponse:
    """A new template at the user's topmost managing union."""
    places = Organisation.objects.changeable_by(request.actor, "unionbuilding.set_template").managing().active()
    place = places.order_by("path").first()
    return redirect("unionbuilding:place_template", place.public_id) if place else desk.refused(request)


@desk.page("unionbuilding.view")
def place(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """A new template at a union."""
    union = found(Organisation.objects.visible_to(request.actor), public_id)
    back = reverse("unionbuilding:templates")
    return step_page(request, PLACE_STEPS, "set", union, back=back, crumbs=[Link(_("文书模板"), back)])


@desk.page("unionbuilding.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One template."""
    actor, template = request.actor, found(queries.letter_templates(request.actor), public_id)
    file = StoredFile.objects.visible_to(actor).filter(pk=template.file_id).first()
    context = {
        "title": template.get_kind_display(),
        "sub": template.holder_name,
        "state": ENDED if template.valid.upper else HOLDS,
        "facts": [
            Fact(_("模板文件"), file.name if file else "", reverse("web:file", args=[file.public_id]) if file else ""),
            Fact(_("从哪天起"), str(template.valid.lower)),
            Fact(_("停用日期"), str(template.valid.upper or "")),
            Fact(_("用到的栏目"), enumerated(template.placeholders)),
        ],
    }
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(template)})
    context |= {
        "crumbs": [Link(_("文书模板"), reverse("unionbuilding:templates")), Link(template.get_kind_display())],
        "steps": offered(TEMPLATE_STEPS, template, actor, lambda code: step_url(template, code)),
        **record_context(template, actor, []),
    }
    return render(request, "web/record.html", context)


def step_url(template: LetterTemplate, code: str) -> str:
    return reverse("unionbuilding:template_step", args=[template.public_id, code])


@desk.page("unionbuilding.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Ends a template."""
    template = found(queries.letter_templates(request.actor), public_id)
    crumbs = [Link(_("文书模板"), reverse("unionbuilding:templates"))]
    return step_page(request, TEMPLATE_STEPS, step, template, back=page_of(template), crumbs=crumbs)
