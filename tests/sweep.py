"""Walks every address of the system: finds out how each is filled, asks it, and gives back all that was answered."""

import datetime as dt
import html
import inspect
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import unquote
from uuid import UUID, uuid4

from django import forms
from django.db import connection, transaction
from django.http.cookie import SimpleCookie
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gonghui.areas.unionbuilding.rules.founding import PaperKind
from gonghui.core.exchange.exports import lists
from gonghui.core.figures.registry import Figure, Ratio, figures
from gonghui.core.notices import todo
from gonghui.kit.dates import today
from gonghui.web.bulk import bulk_lists
from gonghui.web.forms import RowPicker
from gonghui.web.steps import StepPage
from tests.test_pages import signed_in
from tests.world import COMMON, INSPECTOR, SECRET, Planted, World

RECORD = "public_id"
FIGURES = ("web:figure", "web:figure_rows", "api:figure", "api:figure_rows")  # asked for the scope of every union as well
MISSING = UUID("6f1d8b1e-0000-4000-8000-000000000000")


def newest(world: World, label: str) -> str:
    """The id of what was planted last and is active, below the street."""
    street = world.cast.street.path
    found = [
        one for one in world.records[label] if one.state == "active" and all(path.startswith(street) for path in one.paths)
    ]
    return str(found[-1].public_id)


POSTED: dict[str, dict[str, Any] | Callable[[World], dict[str, Any]]] = {  # what the pages without a form of their own are sent
    "web:write_note": {"text": "看过了"},
    "web:save_filter": {"sheet": "register.employers", "label": "我的", "query": "state=active"},
    "web:bulk": {"step": "party", "all": "1"},
    "set_language": {"language": "en", "next": "/"},
    "api:send_back": {"note": "请补材料"},
    "api:decline": {"reason": "不在这里上班"},
    "api:refuse": {"reason": "仍在这里上班"},
    "api:merge_employer": lambda world: {"kept": newest(world, "register.employer")},
    "api:merge_union": lambda world: {"kept": newest(world, "organisations.organisation")},
}


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf: its full name, the names of its arguments, its view."""

    name: str
    arguments: tuple[str, ...]
    view: Callable[..., Any]

    def url(self, arguments: Mapping[str, Any]) -> str:
        """The address filled in."""
        return reverse(self.name, kwargs=dict(arguments))


@dataclass(frozen=True)
class Visit:
    """One request and its answer."""

    method: str
    url: str
    status: int
    text: str
    form: forms.BaseForm | None = field(default=None, repr=False, compare=False)
    writes: tuple[str, ...] = ()
    allowed: str = ""
    context: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Filled:
    """An address with arguments; `record` is whose it is, if it is somebody's."""

    address: Address
    arguments: tuple[tuple[str, Any], ...]
    record: Planted | None = None

    @property
    def url(self) -> str:
        return self.address.url(dict(self.arguments))

    @property
    def kind(self) -> tuple[Any, ...]:
        """The same for all records at one address."""
        return self.address.name, tuple(pair for pair in self.arguments if pair[0] != RECORD)

    def of(self, public_id: UUID) -> str:
        """The same address of another record."""
        return self.address.url({**dict(self.arguments), RECORD: public_id})


def addresses(patterns: Iterable[Any] | None = None, namespace: str = "", taken: tuple[str, ...] = ()) -> Iterator[Address]:
    """The whole URLconf, namespaces and prefixes included."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        arguments = (*taken, *one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, f"{namespace}{one.namespace}:" if one.namespace else namespace, arguments)
        elif isinstance(one, URLPattern):
            assert one.name, f"{one.pattern} has no name and cannot be swept"
            yield Address(f"{namespace}{one.name}", arguments, one.callback)


def step_codes(view: Callable[..., Any]) -> list[str]:
    """The steps a view offers: those of the tables of step pages that its code names."""
    function: Any = inspect.unwrap(view)
    tables = [function.__globals__.get(name) for name in function.__code__.co_names]
    found = [table for table in tables if isinstance(table, Mapping)]
    return [code for table in found for code, step in table.items() if isinstance(step, StepPage)]


def shape(figure: Figure | Ratio) -> tuple[Any, ...]:
    """What makes a figure's pages differ: a rate, a flow or a stock, its rows, its measure. One of each shape is swept."""
    if isinstance(figure, Ratio):
        return (Ratio,)
    return (figure.is_flow, figure.sheet.code, type(figure.measure))


