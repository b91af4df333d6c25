"""What is taken over from a list into the register: new firms, numbers of workers, telephones. Undoing the import undoes all of it."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.actions import EmployerRow, add_contacts, enter_employers
from gonghui.areas.register.actions.contacts import ContactRow
from gonghui.areas.register.actions.edits import edit_employers
from gonghui.areas.register.models import Contact, Employer, Headcount
from gonghui.areas.unionbuilding.actions.lists import of_import
from gonghui.areas.unionbuilding.actions.matching import PairRow, match_of, matched_employers, remember
from gonghui.areas.unionbuilding.models import Edition, Entry, Match
from gonghui.areas.unionbuilding.queries import numbers_of
from gonghui.areas.unionbuilding.rules import HEADCOUNT_SOURCE, SETTLED, ListKind
from gonghui.core.actions.action import Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import entry as within
from gonghui.core.organisations.queries import managing_union
from gonghui.core.reference.queries import attribute, parameter
from gonghui.kit import uscc
from gonghui.kit.dates import now, today

LOCKED = "employers of a list that an action has locked"
MOST_FIRMS = 3  # of a list that give one number, for it to be taken for the firm's own
LENGTHS = (7, 12)  # digits of a telephone, from and to
LOWEST = 99  # rank of a source that the code list gives none


@action("unionbuilding.enter_firm", label=_("名单企业入册"))
def enter_firm(entry: Entry, *, actor: Actor) -> Employer:
    """Enters a firm of a list as an employer under the union of its street, which from then on is the same firm (confirmed); the telephone
    that the list gives comes with it.

    Refused where it is taken for an employer already, or where a pair still waits for somebody's verdict.
    """
    refuse_known(entry)
    edition = entry.edition
    importing = of_import(edition, actor)
    with within("unionbuilding.enter_firm", importing):
        holder = managing_union(entry.organisation)
        (employer,) = enter_employers(holder, actor=importing, rows=[row_of(entry, edition)])
        add_contacts(holder, actor=importing, rows=callable_rows(edition, {entry.pk: employer}))
        match = match_of(edition, PairRow(entry.pk, employer.pk, 0.0, "review", 1.0), "confirmed")
        match.decided_by_id, match.decided_at = actor.user_id, now()
        match.save(force_insert=True)
        remember(match, actor, is_same=True)
    return employer


def refuse_known(entry: Entry) -> None:
    """A firm that is on the register, or may be, is not entered once more."""
    rows = Match.objects.unscoped(LOCKED).filter(entry=entry)
    if rows.filter(state__in=SETTLED).exists():
        raise Refused(_("“%(name)s”已经在册") % {"name": entry.name})
    if rows.filter(state="review").exists():
        raise Refused(_("“%(name)s”还有待判的比对，请先判定") % {"name": entry.name})
    if entry.edition.state != "matched":
        raise Refused(_("名单还没有与单位名册比对，请先比对"))


def row_of(entry: Entry, edition: Edition) -> EmployerRow:
    """A firm of a list as it is entered; a code that cannot be a credit code is left out."""
    return EmployerRow(
        entry.name,
        today(),
        uscc=sound_code(entry.code),
        region=entry.organisation.region,
        headcount=entry.headcount,
        headcount_source=HEADCOUNT_SOURCE[ListKind(edition.kind)],
        headcount_on=edition.as_of,
        values={"address": entry.address, "former_names": entry.former_names},
    )


def sound_code(code: str) -> str:
    """The credit code of an employer, if this is one."""
    try:
        found = uscc.checked(code)
    except uscc.BadCode:
        return ""
    return "" if found.startswith("8") else found


# -- numbers of workers -----------------------------------------------------------------------------------------


@action("unionbuilding.take_headcounts", label=_("采用名单的职工人数"))
def take_headcounts(edition: Edition, *, actor: Actor) -> int:
    """Takes the numbers of workers of a matched list over to the employers of its firms. How many were taken.

    A number from a better source (实地走访, then 税务代收, then the others) stays for so many days as `unionbuilding.headcount_days` says;
    so does one that was counted after the list.
    """
    if edition.state != "matched":
        raise Refused(_("名单还没有与单位名册比对，请先比对"))
    counts = better_counts(edition)
    if not counts:
        raise Refused(_("没有可以采用的人数：名单里没有填，或者现有人数的来源更可靠、更新"))
    source = HEADCOUNT_SOURCE[ListKind(edition.kind)]
    headcounts = {key: (count, edition.as_of) for key, count in counts.items()}
    edit_employers(edition.organisation, actor=of_import(edition, actor), values={}, headcounts=headcounts, source=source)
    change(edition, headcounts_on=today())
    return len(counts)


def better_counts(edition: Edition) -> Mapping[int, int]:
    """Key of an employer → the number that the list has and that is better than the present one."""
    employers = matched_employers(edition)
    rows = Entry.objects.unscoped(LOCKED).filter(edition=edition, headcount__isnull=False).values_list("pk", "headcount")
    counts = {employers[entry]: count for entry, count in rows if entry in employers and count is not None}
    held = Employer.objects.unscoped(LOCKED).filter(pk__among=counts, organisation_path__startswith=edition.organisation.path)
    here = set(held.values_list("pk", flat=True))
    present = Headcount.objects.unscoped(LOCKED).filter(employer__pk__among=here, valid__upper_inf=True)
    known = {one.employer_id: one for one in present}
    ranks = attribute("headcount_source", "rank", edition.as_of)
    days = parameter("unionbuilding.headcount_days", edition.as_of)
    source = HEADCOUNT_SOURCE[ListKind(edition.kind)]
    return {
        key: count
        for key, count in counts.items()
        if key in here and gives_way(known.get(key), count, source, edition.as_of, ranks, days)
    }


def gives_way(
    present: Headcount | None, count: int, source: str, on: dt.date, ranks: Mapping[str, int | None], days: int
) -> bool:
    """Whether a present number gives way to one of another source and day: never to the same number of the same source, nor to one from
    before it; to a lower source only after so many days."""
    if present is None:
        return True
    since = present.valid.lower
    if on < since or (present.count == count and present.source == source):
        return False
    rank, present_rank = ranks.get(source) or LOWEST, ranks.get(present.source) or LOWEST
    return rank <= present_rank or (on - since).days > days


# -- telephones -------------------------------------------------------------------------------------------------


@action("unionbuilding.take_telephones", label=_("采用名单的电话"))
def take_telephones(edition: Edition, *, actor: Actor) -> int:
    """Notes the telephones of a matched list with those employers of its firms that have no number worth a call. How many were noted."""
    if edition.state != "matched":
        raise Refused(_("名单还没有与单位名册比对，请先比对"))
    rows = callable_rows(edition, silent_employers(edition))
    if not rows:
        raise Refused(_("没有可以采用的电话：名单里没有填，或者是代账公司的，或者单位已有联系电话"))
    add_contacts(edition.organisation, actor=of_import(edition, actor), rows=rows)
    change(edition, telephones_on=today())
    return len(rows)


def silent_employers(edition: Edition) -> Mapping[int, Employer]:
    """Key of an entry → its employer, of those below the edition's union that have no number worth a call."""
    employers = matched_employers(edition)
    held = Employer.objects.unscoped(LOCKED).filter(organisation_path__startswith=edition.organisation.path, state="active")
    silent = held.filter(~Exists(numbers_of(OuterRef("pk"))), pk__among=set(employers.values())).in_bulk()
    return {entry: silent[key] for entry, key in employers.items() if key in silent}


