"""Lists of other authorities by workbook: each load is an edition of its own, in which every line is new."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from gonghui.areas.register.queries import Streets
from gonghui.areas.unionbuilding.actions.lists import load_edition, release
from gonghui.areas.unionbuilding.models import Edition
from gonghui.areas.unionbuilding.rules import Fee, ListKind
from gonghui.areas.unionbuilding.rules.firms import NOTHING, Firm, PaymentRow, TaxLine, folded, repeated
from gonghui.areas.unionbuilding.sheets.incoming import INCOMING
from gonghui.core.exchange.importers import Circumstances, Importer, Line, importers, nothing

PERMISSION = "unionbuilding.load_edition"
TEXTS = ("code", "legal_person", "address", "street_text", "industry", "standing", "phone")


def check_payments(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """The streets; no period that has not begun; no payer who pays the same fee for the same period twice."""
    set_firms(circumstances, lines)
    for line in lines:
        since, _until = line.values["period"]
        if since > circumstances.on:
            line.refuse("period", _("所属期还没有开始（今天是 %(today)s），请核对") % {"today": circumstances.on})
        line.found["payment"] = payment_of(line)
    sound = [line for line in lines if not line.problems]
    for at, first in repeated([tax_line(line) for line in sound]):
        sentence = _("与第 %(row)s 行是同一家、同一所属期、同一费种，请合并成一行")
        sound[at].refuse("period", sentence % {"row": sound[first].number})


def check_firms(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """The streets; no firm twice."""
    set_firms(circumstances, lines)
    first: dict[str, int] = {}
    for line in lines:
        key = line.found["firm"].key
        if key in first:
            line.refuse("code" if line.get("code") else "name", _("与第 %(row)s 行相同，请只留一行") % {"row": first[key]})
        first.setdefault(key, line.number)


def set_firms(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Puts the firm that each line names into `found`; a street that is not below the union here is kept as a text only."""
    streets, place = Streets(circumstances.organisation), circumstances.organisation
    unions = {region: union for region, union in streets.unions.items() if union.path.startswith(place.path)}
    called = {text: streets.called(text) for text in {line.get("street_text") or "" for line in lines} if text}
    for line in lines:
        region = called.get(line.get("street_text") or "")
        line.found["firm"] = firm_of(line, unions.get(region.pk) if region else None)


def firm_of(line: Line, street: Any) -> Firm:
    """The firm of one line."""
    texts: dict[str, Any] = {name: line.get(name) or "" for name in TEXTS}
    more = {name: line.get(name) for name in ("headcount", "founded_on")}
    return Firm(line.values["name"], street=street, former_names=line.get("former_names") or [], **texts, **more)


def payment_of(line: Line) -> PaymentRow:
    """The payment of one line of a tax list."""
    since, until = line.values["period"]
    amounts: dict[str, Decimal | None] = {name: line.get(name) for name in ("base", "due")}
    day: dt.date | None = line.get("received_on")
    return PaymentRow(line.get("fee") or Fee.FUNDS, since, until, **amounts, paid=line.get("paid") or NOTHING, received_on=day)


def tax_line(line: Line) -> TaxLine:
    """A line of a tax list as it is folded."""
    return TaxLine(line.found["firm"], line.found["payment"])


def write_payments(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """The lines of each payer as one entry."""
    load(circumstances, lines, ListKind.TAX, folded([tax_line(line) for line in lines]))


def write_firms(kind: str, circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Every line as an entry."""
    load(circumstances, lines, kind, [line.found["firm"] for line in lines])


def load(circumstances: Circumstances, lines: Sequence[Line], kind: str, firms: Sequence[Firm]) -> None:
    """Everything in one action."""
    load_edition(
        circumstances.organisation,
        actor=circumstances.actor,
        kind=kind,
        firms=firms,
        lines=len(lines),
        code=circumstances.code,
    )
    circumstances.tell(len(lines))


def mend(record_codes: Any) -> None:
    """What employers repeat, once the headcounts that they took from the list are taken back."""
    importers["register.employers"].mend(record_codes)


def importer_of(kind: str) -> Importer:
    """The importer of one kind of list."""
    is_tax = kind == ListKind.TAX
    return Importer(
        INCOMING[ListKind(kind)],
        PERMISSION,
        find=nothing,
        check=check_payments if is_tax else check_firms,
        write=write_payments if is_tax else partial(write_firms, kind),
        mend=mend,
        release=release,
        wholes=(Edition,),
        can_update=False,
    )