ARGUMENTS: dict[str, Callable[[Address], Iterable[Any]]] = {
    "step": lambda address: step_codes(address.view),
    "code": lambda address: list({shape(one): code for code, one in reversed(figures.items())}.values())[::-1],
    "source": lambda address: (
        bulk_lists if address.name == "web:bulk" else [*(f"list:{code}" for code in lists), "figure:employers"]
    ),
    "model": lambda address: list(todo.urls),
    "secret": lambda address: [SECRET],
    "verdict": lambda address: ["same", "different", "undo"],
    "kind": lambda address: PaperKind.values,
}
"""What an argument that is no record may be. An address with an unknown argument cannot be swept, and fails the run."""


class Sweeper:
    """Asks as one member; every request is rolled back, so that none disturbs the next."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.client = signed_in(world.cast, name) if name else Client()
        self.client.raise_request_exception = False
        self.cookies = {key: morsel.value for key, morsel in self.client.cookies.items()}

    def ask(self, method: str, url: str, data: Mapping[str, Any] | None = None, *, follow: bool = False) -> Visit:
        """One request; `follow` also reads the page it leads to, for what that page says about it."""
        self.client.cookies = SimpleCookie(self.cookies)
        written: list[str] = []
        is_json = {"content_type": "application/json"} if url.startswith("/api/") and method == "post" else {}
        with transaction.atomic(), connection.execute_wrapper(noting(written)):
            response = getattr(self.client, method)(url, data or {}, HTTP_REFERER="http://testserver/", **is_json)
            context = response.context
            text = said(response)
            if follow and response.status_code in (301, 302, 303):
                text += said(self.client.get(response.headers["Location"]))
            transaction.set_rollback(True)
        form = next((found for part in context or () if isinstance(found := part.get("form"), forms.BaseForm)), None)
        allowed = response.headers.get("Allow", "")
        return Visit(method, url, response.status_code, text, form, tuple(written), allowed, context)


OURS = re.compile(r'\s*(insert into|update|delete from)\s+"?(?!django_session|axes_)(\w+)', re.IGNORECASE)


def noting(written: list[str]) -> Callable[..., Any]:
    """Notes the tables that are written, sessions and the log of sign-ins left out."""

    def run(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if isinstance(sql, str) and (found := OURS.match(sql)):
            written.append(found[2])
        return execute(sql, params, many, context)

    return run


def said(response: Any) -> str:
    """Everything an answer says: headers, body, and what is packed into it."""
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    told = {name: value for name, value in response.headers.items() if name not in ("Content-Length", "Expires")}
    headers = "\n".join(
        f"{name}: {value}" for name, value in told.items()
    )  # when is not what: Expires is the second of the answer
    text = content.decode("utf-8", "replace")
    if "json" in response.headers.get("Content-Type", "") or "\\u" in text:
        text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return f"{unquote(headers)}\n\n{html.unescape(text)}"


def body(visit: Visit, public_id: UUID) -> str:
    """An answer without what differs from request to request: the id asked for, the tokens, the second."""
    text = re.sub(r"(?m)^Expires: .*$", "Expires:", visit.text.replace(str(public_id), "ID"))
    return re.sub(r'(csrfmiddlewaretoken" value=|csrftoken=|"csrf-token" content=|X-CSRFToken": )"?\w+', r"\1", text)


def fillings(world: World) -> tuple[list[Filled], list[str]]:
    """Every way to fill every address, and the names of those that nothing fills."""
    inspector, filled, unfilled = Sweeper(world, INSPECTOR), [], []
    for address in addresses():
        found = list(ways(address, world, inspector))
        filled += found
        if not found:
            unfilled.append(address.name)
    return filled, unfilled


def ways(address: Address, world: World, inspector: Sweeper) -> Iterator[Filled]:
    """The arguments that lead somewhere, as the inspector finds out who may open everything."""
    others = [name for name in address.arguments if name != RECORD]
    if any(name not in ARGUMENTS for name in others):
        return
    choices = [[(name, value) for value in ARGUMENTS[name](address)] for name in others]
    for chosen in product(*choices):
        if RECORD not in address.arguments:
            if leads_somewhere(inspector, address.url(dict(chosen)), address.name):
                yield Filled(address, chosen)
            continue
        if label := fitting(address, chosen, world, inspector):
            for record in world.one_of_each(label):
                yield Filled(address, (*chosen, (RECORD, record.public_id)), record)


FITTING: dict[Any, str] = {}  # whose records an address shows is a matter of its code: found out once a process


def fitting(address: Address, chosen: tuple[tuple[str, Any], ...], world: World, inspector: Sweeper) -> str:
    """The model whose records this address shows; empty if none."""
    key = address.name, tuple(pair for pair in chosen if pair[0] != "step")  # the steps of one table are steps of one model
    if key not in FITTING:
        labels = sorted(world.records, key=lambda label: guess(label, address))
        found = (label for label in labels if fits(inspector, Filled(address, chosen), world.records[label]))
        if (label := next(found, "")) == "":
            return ""  # none of this world; another one may have some
        FITTING[key] = label
    return FITTING[key]


def guess(label: str, address: Address) -> tuple[bool, int]:
    """Where to look first: among the models of the address's own area, and among those its neighbours in the URLconf show."""
    lately = list(dict.fromkeys(reversed(FITTING.values())))
    is_foreign = not address.name.startswith(f"{label.partition('.')[0]}:")
    return is_foreign, lately.index(label) if label in lately else len(lately)