def callable_rows(edition: Edition, employers: Mapping[int, Employer]) -> list[ContactRow]:
    """Whom one may call at these employers, as their entries say. A number that many firms of the list give is that of an agency which
    keeps their books; one that was found empty before is none."""
    rows, listed = list[ContactRow](), Entry.objects.unscoped(LOCKED).filter(edition=edition).exclude(phone_index="")
    entries = list(listed.filter(pk__among=set(employers)).order_by("pk"))
    same = listed.filter(phone_index__among={one.phone_index for one in entries}).order_by()
    firms = dict(same.values_list("phone_index").annotate(firms=Count("pk")))
    tried = known_numbers(employers.values())
    for entry in entries:
        employer, number = employers[entry.pk], entry.phone()
        is_new = digits(number) not in tried.get(employer.pk, ())
        if is_new and firms[entry.phone_index] <= MOST_FIRMS and LENGTHS[0] <= len(digits(number)) <= LENGTHS[1]:
            rows.append(ContactRow(employer, "liaison", entry.legal_person or _now("名单所留电话"), digits(number), today()))
    return rows


def digits(number: str) -> str:
    """A number without what people put between its digits; empty where it holds anything else."""
    found = re.sub(r"[\s()（）-]", "", number)
    return found if found.isdigit() else ""


def known_numbers(employers: Iterable[Employer]) -> Mapping[int | None, set[str]]:
    """Key of an employer → the numbers that its contacts have or had."""
    found = defaultdict[int | None, set[str]](set)
    rows = Contact.objects.unscoped(LOCKED).filter(employer__pk__among={one.pk for one in employers}).exclude(phone_masked="")
    for contact in rows.iterator():
        found[contact.employer_id].add(digits(contact.phone()))
    return found
