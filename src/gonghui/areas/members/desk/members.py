"""Members: list, record, steps."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.members import queries
from gonghui.areas.members.actions import neutral
from gonghui.areas.members.desk import papers
from gonghui.areas.members.desk.steps import ENTRY_STEPS, MEMBER_STEPS
from gonghui.areas.members.models import Employment, Membership, Spell, Transfer
from gonghui.areas.members.rules import MEMBERSHIP_FLOW, CardState
from gonghui.areas.members.sheets import CARD_STATES, MEMBERS
from gonghui.areas.register.queries import seen
from gonghui.core.actions.actor import Actor
from gonghui.core.history.timeline import Part
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import IdentityDocument, Person
from gonghui.core.reference.queries import names
from gonghui.web import desk
from gonghui.web.components import Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import offered, step_page


def page_of(membership: Membership) -> str:
    return reverse("members:member", args=[membership.public_id])


def step_url(membership: Membership, code: str) -> str:
    return reverse("members:member_step", args=[membership.public_id, code])


def crumb() -> Link:
    """The list."""
    return Link(_("会员"), reverse("members:members"))


def union_url(union: Organisation | None) -> str:
    """The page of a union that the user sees."""
    return reverse("register:union", args=[union.public_id]) if union else ""


@desk.page("members.view")
def index(request: DeskRequest) -> HttpResponse:
    """The members of the user's unions."""
    listing = Listing(request, MEMBERS, queries.members(request.actor), detail_url=page_of)
    links = [
        Link(step.label, reverse("members:enter", args=[step.code]), detail=step.icon)
        for step in ENTRY_STEPS.values()
        if request.actor.can(step.permission)
    ]
    return render(request, listing.template("members/desk/members.html"), {"listing": listing, "links": links})


@desk.page("members.view")
def enter(request: DeskRequest, step: str) -> HttpResponse:
    """Registers a member, or asks for the membership of somebody new, at one of the user's unions."""
    if step not in ENTRY_STEPS:
        raise Http404
    rows = Organisation.objects.changeable_by(request.actor, ENTRY_STEPS[step].permission).active()
    if (place := rows.order_by("path").first()) is None:
        return desk.refused(request)

    def told(result: Membership | Transfer) -> HttpResponse:
        if isinstance(result, Transfer):
            messages.success(request, neutral(result))
            return redirect("members:transfer", result.public_id)
        messages.success(request, str(ENTRY_STEPS[step].said))
        return redirect(page_of(result))

    back = reverse("members:members")
    return step_page(request, ENTRY_STEPS, step, place, back=back, crumbs=[crumb()], finish=told)


@desk.page("members.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One membership, and the person whose it is."""
    actor, membership = request.actor, found(queries.members(request.actor), public_id)
    moves = list(queries.transfers(actor).filter(membership=membership).order_by("-requested_on", "-pk"))
    context: dict[str, Any] = {
        "membership": membership,
        "title": membership.name,
        "sub": "，".join(part for part in (membership.holder_name, membership.place) if part),
        "state": MEMBERSHIP_FLOW.state(membership.state),
        "state_note": state_note(membership, moves),
        "facts": facts(membership, actor),
        "next": next_step(membership, moves, actor),
    }
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(membership)})
    context |= {
        "crumbs": [crumb(), Link(membership.name)],
        "steps": offered(MEMBER_STEPS, membership, actor, lambda code: step_url(membership, code), context["next"]),
        "person_facts": person_facts(membership.person),
        "works": queries.works_of(membership.person, actor),
        "spells": queries.spells_of(membership, actor),
        "moves": moves,
    }
    context |= record_context(membership, actor, parts_of(membership))
    return render(request, "members/desk/member.html", context)


def parts_of(membership: Membership) -> list[Part]:
    """What is told beside the membership: its spells and transfers, and what happened to the person."""
    person = membership.person_id
    return [
        Part(Spell, "membership"),
        Part(Transfer, "membership"),
        Part(Person, "pgh_obj", of=person),
        Part(Employment, "person", of=person),
        Part(IdentityDocument, "person", of=person),
    ]


