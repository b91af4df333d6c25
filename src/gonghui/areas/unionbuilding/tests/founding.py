"""A prospect on its way to a union, for the tests."""

import datetime as dt
from typing import Any

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.actions.prospects import advance
from gonghui.areas.unionbuilding.models import Candidate, Prospect
from gonghui.areas.unionbuilding.rules.founding import Post
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import Sex
from gonghui.kit.dates import as_if
from tests.cast import LONG_AGO, SYSTEM, Cast

WHY = "kept for the test's own comparison"
PREPARED, REVIEWED, ELECTED, APPROVED = (dt.date(2026, month, day) for month, day in ((5, 6), (5, 20), (6, 3), (6, 10)))
PLAN: dict[str, Any] = {
    "union_name": "北京博闻教育咨询有限公司工会",
    "head": "刘敏",
    "group": "王芳、赵强",
    "members": 60,
    "women": 30,
    "seats": 5,
}
STANDING = (
    *(("刘敏", Post.CHAIR), ("赵强", Post.VICE_CHAIR), ("王芳", Post.MEMBER), ("孙浩", Post.MEMBER), ("周婷", Post.MEMBER)),
    *(("钱进", Post.MEMBER), ("吴刚", Post.AUDIT_HEAD), ("郑洁", Post.AUDIT_MEMBER), ("冯雪", Post.AUDIT_MEMBER)),
    *(("王芳", Post.WOMEN_HEAD), ("周婷", Post.WOMEN_MEMBER), ("郑洁", Post.WOMEN_MEMBER)),
)
MEN = {"赵强", "孙浩", "钱进", "吴刚"}


def agreed(cast: Cast, employer: Employer | None = None, place: Organisation | None = None) -> Prospect:
    """An employer that agreed long ago, worked on by its street."""
    with as_if(LONG_AGO):
        (prospect,) = actions.open_prospects(place or cast.street, actor=SYSTEM, employers=[employer or cast.mill])
        prospect.is_open = False
        prospect.save(update_fields=["is_open"])
        for step in ("verify", "agree"):
            advance(prospect, step)
    return prospect


def fresh(prospect: Prospect) -> Prospect:
    """The prospect as it is now."""
    return Prospect.objects.unscoped(WHY).get(pk=prospect.pk)


def prepared(prospect: Prospect, actor: Actor = SYSTEM, **plan: Any) -> None:
    values = {**PLAN, **plan}
    actions.approve_preparation(prospect, actor=actor, document="东华门工发〔2026〕3号", on=PREPARED, **values)


def standing(prospect: Prospect, actor: Actor = SYSTEM, *left_out: tuple[str, Post]) -> None:
    """Everybody who stands, but for some."""
    for name, post in STANDING:
        if (name, post) not in left_out:
            sex = Sex.MALE if name in MEN else Sex.FEMALE
            actions.nominate(prospect, actor=actor, name=name, post=post, sex=sex, job="职员")


def nominated(prospect: Prospect, actor: Actor = SYSTEM) -> None:
    standing(prospect, actor)
    actions.approve_candidates(prospect, actor=actor, on=REVIEWED)


def votes(prospect: Prospect, **others: int) -> dict[int, int]:
    """Votes of a meeting of sixty of whom fifty came: 45 for everybody, fewer for 钱进, others as named."""
    rows = Candidate.objects.unscoped(WHY).filter(founding__prospect=prospect)
    return {one.pk: others.get(one.name, 20 if one.name == "钱进" else 45) for one in rows}


def elected(prospect: Prospect, actor: Actor = SYSTEM) -> None:
    given: dict[str, Any] = {"meeting": "members", "due": 60, "present": 50, "votes": votes(prospect)}
    actions.record_election(prospect, actor=actor, on=ELECTED, **given)


def approved(prospect: Prospect, actor: Actor = SYSTEM) -> None:
    actions.approve_result(prospect, actor=actor, document="东华门工发〔2026〕8号", on=APPROVED)


def founded(prospect: Prospect, actor: Actor = SYSTEM) -> Organisation:
    return actions.found(prospect, actor=actor)


def registered(prospect: Prospect, actor: Actor = SYSTEM) -> None:
    actions.record_registration(prospect, actor=actor, certificate="工法证字第110101号", on=dt.date(2026, 7, 1))


def with_account(prospect: Prospect, actor: Actor = SYSTEM) -> None:
    given = {"bank": "北京银行王府井支行", "number": "6222 0000 1234 5678"}
    actions.record_account(prospect, actor=actor, on=dt.date(2026, 7, 15), **given)


WAY = (prepared, nominated, elected, approved, founded, registered, with_account)


def led(prospect: Prospect, steps: int) -> Prospect:
    """The prospect after so many steps from agreement on."""
    for step in WAY[:steps]:
        step(prospect)
    return fresh(prospect)
