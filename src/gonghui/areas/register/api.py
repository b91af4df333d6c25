"""The register for programs: unions, employers, who covers whom. The lists are the desk's sheets, the writes its forms and actions."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Query, Schema

from gonghui.areas.register import actions, forms, queries
from gonghui.areas.register.actions import EmployerRow
from gonghui.areas.register.models import Coverage, Employer, Headcount
from gonghui.areas.register.sheets import EMPLOYERS, UNIONS
from gonghui.core.actions.action import Refused
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import name_of
from gonghui.kit.ciphers import seal_text, unseal_text
from gonghui.kit.columns import Filter, Sheet
from gonghui.web.api.entrance import ApiRequest, endpoint, router
from gonghui.web.api.lists import Reference, answer, page_of, query_of, row_of, shown
from gonghui.web.api.writes import body_of, cleaned, named

CURSOR = "register.api.coverage.after"
employer_routes, union_routes, coverage_routes = router("employers"), router("unions"), router("coverage")


def under_managing(rows: Any, values: list[UUID]) -> Any:
    """Unions below any of these managing unions."""
    return rows.filter(placements__managing__public_id__in=values, placements__valid__upper_inf=True)


def by_public_ids(sheet: Sheet, **references: Reference) -> Sheet:
    """The sheet with these conditions asked by public ids instead of keys of ours."""
    filters: tuple[Filter, ...] = tuple(references.get(one.code, one) for one in sheet.filters)
    return replace(sheet, filters=filters)


EMPLOYER_LIST = by_public_ids(EMPLOYERS, street=Reference("street", gettext_lazy("街道"), path="street__public_id"))
UNION_LIST = by_public_ids(UNIONS, managing=Reference("managing", gettext_lazy("主管工会"), path=under_managing))
EmployerQuery, EmployerRowOut = query_of(EMPLOYER_LIST, "EmployerQuery"), row_of(EMPLOYER_LIST, "EmployerRow")
UnionQuery, UnionRowOut = query_of(UNION_LIST, "UnionQuery"), row_of(UNION_LIST, "UnionRow")
EmployersOut, UnionsOut = page_of(EmployerRowOut, "Employers"), page_of(UnionRowOut, "Unions")


class EmployerOut(EmployerRowOut):  # type: ignore[misc,valid-type]
    """An employer with what its papers say, as codes."""

    former_names: list[str]
    address: str
    region_code: str | None
    employer_class_code: str
    industry_code: str
    industry_edition: str
    is_state_controlled: bool
    has_party_organisation: bool
    is_dispatch_firm: bool
    merged_into: UUID | None = Field(
        description="the record that was kept, of one that was a duplicate; null where one does not see it"
    )


class UnionOut(UnionRowOut):  # type: ignore[misc,valid-type]
    """A union with what its papers say."""

    code: str | None
    region_code: str | None
    keeps_own_funds: bool
    dissolved_on: dt.date | None
    merged_into: UUID | None = Field(
        description="the record that was kept, of one that was a duplicate; null where one does not see it"
    )


class Dated(Schema):
    """A fact that holds from a day until the day before another."""

    since: dt.date | None
    before: dt.date | None = Field(description="the first day on which it no longer holds; null while it holds")


class HeadcountOut(Dated):
    """How many workers an employer has."""

    count: int
    source: str


class HeadcountsOut(Schema):
    """All counts, newest first."""

    items: list[HeadcountOut]


class CoverageOut(Dated):
    """Which union covers which employer; the union's id only where one sees the union."""

    employer: UUID
    employer_name: str
    union: UUID | None
    union_name: str
    form: str
    extent: str
    basis: str


class CoveragesOut(Schema):
    """All coverages of an employer, newest first."""

    items: list[CoverageOut]


class CoveragePageOut(CoveragesOut):
    """One page of coverages."""

    count: int | None = None
    next: str | None = Field(None, description="`after` of the next page")


class CoverageQuery(Schema):
    """Of whom, and on which day."""

    model_config = {"extra": "forbid"}

    employer: UUID | None = Field(None, description="an employer")
    union: UUID | None = Field(None, description="a union")
    on: dt.date | None = Field(None, description="what held on this day; without it of all days")
    after: str | None = Field(None, max_length=100, description="`next` of the page before")
    size: int = Field(50, ge=1, le=100)


