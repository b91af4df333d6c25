"""Which records may be of one person: found by what is rarely shared, told with the evidence in words, decided by people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.suspecting import MOST, Evidence, Suspicion, pairs_of, strongest, told_apart
from gonghui.core.people.models import Distinct, IdentityDocument, Person
from gonghui.kit.identity import BadNumber, checked

ENOUGH = 6  # weight from which two records are suggested
ALIKE = 0.84  # of two names in letters, as difflib measures it
BLOCKS: Mapping[str, tuple[str, ...]] = {
    "phone": ("phone_index",),
    "name": ("name", "born_on"),
    "sound": ("name_pinyin", "born_on"),
    "number": ("name_pinyin", "document_masked"),
    "initials": ("name_initials", "born_on"),
}
"""What two records must have in common to be compared at all."""


EVIDENCE = {
    one.code: one
    for one in (
        Evidence("phone", _("手机号相同"), 4),
        Evidence("name", _("姓名相同"), 4),
        Evidence("sound", _("姓名读音相同"), 3),
        Evidence("alike", _("姓名相近"), 2),
        Evidence("born", _("出生日期相同"), 3),
        Evidence("swapped", _("出生日期的月日写反或差一位"), 2),
        Evidence("mask", _("证件号码首尾各几位相同"), 3),
        Evidence("digit", _("证件号码只差一位或相邻两位写反"), 4),
        Evidence("short", _("证件号码一个是 15 位、一个是 18 位，是同一个号码"), 6),
    )
}
"""Weights by judgement: a name and a birthday suggest, a telephone alone (families share one) does not."""


def suspicions(actor: Actor, *, most: int = MOST) -> list[Suspicion[Person]]:
    """What the actor should look at among the persons that he may decide about; the strongest first, at most so many."""
    rows = Person.objects.changeable_by(actor, "people.merge_people").filter(merged_into=None)
    pairs = pairs_of(rows, BLOCKS.values())
    pairs -= told_apart(Distinct, actor, pairs)
    people = {one.pk: one for one in rows.filter(pk__in={key for pair in pairs for key in pair})}
    numbers = numbers_of(people)
    return strongest([judge(people[one], people[other], numbers) for one, other in pairs], ENOUGH, most)


def numbers_of(people: Mapping[int, Person]) -> dict[int, list[str]]:
    """The numbers of documents, to be compared and never shown."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = IdentityDocument.objects.unscoped("the documents of persons that the actor may merge").filter(person__in=people)
    for row in rows:
        found[row.person_id].append(row.number())
    return found


def judge(one: Person, other: Person, numbers: Mapping[int, Sequence[str]]) -> Suspicion[Person]:
    """What speaks for these two being one."""
    codes = [
        "phone" if one.phone_index and one.phone_index == other.phone_index else "",
        name_evidence(one, other),
        birthday_evidence(one, other),
        number_evidence(one, other, numbers),
    ]
    return Suspicion(one, other, tuple(EVIDENCE[code] for code in codes if code))


def name_evidence(one: Person, other: Person) -> str:
    """The same name, the same reading, or names in letters that are nearly the same, parts in another order included."""
    if one.name == other.name:
        return "name"
    if one.name_pinyin == other.name_pinyin:
        return "sound"
    first, second = (" ".join(sorted(person.name_pinyin.split())) for person in (one, other))
    return "alike" if SequenceMatcher(None, first, second).ratio() >= ALIKE else ""


def birthday_evidence(one: Person, other: Person) -> str:
    """The same day, or one that a slip of the pen makes of the other."""
    if one.born_on is None or other.born_on is None:
        return ""
    if one.born_on == other.born_on:
        return "born"
    days = [f"{person.born_on:%Y%m%d}" for person in (one, other)]
    is_turned = days[0][:4] == days[1][:4] and days[0][4:6] == days[1][6:] and days[0][6:] == days[1][4:6]
    return "swapped" if is_turned or differences(*days) == 1 else ""


def number_evidence(one: Person, other: Person, numbers: Mapping[int, Sequence[str]]) -> str:
    """Numbers of documents that are one and the same in two lengths, or that a slip of the pen divides, or that look alike."""
    pairs = [(first, second) for first in numbers.get(one.pk, ()) for second in numbers.get(other.pk, ())]
    if any(is_one_number(*pair) for pair in pairs):
        return "short"
    if any(is_slip(*pair) for pair in pairs):
        return "digit"
    is_like = "*" in one.document_masked and one.document_masked == other.document_masked
    return "mask" if is_like else ""


def is_one_number(one: str, other: str) -> bool:
    """Whether 15 digits of before 1999 are the 18 of today, kept under another kind of document."""
    short, full = sorted((one, other), key=len)
    if len(short) != 15 or len(full) != 18 or not short.isdigit():
        return False
    try:
        return checked(short, "resident").number == full
    except BadNumber:
        return False


def is_slip(one: str, other: str) -> bool:
    """Whether one place differs, or two neighbours are turned round. Of resident numbers the last place follows from the others."""
    if len(one) != len(other) or len(one) < 7:
        return False
    if len(one) == 18:
        one, other = one[:17], other[:17]
    places = [place for place in range(len(one)) if one[place] != other[place]]
    if len(places) == 2 and places[1] == places[0] + 1:
        return one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
    return len(places) == 1


def differences(one: str, other: str) -> int:
    """In how many places two texts of one length differ."""
    return sum(first != second for first, second in zip(one, other, strict=True))
