"""The payments of a tax list against the register: who pays without a union, who has one and does not pay, which branch stands as a payer.

Sources: 北京市实施《工会法》办法 art. 55 (建会筹备金 is paid where there is no union yet, which is no fault); seed S2: the city's federation
approves no branch as a payer, the unit above it pays.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.register.rules import CoverageState
from gonghui.areas.unionbuilding.models import Edition, Entry, Match, Payment, TaxMatter
from gonghui.areas.unionbuilding.rules import SETTLED, TAX_MATTER_FLOW, Fee, ListKind, TaxMatterKind
from gonghui.areas.unionbuilding.rules.firms import same_name
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import DEPENDENT, Organisation
from gonghui.core.reference.queries import attribute, parameter
from gonghui.kit.dates import today

LOCKED = "the payments of a list that an action has locked"
BELOW = "employers and branches of the whole territory that a tax list covers"
BRANCH_WORD = "分会"
BRANCH_ROUTE = _("市总工会不批准分会作为缴费单位：由它的上级单位工会缴纳，分会从上级单位工会领取经费")
"""What is said of a branch that stands in the list of payers."""


def check_payments(edition: Edition) -> None:
    """Finds anew what a tax list and the register do not agree about; what was answered in it already stays answered."""
    if edition.kind != ListKind.TAX:
        return
    rows = TaxMatter.objects.unscoped(LOCKED).filter(edition=edition)
    answered = {(one.kind, one.name) for one in rows.filter(state="answered")}
    open_ones = rows.filter(state="open")
    open_ones._raw_delete(open_ones.db)
    with beyond_scope(BELOW):
        found = hold(edition, matters(edition))
    insert_many([one for one in found if (one.kind, one.name) not in answered])


def matters(edition: Edition) -> Iterator[TaxMatter]:
    """Everything that does not agree."""
    entries = list(Entry.objects.unscoped(BELOW).filter(edition=edition).order_by("pk"))
    pairs = Match.objects.unscoped(BELOW).filter(edition=edition, state__in=SETTLED).values_list("entry_id", "employer_id")
    place = edition.organisation.path
    employers = Employer.objects.unscoped(BELOW).filter(organisation_path__startswith=place, state="active")
    by_entry, known = dict(pairs), employers.in_bulk()
    branches = set(branch_entries(edition, entries))
    for entry in entries:
        employer = known.get(by_entry.get(entry.pk, 0))
        if entry.pk in branches:
            yield matter(edition, TaxMatterKind.BRANCH, entry, employer)
        elif employer and employer.coverage == CoverageState.NONE and entry.funds_paid > 0:
            yield matter(edition, TaxMatterKind.NO_UNION, entry, employer)
    yield from unpaid(edition, {employer: entry for entry, employer in by_entry.items()}, known.values())


def branch_entries(edition: Edition, entries: Iterable[Entry]) -> Iterator[int]:
    """The entries that are a branch union: by their name, or by that of a branch on the register."""
    rows = Organisation.objects.unscoped(BELOW).filter(kind__in=DEPENDENT, path__startswith=edition.organisation.path)
    names = {same_name(name) for name in rows.values_list("name", flat=True)}
    return (one.pk for one in entries if one.name.endswith(BRANCH_WORD) or same_name(one.name) in names)


def unpaid(edition: Edition, entries: dict[int, int], employers: Iterable[Employer]) -> Iterator[TaxMatter]:
    """Employers with a union for which nothing of 工会经费 was paid in the newest periods, so many as the parameter says, or all that are
    known where they are fewer; `entries` are those of this edition by employer."""
    paid_in, periods = paid_periods(edition)
    least = min(parameter("unionbuilding.unpaid_periods", edition.as_of), len(periods))
    for employer in employers:
        paid = paid_in.get(employer.pk, set())
        missed = next((at for at, since in enumerate(periods) if since in paid), len(periods))
        if employer.coverage != CoverageState.NONE and missed >= least > 0:
            yield matter(edition, TaxMatterKind.UNPAID, None, employer, entry_id=entries.get(employer.pk), missed=missed)


def paid_periods(edition: Edition) -> tuple[dict[int, set[dt.date]], list[dt.date]]:
    """Key of an employer → the periods for which it has paid; and all periods, newest first: of this edition and of those before it, since
    a tax office may send a month at a time."""
    editions = Edition.objects.unscoped(BELOW).filter(organisation=edition.organisation_id, kind=ListKind.TAX)
    editions = editions.filter(as_of__lte=edition.as_of)
    settled = Match.objects.unscoped(BELOW).filter(edition__in=editions, state__in=SETTLED)
    employers = dict(settled.values_list("entry_id", "employer_id"))
    payments = Payment.objects.unscoped(BELOW).filter(entry__edition__in=editions, fee=Fee.FUNDS)
    found: dict[int, set[dt.date]] = defaultdict(set)
    for entry, since in payments.filter(paid__gt=0).values_list("entry_id", "since"):
        if entry in employers:
            found[employers[entry]].add(since)
    return found, sorted(set(payments.values_list("since", flat=True)), reverse=True)


def matter(
    edition: Edition,
    kind: str,
    entry: Entry | None,
    employer: Employer | None,
    *,
    entry_id: int | None = None,
    missed: int | None = None,
) -> TaxMatter:
    """One disagreement, held where the entry is until `hold` knows better."""
    count = employer.headcount if employer else entry.headcount if entry else None
    return TaxMatter(
        edition_id=edition.pk,
        organisation_id=entry.organisation_id if entry else edition.organisation_id,
        kind=kind,
        entry_id=entry.pk if entry else entry_id,
        employer=employer,
        name=employer.name if employer else str(entry),
        headcount=count,
        paid=entry.funds_paid if entry else Decimal(0),
        unpaid_periods=missed,
    )


def hold(edition: Edition, found: Iterable[TaxMatter]) -> list[TaxMatter]:
    """Gives what is about an employer to the union that manages it: the street or system union nearest above its holder."""
    rows = Organisation.objects.unscoped(BELOW).filter(path__startswith=edition.organisation.path)
    managing = dict(rows.managing().active().values_list("path", "pk"))
    held = list(found)
    for one in held:
        if one.employer:
            above = (managing.get(path) for path in upwards(one.employer.organisation_path))
            one.organisation_id = next(filter(None, above), one.organisation_id)
    return held


def upwards(path: str) -> Iterator[str]:
    """A path of the tree and those above it: 1.2.3. then 1.2. then 1."""
    parts = path.split(".")[:-1]
    return (".".join(parts[:end]) + "." for end in range(len(parts), 0, -1))


# -- answers ----------------------------------------------------------------------------------------------------


@action("unionbuilding.answer_tax_matter", label=_("答复税务核对事项"))
def answer_tax_matter(matter: TaxMatter, *, actor: Actor, answer: str, note: str = "") -> None:
    """Says what is behind it, out of the dated list `tax_matter_answer`; a branch is never accepted as a payer."""
    target = next_state(TAX_MATTER_FLOW, "answer", matter.state)
    kinds = attribute("tax_matter_answer", "kinds", today()).get(answer)
    if kinds is None:
        raise NotAllowed(answer)
    if matter.kind not in kinds:
        sentence = BRANCH_ROUTE if matter.kind == TaxMatterKind.BRANCH else _("这个答复不适用于这一类事项，请另选")
        raise Refused(sentence, field="answer")
    change(matter, state=target, answer=answer, note=note, answered_by_id=actor.user_id, answered_on=today())


@action("unionbuilding.reopen_tax_matter", label=_("重新答复税务核对事项"))
def reopen_tax_matter(matter: TaxMatter, *, actor: Actor) -> None:
    """The answer was wrong: it waits for another one."""
    target = next_state(TAX_MATTER_FLOW, "reopen", matter.state)
    change(matter, state=target, answer="", note="", answered_by_id=None, answered_on=None)