def state_note(membership: Membership, moves: list[Any]) -> str:
    """What the state rests on, or until when somebody must answer."""
    if membership.state == "in_transfer" and moves:
        return transfer_words(moves[0])
    if membership.retained:
        return str(membership.get_retained_display())
    if membership.ended_on:
        return _("%(day)s，%(reason)s") % {"day": membership.ended_on, "reason": membership.reason}
    return ""


def transfer_words(transfer: Any) -> str:
    """Where a membership is going, and until when somebody must answer."""
    limit = str(transfer.due_on or "") + (_("（暂定）") if transfer.is_tentative else "")
    return _("接转到 %(union)s，最迟 %(day)s 答复") % {"union": transfer.target_name, "day": limit}


def next_step(membership: Membership, moves: list[Any], actor: Actor) -> Next | None:
    """The transfer under way, the resting membership, or the number that is missing."""
    path = membership.organisation_path
    if membership.state == "in_transfer" and moves:
        return Next(_("办理会籍接转"), reverse("members:transfer", args=[moves[0].public_id]), button=_("看这件接转"))
    if membership.state == "retained" and actor.can_at("members.resume_member", path):
        return Next(MEMBER_STEPS["resume"].label, step_url(membership, "resume"))
    is_silent = membership.state == "active" and not membership.person.phone_masked
    if is_silent and actor.can_at("people.edit_person", path):
        return Next(_("补登手机号，本人才收得到消息"), step_url(membership, "edit"), button=_("补登"))
    return None


@desk.page("members.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """One step on a membership or its person; a number is shown once, a card is printed."""
    membership = found(queries.members(request.actor), public_id)
    back = page_of(membership)

    def number(value: str) -> HttpResponse:
        crumbs = [crumb(), Link(membership.name, back), Link(MEMBER_STEPS["reveal"].label)]
        context = {"title": membership.name, "number": value, "back": back, "crumbs": crumbs}
        return render(request, "web/number.html", context)

    def card(code: str) -> HttpResponse:
        return papers.answer(papers.card_name(membership), papers.cards([(membership, code)]))

    finish = {"reveal": number, "print": card}.get(step)
    return step_page(request, MEMBER_STEPS, step, membership, back=back, crumbs=[crumb()], finish=finish)


def facts(membership: Any, actor: Actor) -> list[Fact]:
    """What the membership says; full numbers one by one, with a reason."""
    person = membership.person
    union = seen([membership.organisation_id], actor).get(membership.organisation_id)
    may_reveal = actor.can_at("members.reveal", membership.organisation_path)
    look = Link(_("查看"), step_url(membership, "reveal")) if may_reveal else None
    return [
        Fact(_("所在工会"), membership.holder_name, union_url(union)),
        Fact(_("入会日期"), membership.joined_on.isoformat()),
        Fact(_("入会方式"), membership.get_door_display()),
        Fact(_("单体入会"), _("是") if membership.is_individual else _("否")),
        Fact(_("证件号码"), person.document_masked, link=look if person.document_masked else None),
        Fact(_("手机号"), person.phone_masked, link=look if person.phone_masked else None),
        Fact(_("京卡"), state=CARD_STATES[CardState(membership.card_state)]),
        Fact(_("京卡卡号"), membership.card_masked, link=look if membership.card_masked else None),
    ]


def person_facts(person: Person) -> list[Fact]:
    """What is known of the person."""
    groups = names("special_group")
    return [
        Fact(_("性别"), person.get_sex_display()),
        Fact(_("出生日期"), person.born_on.isoformat() if person.born_on else ""),
        Fact(_("民族"), person.ethnicity),
        Fact(_("学历"), names("education").get(person.education, person.education)),
        Fact(_("政治面貌"), names("politics").get(person.politics, person.politics)),
        Fact(_("技能等级"), names("skill_level").get(person.skill_level, person.skill_level)),
        Fact(_("户籍"), "，".join(filter(None, (names("household").get(person.household, ""), person.household_place)))),
        Fact(_("籍贯"), person.native_place),
        Fact(_("农民工"), _("是") if person.is_migrant else _("否")),
        Fact(_("特殊群体"), _("、").join(groups.get(code, code) for code in person.special_groups)),
    ]