NewEmployer = body_of(
    forms.EnterEmployerForm, "NewEmployer", union=(UUID, Field(description="the street or system union that enters it"))
)
EmployerChange = body_of(forms.EmployerForm, "EmployerChange", is_change=True)
NewHeadcount = body_of(forms.HeadcountForm, "NewHeadcount")
NewCoverage = body_of(forms.CoverForm, "NewCoverage")
CoverageEnd = body_of(forms.EndForm, "CoverageEnd")
EmployerMergeInto = body_of(forms.MergeEmployerForm, "EmployerMergeInto")
UnionMergeInto = body_of(forms.MergeUnionForm, "UnionMergeInto")
NewUnion = body_of(forms.FoundUnionForm, "NewUnion", parent=(UUID, Field(description="the union above")))
UnionChange = body_of(forms.UnionForm, "UnionChange", is_change=True)


# -- employers --------------------------------------------------------------------------------------------------


@endpoint(employer_routes.get, "/employers", "register.view", EmployersOut)
def employers(request: ApiRequest, query: Query[EmployerQuery]) -> Any:  # type: ignore[valid-type]
    """The employers one sees."""
    return answer(EMPLOYER_LIST, queries.employers(request.actor), query, request.actor)


@endpoint(employer_routes.get, "/employers/{public_id}", "register.view", EmployerOut, 404)
def employer(request: ApiRequest, public_id: UUID) -> Any:
    """One employer."""
    return employer_out(employer_of(request, public_id), request)


@endpoint(employer_routes.post, "/employers", "register.enter_employer", EmployerOut)
def enter_employer(request: ApiRequest, body: NewEmployer) -> Any:  # type: ignore[valid-type]
    """Enters an employer under a street or system union (单位入册)."""
    holder = union_for(request, named(body, "union"), "register.enter_employer", field="union")
    data = cleaned(forms.EnterEmployerForm, body, actor=request.actor, subject=holder)
    row = {key: data.pop(key) for key in ("name", "on", "uscc", "region", "headcount", "headcount_source")}
    made = actions.enter_employer(holder, actor=request.actor, row=EmployerRow(**row, values=data))
    return employer_out(employer_of(request, made.public_id), request)


@endpoint(employer_routes.patch, "/employers/{public_id}", "register.edit_employer", EmployerOut, 404)
def edit_employer(request: ApiRequest, public_id: UUID, body: EmployerChange) -> Any:  # type: ignore[valid-type]
    """Corrects what is known of an employer; what is left out stays."""
    found = employer_of(request, public_id)
    data = cleaned(forms.EmployerForm, body, actor=request.actor, subject=found)
    actions.edit_employer(found, actor=request.actor, **data)
    return employer_out(employer_of(request, public_id), request)


@endpoint(employer_routes.get, "/employers/{public_id}/headcounts", "register.view", HeadcountsOut, 404)
def headcounts(request: ApiRequest, public_id: UUID) -> Any:
    """How many workers it had, and since when."""
    return headcounts_of(request, employer_of(request, public_id))


@endpoint(employer_routes.post, "/employers/{public_id}/headcounts", "register.record_headcount", HeadcountsOut, 404)
def record_headcount(request: ApiRequest, public_id: UUID, body: NewHeadcount) -> Any:  # type: ignore[valid-type]
    """Records how many workers there are from a day on."""
    found = employer_of(request, public_id)
    data = cleaned(forms.HeadcountForm, body, actor=request.actor, subject=found)
    actions.record_headcount(found, actor=request.actor, **data)
    return headcounts_of(request, found)


@endpoint(employer_routes.get, "/employers/{public_id}/coverage", "register.view", CoveragesOut, 404)
def coverage_of(request: ApiRequest, public_id: UUID) -> Any:
    """Which unions covered it, and when."""
    return coverages_of(request, employer_of(request, public_id))


@endpoint(employer_routes.post, "/employers/{public_id}/coverage", "register.cover_employer", CoveragesOut, 404)
def cover_employer(request: ApiRequest, public_id: UUID, body: NewCoverage) -> Any:  # type: ignore[valid-type]
    """Lets a union cover it from a day on."""
    found = employer_of(request, public_id)
    data = cleaned(forms.CoverForm, body, actor=request.actor, subject=found)
    actions.cover_employer(found, actor=request.actor, **data)
    return coverages_of(request, found)


@endpoint(employer_routes.patch, "/employers/{public_id}/coverage", "register.end_coverage", CoveragesOut, 404)
def end_coverage(request: ApiRequest, public_id: UUID, body: CoverageEnd) -> Any:  # type: ignore[valid-type]
    """Ends the present coverage on a day, with a reason."""
    found = employer_of(request, public_id)
    data = cleaned(forms.EndForm, body, actor=request.actor, subject=found)
    actions.end_coverage(found, actor=request.actor, **data)
    return coverages_of(request, found)