def fits(inspector: Sweeper, filled: Filled, records: list[Planted]) -> bool:
    """Whether the address is one of these records', in some state of theirs."""
    own = [record for record in records if record.owner in ("", INSPECTOR)] or records[:1]
    first = {record.state: record for record in reversed(own)}
    return any(leads_somewhere(inspector, filled.of(one.public_id), filled.address.name) for one in first.values())


def leads_somewhere(inspector: Sweeper, url: str, name: str) -> bool:
    """Whether there is anything, for one who may see it."""
    visit = inspector.ask("get", url)
    posted = inspector.ask("post", url, told_to(name, inspector.world)) if visit.status == 405 else visit
    return posted.status != 404


def told_to(name: str, world: World) -> dict[str, Any]:
    """What an address without a form is sent."""
    posted = POSTED.get(name, {})
    return posted(world) if callable(posted) else posted


def filled_in(form: forms.BaseForm | None, name: str, world: World) -> dict[str, Any]:
    """What somebody would type into a form."""
    if form is None:
        return told_to(name, world)
    typed = {key: typed_into(form, key, one) for key, one in form.fields.items()}
    return {form.add_prefix(key): value for key, value in typed.items() if value is not None}


def typed_into(form: forms.BaseForm, name: str, one: forms.Field) -> Any:
    """A value for one field: what stands there already, or the first that may be chosen."""
    value = form.get_initial_for_field(one, name)
    if isinstance(one, forms.ModelChoiceField):
        first = value or one.queryset.first()  # type: ignore[union-attr]
        return getattr(first, "pk", first)
    if isinstance(one, forms.ChoiceField) and (not value or isinstance(one, RowPicker)):
        choices: Any = one.choices
        return next((key for key, _label in choices if key), None)
    if isinstance(one, forms.BooleanField):
        return "on" if value else None
    if isinstance(value, dt.date) or (value in (None, "") and isinstance(one, forms.DateField)):
        return (value or today()).isoformat()
    if value in (None, ""):
        return "1" if isinstance(one, forms.IntegerField) else str(uuid4()) if one.required else None
    return value


def queries(filled: Filled, world: World) -> Iterator[str]:
    """What is asked after the address: nothing, a search for every canary, another union's scope, a record's drawer."""
    yield ""
    if filled.record is None:
        yield f"?q={COMMON}&name={COMMON}"
    if filled.address.name in FIGURES and filled.arguments[0][1] == next(iter(figures)):
        for union in world.one_of_each("organisations.organisation"):
            yield f"?scope={union.public_id}&basis=place&by=street"
    if filled.address.arguments == (RECORD,):
        yield "?drawer=1"
