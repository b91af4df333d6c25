"""Lists of other authorities for programs: editions and the pairs of their firms with employers, to be read. Telephones are masked."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy
from ninja import Field, Query, Schema

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.sheets import EDITIONS, MATCHES
from gonghui.kit.columns import Filter
from gonghui.web.api.entrance import ApiRequest, endpoint, router
from gonghui.web.api.lists import Reference, answer, page_of, query_of, row_of, shown

edition_routes, match_routes = router("list editions"), router("list matches")
BY_EDITION: tuple[Filter, ...] = (Reference("edition", gettext_lazy("名单版次"), path="edition__public_id"),)
MATCH_LIST = replace(MATCHES, filters=BY_EDITION)
EditionQuery, EditionRowOut = query_of(EDITIONS, "EditionQuery"), row_of(EDITIONS, "EditionRow")
MatchQuery, MatchRowOut = query_of(MATCH_LIST, "MatchQuery"), row_of(MATCH_LIST, "MatchRow")
EditionsOut = page_of(EditionRowOut, "Editions")


class EvidenceOut(Schema):
    """What one field says of a pair; positive weights, in bits, speak for the same firm."""

    field: str
    finding: str
    weight: float
    zh: str
    en: str


class MatchOut(MatchRowOut):  # type: ignore[misc,valid-type]
    """A firm of a list and an employer, with the reasons."""

    edition_id: UUID
    entry_id: UUID
    employer_id: UUID
    code: str = Field(description="as the list has it")
    score: float = Field(description="bits: log₂ of the odds that both are the same firm")
    findings: list[EvidenceOut]


MatchesOut = page_of(MatchOut, "Matches")


@endpoint(edition_routes.get, "/list-editions", "unionbuilding.view", EditionsOut)
def editions(request: ApiRequest, query: Query[EditionQuery]) -> Any:  # type: ignore[valid-type]
    """The editions of lists one knows of."""
    return answer(EDITIONS, queries.editions(request.actor), query, request.actor)


@endpoint(edition_routes.get, "/list-editions/{public_id}", "unionbuilding.view", EditionRowOut, 404)
def edition(request: ApiRequest, public_id: UUID) -> Any:
    """One edition."""
    one = queries.editions(request.actor).filter(public_id=public_id).first()
    if one is None:
        raise Http404
    return shown(EDITIONS, one)


@endpoint(match_routes.get, "/list-matches", "unionbuilding.view", MatchesOut)
def matches(request: ApiRequest, query: Query[MatchQuery]) -> Any:  # type: ignore[valid-type]
    """The pairs of which one sees both sides."""
    return answer(MATCH_LIST, queries.matches(request.actor), query, request.actor, match_out)


def match_out(row: Any) -> dict[str, Any]:
    """One pair with all that is answered of it."""
    return {
        **shown(MATCH_LIST, row),
        "edition_id": row.edition.public_id,
        "entry_id": row.entry.public_id,
        "employer_id": row.employer.public_id,
        "code": row.entry.code,
        "score": row.score,
        "findings": row.evidence,
    }