@endpoint(employer_routes.post, "/employers/{public_id}/merge", "register.merge_employers", EmployerOut, 404)
def merge_employer(request: ApiRequest, public_id: UUID, body: EmployerMergeInto) -> Any:  # type: ignore[valid-type]
    """Merges it, a duplicate, into the record that is kept; answers that one (合并重复单位)."""
    dropped = employer_of(request, public_id)
    kept = cleaned(forms.MergeEmployerForm, body, actor=request.actor, subject=dropped)["kept"]
    actions.merge_employers(kept, actor=request.actor, dropped=dropped)
    return employer_out(employer_of(request, kept.public_id), request)


@endpoint(employer_routes.post, "/employers/{public_id}/unmerge", "register.unmerge_employers", EmployerOut, 404)
def unmerge_employer(request: ApiRequest, public_id: UUID) -> Any:
    """Parts it, which was merged, from the record that was kept; both are as they were."""
    part(employer_of(request, public_id), actions.unmerge_employers, request)
    return employer_out(employer_of(request, public_id), request)


def part(record: Any, action: Any, request: ApiRequest) -> None:
    """Takes back the merge of a record. Refused for one that stands for itself."""
    merge = queries.merge_of(record)
    if merge is None:
        raise Refused(_("这条记录没有合并"))
    action(merge, actor=request.actor)


def kept_of(record: Any, request: ApiRequest) -> UUID | None:
    """The id of the record that this one was merged into, if the caller sees it."""
    if record.merged_into_id is None:
        return None
    rows = type(record).objects.visible_to(request.actor).filter(pk=record.merged_into_id)
    found: UUID | None = rows.values_list("public_id", flat=True).first()
    return found


def employer_of(request: ApiRequest, public_id: UUID) -> Employer:
    """The visible employer, or 404."""
    found = queries.employers(request.actor).select_related("region").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def employer_out(row: Employer, request: ApiRequest) -> dict[str, Any]:
    """One employer with all that is answered of it."""
    plain = ("former_names", "address", "industry_edition", "is_state_controlled", "has_party_organisation", "is_dispatch_firm")
    return {
        **shown(EMPLOYER_LIST, row),
        **{name: getattr(row, name) for name in plain},
        "region_code": row.region.code if row.region else None,
        "employer_class_code": row.employer_class,
        "industry_code": row.industry,
        "merged_into": kept_of(row, request),
    }


# -- unions -----------------------------------------------------------------------------------------------------


@endpoint(union_routes.get, "/unions", "register.view", UnionsOut)
def unions(request: ApiRequest, query: Query[UnionQuery]) -> Any:  # type: ignore[valid-type]
    """The unions one sees."""
    return answer(UNION_LIST, queries.unions(request.actor), query, request.actor)


@endpoint(union_routes.get, "/unions/{public_id}", "register.view", UnionOut, 404)
def union(request: ApiRequest, public_id: UUID) -> Any:
    """One union."""
    return union_out(union_of(request, public_id), request)


@endpoint(union_routes.post, "/unions", "register.found_union", UnionOut)
def found_union(request: ApiRequest, body: NewUnion) -> Any:  # type: ignore[valid-type]
    """Founds a union below another, with the approval in hand (建会)."""
    parent = union_for(request, named(body, "parent"), "register.found_union", field="parent")
    data = cleaned(forms.FoundUnionForm, body, actor=request.actor, subject=parent)
    made = actions.found_union(parent, actor=request.actor, **data)
    return union_out(union_of(request, made.public_id), request)


@endpoint(union_routes.patch, "/unions/{public_id}", "register.edit_union", UnionOut, 404)
def edit_union(request: ApiRequest, public_id: UUID, body: UnionChange) -> Any:  # type: ignore[valid-type]
    """Corrects what a union's papers say; what is left out stays."""
    found = union_of(request, public_id)
    data = cleaned(forms.UnionForm, body, actor=request.actor, subject=found)
    actions.edit_union(found, actor=request.actor, **data)
    return union_out(union_of(request, public_id), request)


