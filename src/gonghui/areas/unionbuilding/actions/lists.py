"""How a list comes in as a dated edition, how its day is corrected, and how it goes again when its import is undone."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.models import Difference, Edition, Entry, Match, Payment, TaxMatter
from gonghui.areas.unionbuilding.rules import EDITION_FLOW, SETTLED, Fee
from gonghui.areas.unionbuilding.rules.firms import Firm, Listed, differences
from gonghui.core.actions.action import Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many, take_stock
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import today

LOCKED = "a list that an action has locked"
UNDONE = "a list whose import is undone, with everything that was computed from it"
PLAIN = (
    "code",
    "name",
    "former_names",
    "legal_person",
    "address",
    "street_text",
    "industry",
    "standing",
    "founded_on",
    "headcount",
)
LONGEST = 200  # characters of a value in a difference


@action("unionbuilding.load_edition", label=_("载入名单"))
def load_edition(
    organisation: Organisation, *, actor: Actor, kind: str, firms: Sequence[Firm], lines: int, code: UUID
) -> tuple[Edition, list[Entry]]:
    """Takes a list in as an edition of its own; `code` is that of the import. The edition and its entries, in the order of the firms.

    The day of a tax list is the end of its newest period, that of another one today; `correct_edition` may say otherwise.
    """
    edition = Edition(
        organisation=organisation,
        kind=kind,
        as_of=day_of(firms),
        batch_code=code,
        lines=lines,
        firms=len(firms),
        loaded_on=today(),
    )
    edition.save(force_insert=True)
    entries = [entry_of(edition, firm) for firm in firms]
    insert_many(entries)
    insert_many([payment for entry, firm in zip(entries, firms, strict=True) for payment in payments_of(entry, firm)])
    take_stock(Entry, Payment)
    compare_again([edition, following(edition)])
    return edition, entries


def day_of(firms: Sequence[Firm]) -> dt.date:
    """The end of the newest period, never after today; today where nobody paid."""
    return min(max((one.until for firm in firms for one in firm.payments), default=today()), today())


def entry_of(edition: Edition, firm: Firm) -> Entry:
    """A firm as an entry of its edition, held by the union of its street."""
    values: dict[str, Any] = {name: getattr(firm, name) for name in PLAIN}
    entry = Entry(
        edition_id=edition.pk,
        organisation=firm.street or edition.organisation,
        key=firm.key,
        funds_paid=firm.paid(Fee.FUNDS),
        reserve_paid=firm.paid(Fee.RESERVE),
        **values,
    )
    entry.set_phone(firm.phone)
    return entry


def payments_of(entry: Entry, firm: Firm) -> list[Payment]:
    """What a firm paid, as rows."""
    return [Payment(entry_id=entry.pk, **vars(one)) for one in firm.payments]


@action("unionbuilding.correct_edition", label=_("更正截至日期"))
def correct_edition(edition: Edition, *, actor: Actor, as_of: dt.date) -> None:
    """Says of which day the list is; what is different is found out again for it and for its neighbours."""
    target = next_state(EDITION_FLOW, "correct", edition.state)
    if as_of > today():
        raise Refused(_("日期不能晚于今天"), field="as_of")
    followed = following(edition)
    change(edition, state=target, as_of=as_of)
    compare_again([edition, followed, following(edition)])


# -- differences ------------------------------------------------------------------------------------------------


def of_its_kind(edition: Edition) -> Any:
    """The editions of the same kind that the same union has loaded, newest first."""
    return Edition.objects.unscoped(LOCKED).filter(organisation_id=edition.organisation_id, kind=edition.kind)


def previous(edition: Edition) -> Edition | None:
    """The edition before this one."""
    earlier = [one for one in of_its_kind(edition) if (one.as_of, one.pk) < (edition.as_of, edition.pk)]
    return earlier[0] if earlier else None


def following(edition: Edition) -> Edition | None:
    """The edition after this one."""
    later = [one for one in of_its_kind(edition) if (one.as_of, one.pk) > (edition.as_of, edition.pk)]
    return later[-1] if later else None


def compare_again(editions: Sequence[Edition | None]) -> None:
    """Finds out anew in what these editions differ from the ones before them."""
    for edition in {one.pk: one for one in editions if one}.values():
        rows = Difference.objects.unscoped(LOCKED).filter(edition=edition)
        rows._raw_delete(rows.db)
        if (former := previous(edition)) is not None:
            insert_many(difference_rows(edition, former))


def difference_rows(edition: Edition, former: Edition) -> list[Difference]:
    """What is different, as rows; each is held where the firm's entry is."""
    entries: dict[int, Any] = {}
    floors = parameter("register.size_bands", edition.as_of)
    found = differences(listed(former, entries), listed(edition, entries), floors)
    rows = []
    for one in found:
        entry = entries[one.now or one.before or 0]
        values = {"organisation_id": entry["organisation_id"], "name": entry["name"], "headcount": entry["headcount"]}
        texts = {"old": one.old[:LONGEST], "new": one.new[:LONGEST]}
        rows.append(Difference(edition_id=edition.pk, kind=one.kind, entry_id=one.now, former_id=one.before, **values, **texts))
    return rows


