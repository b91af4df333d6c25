"""How the API says no: `application/problem+json` (RFC 9457) with a sentence for people, a code for programs, and the field."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Field, Schema

from gonghui.kit.text import together

MEDIA_TYPE = "application/problem+json"


class FieldProblem(Schema):
    """What is wrong with one input."""

    field: str = Field(description="name of the parameter or field")
    code: str
    detail: str


class Problem(Schema):
    """Why a call was refused."""

    status: int = Field(description="the HTTP status")
    code: str = Field(description="for programs to tell refusals apart")
    detail: str = Field(description="for people: what is wrong and how to mend it")
    field: str | None = Field(None, description="the parameter or field that is wrong, where it is one")
    errors: list[FieldProblem] = Field(default_factory=list)


def problem(
    status: int, code: str, detail: str, *, field: str = "", errors: Iterable[FieldProblem] = (), **headers: str
) -> HttpResponse:
    """A refusal as it is sent."""
    errors = list(errors)
    if not field and len(errors) == 1:
        field = errors[0].field
    said = Problem(status=status, code=code, detail=detail, field=field or None, errors=errors)
    response = JsonResponse(said.model_dump(), status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Type"] = MEDIA_TYPE
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def not_found() -> HttpResponse:
    """The same for what is hidden and what never was."""
    return problem(404, "not_found", _("没有这条记录，或者您看不到它"))


def unstorable() -> HttpResponse:
    """Text that the database cannot keep."""
    return problem(400, "unstorable_text", _("提交的内容里有不能保存的字符（NUL），请删去后再试"))


def unreadable() -> HttpResponse:
    """A body that is not of its declared form at all."""
    return problem(400, "unreadable", _("请求的内容不是 JSON，或者读不懂"))


def of_input(errors: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """Input that is not of the declared form, one sentence a field."""
    found = [FieldProblem(field=name_of(one["loc"]), code=one["type"], detail=sentence(one)) for one in errors]
    return problem(422, "invalid_input", together(f"{one.field}：{one.detail}" for one in found), errors=found)


def name_of(location: Iterable[Any]) -> str:
    """A field without the words of the framework around it: where it was found, what the function calls it, which of a list."""
    parts = [part for part in location if isinstance(part, str) and part not in ("body", "query", "path")]
    return ".".join(parts) or "body"


def sentence(error: Mapping[str, Any]) -> str:
    """What is wrong with one input, in words."""
    kind, limits = str(error["type"]), error.get("ctx", {})
    if kind == "missing":
        return _("缺少这一项")
    if kind.startswith(("int", "float")):
        return _("应为整数")
    if kind.startswith("date"):
        return _("应为日期，例如 2026-11-20")
    if kind.startswith("uuid"):
        return _("应为编号（UUID）")
    if kind.startswith("bool"):
        return _("应为 true 或 false")
    if kind == "string_too_long":
        return _("最多 %(count)s 个字") % {"count": limits.get("max_length")}
    if kind == "string_too_short":
        return _("不能为空")
    if kind in ("greater_than_equal", "less_than_equal"):
        return _("应在允许的范围之内：%(limit)s") % {"limit": limits.get("ge", limits.get("le"))}
    if kind in ("literal_error", "enum"):
        return _("只能是 %(expected)s") % {"expected": limits.get("expected")}
    if kind == "extra_forbidden":
        return _("没有这一项，请核对名称")
    return _("这一项不合要求，请对照接口说明")
