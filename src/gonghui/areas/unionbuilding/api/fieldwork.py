"""Prospects for programs: the same rows, rights and actions as on the desk; who works on one, and what was tried to reach it."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding import actions, queries
from gonghui.areas.unionbuilding.forms import fieldwork as forms
from gonghui.areas.unionbuilding.models import Prospect
from gonghui.areas.unionbuilding.sheets import PROSPECTS
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import public_ids
from gonghui.web.api.entrance import ApiRequest, endpoint, router
from gonghui.web.api.lists import answer, page_of, query_of, row_of, shown
from gonghui.web.api.writes import Body, body_of, cleaned

routes = router("prospects")
ProspectQuery, ProspectRowOut = query_of(PROSPECTS, "ProspectQuery"), row_of(PROSPECTS, "ProspectRow")
ProspectsOut = page_of(ProspectRowOut, "Prospects")


class ProspectOut(ProspectRowOut):  # type: ignore[misc,valid-type]
    """A prospect with its employer, for who sees that, and whoever works on it."""

    employer: UUID | None = Field(description="the employer; null where one does not see it")
    union: UUID | None = Field(description="the union that works on it, or that manages it while it is unclaimed")
    claim_state: str | None = Field(
        description="held until its last day, or kept; null where nobody has claimed it or one does not see it"
    )


class AttemptOut(Schema):
    """One try to reach somebody."""

    id: UUID
    at: dt.datetime
    method: str
    result: str
    note: str
    appointment_at: dt.datetime | None
    union_name: str
    by: str


class AttemptsOut(Schema):
    """All tries, newest first."""

    items: list[AttemptOut]


class NewClaim(Body):
    """In whose name."""

    union: UUID | None = Field(None, description="the street or system union; may be left out where one works at one only")


NewAttempt = body_of(forms.AttemptForm, "NewAttempt")


@endpoint(routes.get, "/prospects", "unionbuilding.view", ProspectsOut)
def prospects(request: ApiRequest, query: Query[ProspectQuery]) -> Any:  # type: ignore[valid-type]
    """The employers that shall come to be covered, as far as one sees them or may claim them."""
    return answer(PROSPECTS, queries.prospects(request.actor), query, request.actor)


@endpoint(routes.get, "/prospects/{public_id}", "unionbuilding.view", ProspectOut, 404)
def prospect(request: ApiRequest, public_id: UUID) -> Any:
    """One prospect."""
    return prospect_out(request, public_id)


@endpoint(routes.post, "/prospects/{public_id}/claim", "unionbuilding.claim", ProspectOut, 404)
def claim(request: ApiRequest, public_id: UUID, body: NewClaim) -> Any:
    """Claims it (认领) for as many working days as the rule gives. Refused where another union holds it, with who and until when."""
    found = prospect_of(request, public_id)
    actions.claim(claimant(request, body.union), actor=request.actor, prospect=found)
    return prospect_out(request, public_id)


@endpoint(routes.get, "/prospects/{public_id}/attempts", "unionbuilding.view", AttemptsOut, 404)
def attempts(request: ApiRequest, public_id: UUID) -> Any:
    """What was tried to reach the employer, as far as one sees it."""
    return attempts_of(request, prospect_of(request, public_id))


@endpoint(routes.post, "/prospects/{public_id}/attempts", "unionbuilding.record_attempt", AttemptsOut, 404)
def record_attempt(request: ApiRequest, public_id: UUID, body: NewAttempt) -> Any:  # type: ignore[valid-type]
    """Writes one try down; reaching a person, or going there, keeps the claim."""
    found = prospect_of(request, public_id)
    data = cleaned(forms.AttemptForm, body, actor=request.actor, subject=found)
    actions.record_attempt(found, actor=request.actor, row=forms.attempt_row(data))
    return attempts_of(request, found)


def prospect_of(request: ApiRequest, public_id: UUID) -> Prospect:
    """The visible prospect, or 404."""
    found: Prospect | None = queries.prospects(request.actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def claimant(request: ApiRequest, public_id: UUID | None) -> Organisation:
    """The union in whose name is claimed: the one named, or the only one at which the user may."""
    unions: list[Organisation] = list(
        forms.claiming_unions(request.actor).filter(**({"public_id": public_id} if public_id else {}))[:2]
    )
    if not unions and public_id is None:
        raise NotAllowed("unionbuilding.claim")
    if len(unions) != 1:
        raise Refused(_("请写明由哪个街道或系统工会认领"), field="union")
    return unions[0]


def prospect_out(request: ApiRequest, public_id: UUID) -> dict[str, Any]:
    """One prospect with all that is answered of it."""
    row: Any = prospect_of(request, public_id)
    employer = Employer.objects.visible_to(request.actor).filter(pk=row.employer_id).values_list("public_id", flat=True).first()
    return {
        **shown(PROSPECTS, row),
        "employer": employer,
        "union": public_ids([row.organisation_id]).get(row.organisation_id),
        "claim_state": row.claim_state,
    }


def attempts_of(request: ApiRequest, found: Prospect) -> dict[str, Any]:
    """The tries that one sees."""
    return {
        "items": [
            {
                "id": one.public_id,
                **{name: getattr(one, name) for name in ("at", "method", "result", "note", "appointment_at", "union_name")},
                "by": one.by.name if one.by else "",
            }
            for one in queries.attempts_of(found, request.actor)
        ]
    }