COMPARED = ("pk", "key", "name", "address", "street_text", "headcount", "funds_paid", "organisation_id")


def listed(edition: Edition, entries: dict[int, Any]) -> list[Listed]:
    """The firms of an edition as they are compared; their entries are put into `entries` by key."""
    rows = list(Entry.objects.unscoped(LOCKED).filter(edition=edition).order_by("pk").values(*COMPARED))
    entries |= {row["pk"]: row for row in rows}
    return [Listed(*(row[name] for name in COMPARED[:-1])) for row in rows]


# -- undoing ----------------------------------------------------------------------------------------------------


def of_import(edition: Edition, actor: Actor) -> Actor:
    """The actor, for what is done in bulk out of a list: it carries the import's request id, so that undoing the import undoes it too."""
    return replace(actor, request_id=edition.batch_code.hex)


def release(code: UUID, actor: Actor) -> Collection[UUID]:
    """Takes away what a list holds and what was computed from it; the verdicts of people stay, since they are the firm's.

    Refused where people have answered what it brought to light. The codes of employers whose repeated values have to be mended.
    """
    with beyond_scope(UNDONE):
        edition = Edition.objects.unscoped(UNDONE).filter(batch_code=code).first()
        if edition is None:
            return ()
        refuse_answered(edition)
        settled = Match.objects.unscoped(UNDONE).filter(edition=edition, state__in=SETTLED)
        touched = Employer.objects.unscoped(UNDONE).filter(pk__in=settled.values("employer"))
        codes = list(touched.values_list("public_id", flat=True)) if edition.headcounts_on else []
        later, former = following(edition), previous(edition)
        empty(edition, later)
        if later is not None and former is not None:
            insert_many(difference_rows(later, former))
        return codes


def refuse_answered(edition: Edition) -> None:
    """What people have answered is not thrown away."""
    answered = TaxMatter.objects.unscoped(UNDONE).filter(edition=edition, state="answered").first()
    if answered is not None:
        raise Refused(_("“%(name)s”的税务核对事项已有答复，不能整批撤销") % {"name": answered.name})


def empty(edition: Edition, later: Edition | None) -> None:
    """Deletes all rows of an edition, and in what the later one differs from it; those first that point at others."""
    entries = Entry.objects.unscoped(UNDONE).filter(edition=edition)
    for model, condition in (
        (Match, {"edition": edition}),
        (TaxMatter, {"edition": edition}),
        (Difference, {"edition__in": [one for one in (edition, later) if one]}),
        (Payment, {"entry__in": entries}),
        (Entry, {"edition": edition}),
    ):
        rows = model.objects.unscoped(UNDONE).filter(**condition)
        rows._raw_delete(rows.db)
