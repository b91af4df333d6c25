"""Which records may be of one employer, or of one union: found by simple keys, told with the evidence in words, decided by people.

Each source finds pairs with one thing that speaks for them; another one is added to the list and nothing else.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Contact, Employer, EmployerDistinct, UnionDistinct
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.suspecting import MOST, Evidence, Pair, Suspicion, sharing, strongest, told_apart
from gonghui.core.organisations.models import MANAGING, Organisation

ENOUGH = 4  # weight from which two records are suggested
NAME = Evidence("name", _("名称相同"), 4)
FORMER = Evidence("former", _("一条的名称是另一条的曾用名"), 4)
CORE = Evidence("core", _("去掉地名和组织形式后名称相同"), 3)
SOUND = Evidence("sound", _("名称读音相同"), 2)
ORG9 = Evidence("org9", _("信用代码中的组织机构代码相同"), 4)
CODES = Evidence("codes", _("信用代码不同"), -3)
CONTACT = Evidence("contact", _("联系人和电话相同"), 2)
ADDRESS = Evidence("address", _("地址相同"), 2)
STREET = Evidence("street", _("同一街道"), 1)
PARENT = Evidence("parent", _("同一上级工会"), 1)
KIND = Evidence("kind", _("类型不同"), -4)
OF_NAMES = (NAME, FORMER, CORE, SOUND)
"""Of these the strongest counts."""

BRACKETS = r"[（(][^（()）]*[）)]|[\s·]"
PLACES = r"^([一-龥]{2}[省市])?([一-龥]{2,3}[区县])?(北京)?"
FORMS = {
    Employer: r"(集团)?(股份有限公司|有限责任公司|有限公司|分公司|公司)$",
    Organisation: r"(有限责任公司|有限公司|公司)?(联合)?(工会)?(委员会|联合会)?$",
}

Source = Callable[[Any, Actor], Iterable[tuple[Pair, Evidence]]]


def cut(text: Any, pattern: str) -> Func:
    """A text without what a pattern finds in it."""
    return Func(text, Value(pattern), Value(""), Value("g"), function="regexp_replace", output_field=CharField())


def sharing_columns(evidence: Evidence, *columns: str) -> Source:
    """A source: pairs that say the same in these columns."""

    def found(rows: Any, actor: Actor) -> Iterator[tuple[Pair, Evidence]]:
        return ((pair, evidence) for pair in sharing(rows, columns))

    return found


def by_core(rows: Any, actor: Actor) -> Iterator[tuple[Pair, Evidence]]:
    """Pairs whose names are the same without place, brackets and form; what is left of them must say something."""
    core = cut(cut(cut(F("name"), BRACKETS), PLACES), FORMS[rows.model])
    return ((pair, CORE) for pair in sharing(rows.annotate(core=core).filter(core__regex="..."), ["core"]))


def by_org9(rows: Any, actor: Actor) -> Iterator[tuple[Pair, Evidence]]:
    """Pairs whose credit codes hold the same nine characters of the former organisation code (GB 32100, places 9 to 17)."""
    return ((pair, ORG9) for pair in sharing(rows.annotate(org9=Substr("uscc", 9, 9)), ["org9"]))


def by_contact(link: str) -> Source:
    """A source: pairs that name the same person with a number that looks the same; the number itself is sealed."""

    def found(rows: Any, actor: Actor) -> Iterator[tuple[Pair, Evidence]]:
        contacts = Contact.objects.visible_to(actor).filter(**{f"{link}__in": rows, "valid__upper_inf": True})
        return ((pair, CONTACT) for pair in sharing(contacts, ["name", "phone_masked"], key=link))

    return found


def by_former_name(rows: Any, actor: Actor) -> Iterator[tuple[Pair, Evidence]]:
    """Pairs of which one is called as the other was."""
    renamed = rows.exclude(former_names=[]).values_list("pk", "former_names")
    former = [(name, key) for key, names in renamed for name in names]
    called = defaultdict(list)
    for key, name in rows.filter(name__among={name for name, _key in former}).values_list("pk", "name") if former else ():
        called[name].append(key)
    for name, key in former:
        yield from (((min(key, one), max(key, one)), FORMER) for one in called[name] if one != key)


employer_sources: list[Source] = [
    sharing_columns(NAME, "name"),
    sharing_columns(SOUND, "name_pinyin"),
    by_core,
    by_org9,
    by_contact("employer"),
    by_former_name,
]
union_sources: list[Source] = [
    sharing_columns(NAME, "name"),
    sharing_columns(SOUND, "name_pinyin"),
    by_core,
    by_org9,
    by_contact("union"),
]


def suspected_employers(actor: Actor, *, most: int = MOST) -> list[Suspicion[Employer]]:
    """What the actor should look at among the employers that he may decide about; the strongest first, at most so many."""
    rows = Employer.objects.changeable_by(actor, "register.merge_employers").exclude(state="merged")
    return suspected(rows, employer_sources, EmployerDistinct, actor, between_employers, most)


def suspected_unions(actor: Actor, *, most: int = MOST) -> list[Suspicion[Organisation]]:
    """The same among the unions that are no managing ones."""
    rows = Organisation.objects.changeable_by(actor, "register.merge_unions").active().exclude(kind__in=MANAGING)
    return suspected(rows, union_sources, UnionDistinct, actor, between_unions, most)


def suspected(
    rows: Any, sources: Sequence[Source], distinct: Any, actor: Actor, between: Callable[[Any, Any], list[Evidence]], most: int
) -> list[Suspicion[Any]]:
    """The pairs that the sources find, less those told apart, with what else stands between the two."""
    found: Mapping[Pair, set[Evidence]] = defaultdict(set)
    for source in sources:
        for pair, evidence in source(rows, actor):
            found[pair].add(evidence)
    pairs = found.keys() - told_apart(distinct, actor, found.keys())
    records = rows.in_bulk({key for pair in pairs for key in pair})
    judged = [
        Suspicion(records[one], records[other], weighed(found[one, other], between(records[one], records[other])))
        for one, other in pairs
    ]
    return strongest(judged, ENOUGH, most)


def weighed(evidence: Iterable[Evidence], between: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """What counts of the evidence: of names the strongest, and all else."""
    evidence = set(evidence)
    names = [one for one in OF_NAMES if one in evidence][:1]
    return (*names, *sorted(evidence - set(OF_NAMES), key=lambda one: one.code), *between)


def between_employers(one: Employer, other: Employer) -> list[Evidence]:
    """What two employers have in common, or not, that finds no pairs by itself."""
    has_codes = bool(one.uscc and other.uscc)
    conditions = {
        ADDRESS: bool(one.address) and one.address == other.address,
        STREET: one.street_id is not None and one.street_id == other.street_id,
        CODES: has_codes and (one.uscc or "")[8:17] != (other.uscc or "")[8:17],
    }
    return [evidence for evidence, holds in conditions.items() if holds]


def between_unions(one: Organisation, other: Organisation) -> list[Evidence]:
    """The same of two unions."""
    has_codes = bool(one.uscc and other.uscc)
    conditions = {
        PARENT: one.parent_id == other.parent_id,
        KIND: one.kind != other.kind,
        CODES: has_codes and (one.uscc or "")[8:17] != (other.uscc or "")[8:17],
    }
    return [evidence for evidence, holds in conditions.items() if holds]
