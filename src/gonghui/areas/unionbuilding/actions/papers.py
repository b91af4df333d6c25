"""Letters: drawn up from the template that holds for a federation, kept as sealed files; and the templates themselves."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.models import LetterTemplate, Paper, Prospect
from gonghui.areas.unionbuilding.queries import letter_values, template_of
from gonghui.areas.unionbuilding.rules.founding import PAPER_STATES, PaperKind
from gonghui.areas.unionbuilding.rules.papers import letters, unknown
from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.documents import filled, taken, written
from gonghui.core.files.actions import content_of, store_file
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import from_day, today, until
from gonghui.kit.text import enumerated

WHY = "the templates of a union that an action has locked"


def shipped(kind: str) -> bytes:
    """The template that is shipped, as a Word document to begin one's own with."""
    letter = letters()[kind]
    return written(letter.title, letter.lines)


def draw_up(prospect: Prospect, kind: str, *, actor: Actor, document: str, on: dt.date) -> Paper:
    """Draws a letter up inside an action that knows its number and day, and keeps it with the prospect."""
    template = template_of(kind, prospect.organisation, on)
    content = content_of(template.file) if template else shipped(kind)
    values = letter_values(prospect) | {"批复文号": document, "批复日期": day_words(on), "今天": day_words(today())}
    file = store_file(
        prospect.organisation,
        actor=actor,
        name=f"{prospect.name} {PaperKind(kind).label}.docx",
        content=filled(content, values),
        purpose=str(_("建会文书")),
        permission="unionbuilding.view",
        kept_days=None,
    )
    paper = Paper(prospect=prospect, employer_id=prospect.employer_id, kind=kind, document=document, drawn_on=on, file=file)
    paper.save(force_insert=True)
    return paper


def day_words(day: dt.date) -> str:
    """A day as letters write it."""
    return f"{day.year}年{day.month}月{day.day}日"


@action("unionbuilding.draw_up_paper", label=_("生成文书"))
def draw_up_paper(prospect: Prospect, *, actor: Actor, kind: str) -> Paper:
    """Draws a letter up with what is known now; one that was drawn up before stays beside it."""
    if prospect.state not in PAPER_STATES[kind]:
        raise Refused(_("现在的进度还不能生成“%(paper)s”") % {"paper": PaperKind(kind).label}, field="kind")
    if not Employer.objects.changeable_by(actor, "unionbuilding.draw_up_paper").filter(pk=prospect.employer_id).exists():
        raise NotAllowed("unionbuilding.draw_up_paper")
    number, on = "", today()
    if kind in (PaperKind.PREPARATION, PaperKind.RESULT):
        founding: Any = prospect.founding
        number, on = {
            PaperKind.PREPARATION: (founding.preparation_document, founding.preparation_on),
            PaperKind.RESULT: (founding.result_document, founding.result_on),
        }[PaperKind(kind)]
    return draw_up(prospect, kind, actor=actor, document=number, on=on)


@action("unionbuilding.set_template", label=_("更换文书模板"))
def set_template(organisation: Organisation, *, actor: Actor, kind: str, content: bytes, since: dt.date) -> LetterTemplate:
    """A federation's own template for a kind of letter from a day on. What is not text, form or pictures of its own is taken out of it."""
    if not organisation.is_managing:
        raise Refused(_("文书模板由区、街道或系统工会设置"))
    template = taken(content)
    if strange := unknown(template.names):
        raise Refused(_("模板里有认不出的栏目：%(names)s") % {"names": enumerated(strange)}, field="file")
    rows = LetterTemplate.objects.unscoped(WHY).filter(organisation=organisation, kind=kind, valid__upper_inf=True)
    former = rows.select_for_update(of=("self",)).first()
    if former and since <= former.valid.lower:
        raise Refused(_("日期须晚于现在这个模板的 %(day)s") % {"day": former.valid.lower}, field="since")
    if former:
        change(former, valid=until(former.valid, since))
    file = store_file(
        organisation,
        actor=actor,
        name=f"{PaperKind(kind).label}.docx",
        content=template.content,
        purpose=str(_("文书模板")),
        permission="unionbuilding.view",
        kept_days=None,
    )
    made = LetterTemplate(organisation=organisation, kind=kind, file=file, placeholders=list(template.names))
    made.valid, made.set_by_id = from_day(since), actor.user_id
    made.save(force_insert=True)
    return made


@action("unionbuilding.end_template", label=_("停用文书模板"))
def end_template(template: LetterTemplate, *, actor: Actor, on: dt.date) -> None:
    """From a day on the template of the union above holds again, or the one that is shipped."""
    if template.valid.upper is not None:
        raise Refused(_("这个模板已经停用"))
    if on < template.valid.lower:
        raise Refused(_("日期不能早于启用的 %(day)s") % {"day": template.valid.lower}, field="on")
    change(template, valid=until(template.valid, on))