@endpoint(union_routes.post, "/unions/{public_id}/merge", "register.merge_unions", UnionOut, 404)
def merge_union(request: ApiRequest, public_id: UUID, body: UnionMergeInto) -> Any:  # type: ignore[valid-type]
    """Merges it, a duplicate, into the record that is kept; answers that one (合并重复工会)."""
    dropped = union_of(request, public_id)
    kept = cleaned(forms.MergeUnionForm, body, actor=request.actor, subject=dropped)["kept"]
    actions.merge_unions(kept, actor=request.actor, dropped=dropped)
    return union_out(union_of(request, kept.public_id), request)


@endpoint(union_routes.post, "/unions/{public_id}/unmerge", "register.unmerge_unions", UnionOut, 404)
def unmerge_union(request: ApiRequest, public_id: UUID) -> Any:
    """Parts it, which was merged, from the record that was kept; both are as they were."""
    part(union_of(request, public_id), actions.unmerge_unions, request)
    return union_out(union_of(request, public_id), request)


def union_of(request: ApiRequest, public_id: UUID) -> Organisation:
    """The visible union, or 404."""
    found = queries.unions(request.actor).select_related("region").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def union_for(request: ApiRequest, public_id: UUID, permission: str, *, field: str) -> Organisation:
    """The union at which something is done. Refused for one that is hidden, is not there, or where the right is missing."""
    found = Organisation.objects.changeable_by(request.actor, permission).filter(public_id=public_id).first()
    if found is None:
        raise Refused(_("没有这个工会，或者您在那里没有这项权限"), field=field)
    return found


def union_out(row: Organisation, request: ApiRequest) -> dict[str, Any]:
    """One union with all that is answered of it."""
    return {
        **shown(UNION_LIST, row),
        "code": row.code,
        "region_code": row.region.code if row.region else None,
        "keeps_own_funds": row.keeps_own_funds,
        "dissolved_on": row.dissolved_on,
        "merged_into": kept_of(row, request),
    }


# -- coverage ---------------------------------------------------------------------------------------------------


@endpoint(coverage_routes.get, "/coverage", "register.view", CoveragePageOut)
def coverage(request: ApiRequest, query: Query[CoverageQuery]) -> Any:
    """Who covers whom, as far as one sees the employer."""
    rows = visible_coverages(request)
    if query.employer:
        rows = rows.filter(employer__public_id=query.employer)
    if query.union:
        rows = rows.filter(organisation__public_id=query.union)
    if query.on:
        rows = rows.filter(valid__contains=query.on)
    page = list(rows.filter(pk__gt=last_key(query.after)).order_by("pk")[: query.size + 1])
    items = page[: query.size]
    return {
        "count": None if query.after else rows.count(),
        "items": coverage_items(request, items),
        "next": seal_text(str(items[-1].pk), bound_to=CURSOR) if len(page) > query.size else None,
    }


def last_key(after: str | None) -> int:
    """The key that a page ended with; coverages have no id for the outside, so it travels sealed. Refused for any other text."""
    try:
        return int(unseal_text(after, bound_to=CURSOR)) if after else 0
    except ValueError:
        raise Refused(_("请用上一页给出的 next"), field="after") from None


def visible_coverages(request: ApiRequest) -> Any:
    """Coverages of employers one sees."""
    seen = Employer.objects.visible_to(request.actor)
    rows = Coverage.objects.visible_to(request.actor).filter(employer__in=seen, valid__isempty=False).select_related("employer")
    return rows.annotate(union_name=name_of("organisation"))


def coverages_of(request: ApiRequest, employer: Employer) -> dict[str, Any]:
    """All coverages of one employer."""
    return {"items": coverage_items(request, list(visible_coverages(request).filter(employer=employer).order_by("-valid")))}


def coverage_items(request: ApiRequest, rows: list[Any]) -> list[dict[str, Any]]:
    """Coverages as they are answered."""
    unions = queries.seen([row.organisation_id for row in rows], request.actor)
    return [
        {
            **dated(row),
            "employer": row.employer.public_id,
            "employer_name": row.employer.name,
            "union": unions[row.organisation_id].public_id if row.organisation_id in unions else None,
            "union_name": row.union_name,
            "form": row.form,
            "extent": row.extent,
            "basis": row.basis,
        }
        for row in rows
    ]


def headcounts_of(request: ApiRequest, employer: Employer) -> dict[str, Any]:
    """All counts of one employer."""
    rows = Headcount.objects.visible_to(request.actor).filter(employer=employer).order_by("-valid")
    return {"items": [{**dated(row), "count": row.count, "source": row.source} for row in rows]}


def dated(row: Any) -> dict[str, Any]:
    """The days of a fact."""
    return {"since": row.valid.lower, "before": row.valid.upper}
