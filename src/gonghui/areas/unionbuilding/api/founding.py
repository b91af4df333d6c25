"""Foundings, what comes after them and awards, for programs: read only. Nothing that is sealed is answered."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404
from ninja import Field, Query, Schema

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.models import Founding
from gonghui.areas.unionbuilding.sheets import AFTERCARES, AWARDS, DUTIES
from gonghui.core.organisations.queries import public_ids
from gonghui.web.api.entrance import ApiRequest, endpoint, router
from gonghui.web.api.lists import answer, page_of, query_of, row_of, shown

routes = router("union-building")

AftercareQuery, AftercareRowOut = query_of(AFTERCARES, "AftercareQuery"), row_of(AFTERCARES, "AftercareRow")
DutyQuery, DutyRowOut = query_of(DUTIES, "DutyQuery"), row_of(DUTIES, "DutyRow")
AwardQuery, AwardRowOut = query_of(AWARDS, "AwardQuery"), row_of(AWARDS, "AwardRow")
AftercaresOut, DutiesOut = page_of(AftercareRowOut, "Aftercares"), page_of(DutyRowOut, "Duties")
AwardsOut = page_of(AwardRowOut, "Awards")


class CandidateOut(Schema):
    """Somebody who stands for a post; votes and result after the election."""

    id: UUID
    name: str
    post: str
    sex: str
    is_party_member: bool
    tie: str
    votes: int | None
    is_elected: bool


class PaperOut(Schema):
    """A letter; its file is given out at the desk's address for files only."""

    id: UUID
    kind: str
    document: str
    drawn_on: dt.date


class FoundingOut(Schema):
    """What the steps from agreement to a union have put down."""

    id: UUID
    union_name: str
    union: UUID | None = Field(description="the union, once it is founded")
    members: int
    women: int
    dispatched: int | None
    seats: int
    preparation_document: str
    preparation_on: dt.date
    reviewed_on: dt.date | None
    election_on: dt.date | None
    due: int | None
    present: int | None
    result_document: str
    result_on: dt.date | None
    counts_from: dt.date | None = Field(description="the day from which the union counts")
    registered_on: dt.date | None
    account_on: dt.date | None
    candidates: list[CandidateOut]
    papers: list[PaperOut]


class AftercareOut(AftercareRowOut):  # type: ignore[misc,valid-type]
    """A new union with its duties."""

    duties: list[DutyRowOut]  # type: ignore[valid-type]


class AwardLineOut(Schema):
    """One result, what it is worth and by which rule."""

    id: UUID
    name: str
    result: str
    happened_on: dt.date
    workers: int | None
    points: float
    yuan: float
    basis: str


class AwardOut(AwardRowOut):  # type: ignore[misc,valid-type]
    """An award with its lines."""

    lines: list[AwardLineOut]


def one_of(rows: Any, public_id: UUID) -> Any:
    """The visible record, or 404."""
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def plain(schema: type[Schema], row: Any) -> dict[str, Any]:
    """The fields of a schema that a row has under the same names."""
    values = {name: getattr(row, name) for name in schema.model_fields if name != "id" and hasattr(row, name)}
    return {"id": row.public_id, **values}


@endpoint(routes.get, "/prospects/{public_id}/founding", "unionbuilding.view", FoundingOut | None, 404)
def founding(request: ApiRequest, public_id: UUID) -> Any:
    """The founding of a prospect; null until it is prepared."""
    actor, prospect = request.actor, one_of(queries.prospects(request.actor), public_id)
    found: Founding | None = queries.founding_of(prospect, actor)
    if found is None:
        return None
    plain_fields = {name: getattr(found, name) for name in FoundingOut.model_fields if name not in GIVEN}
    return {
        **plain_fields,
        "id": found.public_id,
        "union": public_ids([found.union_id]).get(found.union_id) if found.union_id else None,
        "candidates": [plain(CandidateOut, one) for one in queries.candidates(found, actor)],
        "papers": [plain(PaperOut, one) for one in queries.papers(prospect, actor)],
    }


GIVEN = ("id", "union", "candidates", "papers")


@endpoint(routes.get, "/aftercares", "unionbuilding.view", AftercaresOut)
def aftercares(request: ApiRequest, query: Query[AftercareQuery]) -> Any:  # type: ignore[valid-type]
    """The unions that were founded, with how many duties are open."""
    return answer(AFTERCARES, queries.aftercares(request.actor), query, request.actor)


@endpoint(routes.get, "/aftercares/{public_id}", "unionbuilding.view", AftercareOut, 404)
def aftercare(request: ApiRequest, public_id: UUID) -> Any:
    """One of them with its duties."""
    care = one_of(queries.aftercares(request.actor), public_id)
    rows = queries.duties(request.actor).filter(aftercare=care).order_by("due_on", "pk")
    return {**shown(AFTERCARES, care), "duties": [shown(DUTIES, row) for row in rows]}


@endpoint(routes.get, "/duties", "unionbuilding.view", DutiesOut)
def duties(request: ApiRequest, query: Query[DutyQuery]) -> Any:  # type: ignore[valid-type]
    """What new unions still have to do, or have done."""
    return answer(DUTIES, queries.duties(request.actor), query, request.actor)


@endpoint(routes.get, "/awards", "unionbuilding.view", AwardsOut)
def awards(request: ApiRequest, query: Query[AwardQuery]) -> Any:  # type: ignore[valid-type]
    """What streets and systems have earned with their founding results."""
    return answer(AWARDS, queries.awards(request.actor), query, request.actor)


@endpoint(routes.get, "/awards/{public_id}", "unionbuilding.view", AwardOut, 404)
def award(request: ApiRequest, public_id: UUID) -> Any:
    """One award with its lines."""
    row = one_of(queries.awards(request.actor), public_id)
    return {**shown(AWARDS, row), "lines": [plain(AwardLineOut, one) for one in queries.award_lines(row, request.actor)]}
