"""Members for programs: memberships, applications, transfers. The lists are the desk's sheets, masked as there; the writes its forms
and actions."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy
from ninja import Field, Query, Schema

from gonghui.areas.members import actions, forms, queries
from gonghui.areas.members.models import Application, Transfer
from gonghui.areas.members.rules import OPEN_TRANSFER
from gonghui.areas.members.sheets import APPLICATIONS, MEMBERS, TRANSFERS
from gonghui.core.actions.action import NotAllowed
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import public_ids
from gonghui.kit.columns import Filter, Sheet
from gonghui.web.api.entrance import ApiRequest, endpoint, router
from gonghui.web.api.lists import Reference, answer, page_of, query_of, row_of, shown
from gonghui.web.api.writes import body_of, cleaned

member_routes, application_routes, transfer_routes = router("members"), router("applications"), router("transfers")


def below(link: str) -> Any:
    """A condition: the union in this foreign key is at or below any of those named that one sees."""

    def narrow(rows: Any, values: list[UUID]) -> Any:
        return rows.filter(**{f"{link}__in": queries.unions_below(values)})

    return narrow


def by_public_ids(sheet: Sheet, **links: str) -> Sheet:
    """The sheet with conditions on unions asked by public ids instead of paths of ours."""
    references: dict[str, Filter] = {
        code: Reference(code, gettext_lazy("工会组织"), path=below(link)) for code, link in links.items()
    }
    return replace(sheet, filters=tuple(references.get(one.code, one) for one in sheet.filters))


MEMBER_LIST = by_public_ids(MEMBERS, managing="organisation")
APPLICATION_LIST = by_public_ids(APPLICATIONS, managing="organisation")
TRANSFER_LIST = by_public_ids(TRANSFERS, origin="origin", target="target")
MemberQuery, MemberRowOut = query_of(MEMBER_LIST, "MemberQuery"), row_of(MEMBER_LIST, "MemberRow")
ApplicationQuery, ApplicationRowOut = query_of(APPLICATION_LIST, "ApplicationQuery"), row_of(APPLICATION_LIST, "ApplicationRow")
TransferQuery, TransferRowOut = query_of(TRANSFER_LIST, "TransferQuery"), row_of(TRANSFER_LIST, "TransferRow")
MembersOut, ApplicationsOut = page_of(MemberRowOut, "Members"), page_of(ApplicationRowOut, "Applications")
TransfersOut = page_of(TransferRowOut, "Transfers")


class MemberOut(MemberRowOut):  # type: ignore[misc,valid-type]
    """A membership, with the transfer under way."""

    union: UUID | None = Field(description="the union that holds it")
    transfer: UUID | None = Field(description="the transfer under way, if one is seen")


class ApplicationOut(ApplicationRowOut):  # type: ignore[misc,valid-type]
    """An application, and what came of it."""

    union: UUID | None = Field(description="the union that answers")
    is_tentative: bool = Field(description="whether the limit rests on holidays that are not published yet")


class ApprovalOut(Schema):
    """What an approval led to: a membership, or a transfer asked for where another union holds one."""

    application: ApplicationOut
    member: UUID | None
    transfer: UUID | None
    said: str


class TransferOut(TransferRowOut):  # type: ignore[misc,valid-type]
    """A transfer with both clocks; the membership only where one sees it."""

    member: UUID | None
    is_tentative: bool = Field(description="whether the limits rest on holidays that are not published yet")


NewMember = body_of(forms.AdmitForm, "NewMember")
NewTransfer = body_of(forms.AskTransferForm, "NewTransfer")
Returned = body_of(forms.ReturnForm, "ReturnedApplication")
Reason = body_of(forms.ReasonForm, "TransferReason")


# -- members ----------------------------------------------------------------------------------------------------


@endpoint(member_routes.get, "/members", "members.view", MembersOut)
def members(request: ApiRequest, query: Query[MemberQuery]) -> Any:  # type: ignore[valid-type]
    """The memberships one sees, sealed numbers masked."""
    return answer(MEMBER_LIST, queries.members(request.actor), query, request.actor)


@endpoint(member_routes.get, "/members/{public_id}", "members.view", MemberOut, 404)
def member(request: ApiRequest, public_id: UUID) -> Any:
    """One membership."""
    return member_out(request, public_id)


def member_out(request: ApiRequest, public_id: UUID) -> dict[str, Any]:
    """One membership with all that is answered of it."""
    row = one_of(queries.members(request.actor), public_id)
    moving = queries.transfers(request.actor).filter(membership=row, state__in=OPEN_TRANSFER).first()
    return {**shown(MEMBER_LIST, row), "union": union_id(row), "transfer": moving.public_id if moving else None}


@endpoint(member_routes.post, "/members", "members.admit_member", MemberOut)
def admit(request: ApiRequest, body: NewMember) -> Any:  # type: ignore[valid-type]
    """Registers a member at a union (登记会员)."""
    place = place_for(request, "members.admit_member")
    data = cleaned(forms.AdmitForm, body, actor=request.actor, subject=place)
    made = actions.admit_member(data["union"], actor=request.actor, row=forms.member_row(data))
    return member_out(request, made.public_id)


def place_for(request: ApiRequest, permission: str) -> Organisation:
    """The topmost union at which something may be done; NotAllowed where there is none."""
    place = Organisation.objects.changeable_by(request.actor, permission).active().order_by("path").first()
    if place is None:
        raise NotAllowed(permission)
    return place


def one_of(rows: Any, public_id: UUID) -> Any:
    """The visible record, or 404."""
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def union_id(row: Any) -> UUID | None:
    """The public id of the union that holds a record."""
    return public_ids([row.organisation_id]).get(row.organisation_id)


# -- applications -----------------------------------------------------------------------------------------------


@endpoint(application_routes.get, "/applications", "members.view", ApplicationsOut)
def applications(request: ApiRequest, query: Query[ApplicationQuery]) -> Any:  # type: ignore[valid-type]
    """The applications one sees, sealed numbers masked."""
    return answer(APPLICATION_LIST, queries.applications(request.actor), query, request.actor)


@endpoint(application_routes.get, "/applications/{public_id}", "members.view", ApplicationOut, 404)
def application(request: ApiRequest, public_id: UUID) -> Any:
    """One application."""
    return application_out(one_of(queries.applications(request.actor), public_id))


@endpoint(application_routes.post, "/applications/{public_id}/approve", "members.approve_application", ApprovalOut, 404)
def approve(request: ApiRequest, public_id: UUID) -> Any:
    """Takes the applicant in, which takes `members.admit_member` too; where another union holds a membership, asks for it, which takes
    `members.request_transfer` too."""
    found: Application = one_of(queries.applications(request.actor), public_id)
    result = actions.approve_application(found, actor=request.actor)
    is_moving = isinstance(result, Transfer)
    return {
        "application": application_out(one_of(queries.applications(request.actor), public_id)),
        "member": None if is_moving else result.public_id,
        "transfer": result.public_id if is_moving else None,
        "said": actions.neutral(result) if isinstance(result, Transfer) else "",
    }


@endpoint(application_routes.post, "/applications/{public_id}/return", "members.return_application", ApplicationOut, 404)
def send_back(request: ApiRequest, public_id: UUID, body: Returned) -> Any:  # type: ignore[valid-type]
    """Sends an application back, saying what is missing or where to turn."""
    found = one_of(queries.applications(request.actor), public_id)
    data = cleaned(forms.ReturnForm, body, actor=request.actor, subject=found)
    actions.return_application(found, actor=request.actor, **data)
    return application_out(one_of(queries.applications(request.actor), public_id))


def application_out(row: Any) -> dict[str, Any]:
    """One application with all that is answered of it."""
    return {**shown(APPLICATION_LIST, row), "union": union_id(row), "is_tentative": row.is_tentative}


# -- transfers --------------------------------------------------------------------------------------------------


@endpoint(transfer_routes.get, "/transfers", "members.view", TransfersOut)
def transfers(request: ApiRequest, query: Query[TransferQuery]) -> Any:  # type: ignore[valid-type]
    """The transfers one sees, from either side."""
    return answer(TRANSFER_LIST, queries.transfers(request.actor), query, request.actor)


@endpoint(transfer_routes.post, "/transfers", "members.request_transfer", TransferOut)
def ask(request: ApiRequest, body: NewTransfer) -> Any:  # type: ignore[valid-type]
    """Asks for the membership of somebody whom a union takes on, by name and number."""
    place = place_for(request, "members.request_transfer")
    data = cleaned(forms.AskTransferForm, body, actor=request.actor, subject=place)
    wanted = {name: data[name] for name in ("document", "name", "employer")}
    made = actions.ask_for(data["target"], actor=request.actor, **wanted)
    return transfer_out(request, made.public_id)


@endpoint(transfer_routes.get, "/transfers/{public_id}", "members.view", TransferOut, 404)
def transfer(request: ApiRequest, public_id: UUID) -> Any:
    """One transfer."""
    return transfer_out(request, public_id)


@endpoint(transfer_routes.post, "/transfers/{public_id}/accept", "members.accept_transfer", TransferOut, 404)
def accept(request: ApiRequest, public_id: UUID) -> Any:
    """The new union takes the worker on."""
    actions.accept_transfer(one_of(queries.transfers(request.actor), public_id), actor=request.actor)
    return transfer_out(request, public_id)


@endpoint(transfer_routes.post, "/transfers/{public_id}/release", "members.release_transfer", TransferOut, 404)
def release(request: ApiRequest, public_id: UUID) -> Any:
    """The holder, or its parent, lets the membership go."""
    actions.release_transfer(one_of(queries.transfers(request.actor), public_id), actor=request.actor)
    return transfer_out(request, public_id)


@endpoint(transfer_routes.post, "/transfers/{public_id}/decline", "members.decline_transfer", TransferOut, 404)
def decline(request: ApiRequest, public_id: UUID, body: Reason) -> Any:  # type: ignore[valid-type]
    """The new union does not take the worker on."""
    return stopped(request, public_id, body, actions.decline_transfer)


@endpoint(transfer_routes.post, "/transfers/{public_id}/refuse", "members.refuse_transfer", TransferOut, 404)
def refuse(request: ApiRequest, public_id: UUID, body: Reason) -> Any:  # type: ignore[valid-type]
    """The holder keeps the membership."""
    return stopped(request, public_id, body, actions.refuse_transfer)


def stopped(request: ApiRequest, public_id: UUID, body: Any, action: Any) -> dict[str, Any]:
    """A transfer that one side ends, with its reason."""
    found = one_of(queries.transfers(request.actor), public_id)
    data = cleaned(forms.ReasonForm, body, actor=request.actor, subject=found)
    action(found, actor=request.actor, **data)
    return transfer_out(request, public_id)


def transfer_out(request: ApiRequest, public_id: UUID) -> dict[str, Any]:
    """One transfer with all that is answered of it."""
    row = one_of(queries.transfers(request.actor), public_id)
    member = queries.members(request.actor).filter(pk=row.membership_id).first()
    return {
        **shown(TRANSFER_LIST, row),
        "member": member.public_id if member else None,
        "is_tentative": row.is_tentative,
    }
