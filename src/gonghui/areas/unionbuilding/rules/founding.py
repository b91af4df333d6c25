"""From agreement to a union: who may stand for a post, how large the bodies are, who is elected, what each step asks for.

Sources: 工会法 (2021) art. 10, 11, 17; 北京市实施《工会法》办法 (2016) art. 9, 13, 14; 工会基层组织选举工作条例 (2016). Numbers are dated parameters.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gonghui.kit.flow import Need
from gonghui.kit.text import Text, enumerated


class Post(TextChoices):
    """What somebody stands for; one person may stand for several."""

    CHAIR = "chair", _("工会主席")
    VICE_CHAIR = "vice_chair", _("工会副主席")
    MEMBER = "member", _("工会委员")
    AUDIT_HEAD = "audit_head", _("经审会主任")
    AUDIT_MEMBER = "audit_member", _("经审委员")
    WOMEN_HEAD = "women_head", _("女工委主任")
    WOMEN_MEMBER = "women_member", _("女职工委员")


COMMITTEE = (Post.CHAIR, Post.VICE_CHAIR, Post.MEMBER)
AUDIT = (Post.AUDIT_HEAD, Post.AUDIT_MEMBER)
WOMEN = (Post.WOMEN_HEAD, Post.WOMEN_MEMBER)


class Tie(TextChoices):
    """What ties a candidate to those who lead the employer."""

    NONE = "none", _("没有")
    LEGAL = "legal", _("法定代表人")
    RELATIVE = "relative", _("主要负责人的近亲属")
    HUMAN_RESOURCES = "hr", _("人力资源负责人")
    FINANCE = "finance", _("财务负责人")


class Meeting(TextChoices):
    """Who elects."""

    MEMBERS = "members", _("会员大会")
    DELEGATES = "delegates", _("会员代表大会")


class PaperKind(TextChoices):
    """The letters on the way to a union."""

    REQUEST = "request", _("建会请示")
    PREPARATION = "preparation", _("筹建批复")
    NOTICE = "notice", _("选举会议通知")
    RESULT = "result", _("选举结果批复")


PAPER_STATES: Mapping[str, tuple[str, ...]] = {
    PaperKind.REQUEST: ("verified", "contacted", "agreed", "preparing"),
    PaperKind.PREPARATION: ("preparing", "nominated", "elected", "approved", "founded", "registered", "complete"),
    PaperKind.NOTICE: ("preparing", "nominated"),
    PaperKind.RESULT: ("approved", "founded", "registered", "complete"),
}
"""In which states of the prospect a letter can be drawn up."""


class CountingDay(TextChoices):
    """Which day a union counts from; the parameter `unionbuilding.counting_day` names its number."""

    PREPARATION = "1", _("批复筹建之日")
    ELECTION = "2", _("选举之日")
    RESULT = "3", _("批复选举结果之日")


@dataclass(frozen=True)
class Bar:
    """Who may not (or had better not) stand for these posts. What is only inadvisable (不宜) passes with a reason."""

    tie: Tie
    posts: tuple[Post, ...]
    is_hard: bool
    sentence: Text


BARS = (
    Bar(Tie.RELATIVE, COMMITTEE, True, _("主要负责人的近亲属不得作为工会委员会成员的人选（工会法第十条）")),
    Bar(Tie.LEGAL, (Post.CHAIR, Post.VICE_CHAIR), True, _("法定代表人不得担任工会主席、副主席（北京市实施办法第十四条）")),
    Bar(Tie.HUMAN_RESOURCES, COMMITTEE, False, _("人力资源负责人不宜担任工会委员会成员（北京市实施办法第十四条）")),
    Bar(Tie.FINANCE, (*COMMITTEE, *AUDIT), False, _("财务负责人不宜担任工会委员会、经审会成员（北京市实施办法第十四条）")),
)


def bar_for(post: str, tie: str) -> Bar | None:
    """The bar that stands between a candidate and a post."""
    return next((bar for bar in BARS if bar.tie == tie and post in bar.posts), None)


@dataclass(frozen=True)
class Numbers:
    """What notices may change, as of one day (the dated parameters of the same names).

    `bands` are the floors of members from which another size of the committee holds; `most` has one entry more than `bands`, `least` as
    many: the first two bands share their least size.
    """

    bands: Sequence[int]
    least: Sequence[int]
    most: Sequence[int]
    body: tuple[int, int]  # the least and the most members of audit and women's committees
    surplus: int  # per cent of the seats by which candidates must exceed them
    women: int  # women workers from which a committee of their own is due
    small: int  # members below which one auditor does instead of a committee
    attendance: tuple[int, int]  # fraction of those due who must attend
    majority: tuple[int, int]  # fraction of those due that votes must exceed
    delegates: int  # members from which a congress of delegates may elect

    def committee(self, members: int) -> tuple[int, int]:
        """The least and the most seats of a committee."""
        band = sum(members >= floor for floor in self.bands)
        return self.least[max(band - 1, 0)], self.most[band]

    def candidates(self, seats: int) -> int:
        """How many must stand for so many seats: one more at least (差额选举)."""
        return seats + max(1, -(-seats * self.surplus // 100))


@dataclass(frozen=True)
class Nominee:
    """What the rules judge of a candidate."""

    name: str
    post: str
    tie: str = Tie.NONE
    is_woman: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """What the rules judge of a union to be: how many members and women workers there are, seats, who stands."""

    members: int
    women: int
    seats: int
    nominees: Sequence[Nominee] = ()

    def standing(self, *posts: str) -> list[Nominee]:
        """Who stands for one of these posts."""
        return [one for one in self.nominees if one.post in posts]


# -- candidates -------------------------------------------------------------------------------------------------

MEND_PLAN, MEND_CANDIDATES = "plan", "candidate"
ADD = _("补登候选人")
"""Codes of the steps that mend what is missing; the desk makes addresses of them (`Need.mend_url`)."""


def need(label: Text, is_met: bool, detail: object = "", mend: str = MEND_CANDIDATES, words: Text = ADD) -> Need:
    """One condition with the step that mends it."""
    return Need(label, is_met, str(detail), mend, words)


def nomination_needs(plan: Plan, numbers: Numbers) -> list[Need]:
    """What the review of candidates asks for (候选人审核)."""
    least, most = numbers.committee(plan.members)
    wanted, standing = numbers.candidates(plan.seats), len(plan.standing(*COMMITTEE))
    seats = _("委员会名额应为 %(least)s–%(most)s 人") % {"least": least, "most": most}
    chairs = [one.name for one in plan.standing(Post.CHAIR)]
    return [
        need(seats, least <= plan.seats <= most, plan.seats, MEND_PLAN, _("修改筹备方案")),
        need(_("有工会主席候选人"), bool(chairs), enumerated(chairs)),
        need(_("委员会候选人不少于 %(count)s 人（差额）") % {"count": wanted}, standing >= wanted, standing),
        audit_need(plan, numbers),
        *women_needs(plan, numbers),
        *bar_needs(plan),
    ]


def audit_need(plan: Plan, numbers: Numbers) -> Need:
    """An audit committee; for few members one auditor."""
    count = len(plan.standing(*AUDIT))
    if plan.members < numbers.small:
        return need(_("有经审委员候选人"), count >= 1, count)
    least, most = numbers.body
    label = _("经审会候选人 %(least)s–%(most)s 人，含主任") % {"least": least, "most": most}
    return need(label, least <= count <= most and bool(plan.standing(Post.AUDIT_HEAD)), count)


def women_needs(plan: Plan, numbers: Numbers) -> list[Need]:
    """A women's committee from so many women workers on, a delegate for fewer (北京市实施办法 art. 9)."""
    if not plan.women:
        return []
    standing = plan.standing(*WOMEN)
    are_women = all(one.is_woman for one in standing)
    if plan.women < numbers.women:
        return [need(_("有女职工委员候选人"), bool(standing) and are_women, len(standing))]
    least, most = numbers.body
    label = _("女职工满 %(count)s 人，女职工委员会候选人 %(least)s–%(most)s 人，含主任") % {
        "count": numbers.women,
        "least": least,
        "most": most,
    }
    is_met = least <= len(standing) <= most and are_women and bool(plan.standing(Post.WOMEN_HEAD))
    return [need(label, is_met, len(standing))]


def bar_needs(plan: Plan) -> list[Need]:
    """Who is barred, and who stands without the reason that takes."""
    barred, silent = [], []
    for one in plan.nominees:
        if bar := bar_for(one.post, one.tie):
            if bar.is_hard:
                barred.append(one.name)
            elif not one.reason.strip():
                silent.append(one.name)
    return [
        need(_("候选人都符合任职条件"), not barred, enumerated(barred), words=_("更换候选人")),
        *([need(_("不宜任职的已说明理由"), False, enumerated(silent), words=_("补写理由"))] if silent else []),
    ]


# -- elections --------------------------------------------------------------------------------------------------


class Invalid(Exception):
    """The rules say that the election does not stand; `field` is what it is about."""

    def __init__(self, sentence: Text, field: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence, self.field = sentence, field


@dataclass(frozen=True)
class Ballot:
    """How a meeting went: who elected, how many were due and came, votes by the key of each candidate with the post he stands for."""

    meeting: str
    due: int
    present: int
    votes: Mapping[int, tuple[str, int]]


def check_meeting(ballot: Ballot, members: int, numbers: Numbers) -> None:
    """Raises Invalid where the meeting could not elect."""
    if ballot.meeting == Meeting.DELEGATES and members < numbers.delegates:
        raise Invalid(_("会员不足 %(count)s 人，应当召开会员大会") % {"count": numbers.delegates}, "meeting")
    if ballot.due < 1 or ballot.due > max(members, 1):
        raise Invalid(_("应到人数应在 1 至会员人数 %(members)s 之间") % {"members": members}, "due")
    if ballot.present > ballot.due:
        raise Invalid(_("实到人数不能多于应到人数"), "present")
    above, below = numbers.attendance
    if ballot.present * below < ballot.due * above:
        said = _("实到 %(present)s 人，不到应到 %(due)s 人的%(below)s分之%(above)s，选举无效")
        raise Invalid(
            said % {"present": ballot.present, "due": ballot.due, "above": above, "below": below},
            "present",
        )
    for key, (_post, votes) in ballot.votes.items():
        if votes > ballot.present:
            raise Invalid(_("得票不能多于实到人数"), f"votes_{key}")


def elected(ballot: Ballot, seats: int, numbers: Numbers) -> set[int]:
    """The keys of those elected: more than half of those due, and on the committee the most votes for the seats there are.

    Raises Invalid where nobody is elected chair, or where equal votes leave open who is.
    """
    above, below = numbers.majority
    passed = {key: pair for key, pair in ballot.votes.items() if pair[1] * below > ballot.due * above}
    chair = first(Post.CHAIR, passed, 1)
    if not chair:
        raise Invalid(_("没有人以过半数票当选工会主席，需要另行选举"))
    vice = {key for key, (post, _votes) in passed.items() if post == Post.VICE_CHAIR}
    members = first(Post.MEMBER, passed, max(seats - len(chair) - len(vice), 0))
    others = {key for key, (post, _votes) in passed.items() if post not in COMMITTEE}
    return chair | vice | members | others


def first(post: str, passed: Mapping[int, tuple[str, int]], places: int) -> set[int]:
    """Those with the most votes for a post. Raises Invalid where the last place is shared."""
    ranked = sorted(((votes, key) for key, (one, votes) in passed.items() if one == post), reverse=True)
    if len(ranked) > places > 0 and ranked[places - 1][0] == ranked[places][0]:
        raise Invalid(_("%(post)s候选人得票相同，需要再次投票") % {"post": Post(post).label})
    return {key for _votes, key in ranked[:places]}


# -- the steps --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """What is known of a founding when its next step is asked about; empty before it is prepared."""

    plan: Plan
    numbers: Numbers
    is_active: bool = True  # the employer is at work and has no union of its own
    election: dt.date | None = None
    elected: frozenset[str] = frozenset()  # the posts that somebody was elected to


Check = Callable[[Progress], Iterable[Need]]


def employer_needs(progress: Progress) -> list[Need]:
    """There is still a place of work that lacks a union of its own."""
    return [need(_("单位正常，还没有单独建会"), progress.is_active, mend="", words="")]


def candidate_needs(progress: Progress) -> list[Need]:
    """The whole review."""
    return nomination_needs(progress.plan, progress.numbers)


def election_needs(progress: Progress) -> list[Need]:
    """Whoever was reviewed is still fit."""
    return bar_needs(progress.plan)


def result_needs(progress: Progress) -> list[Need]:
    """Somebody was elected to what there must be."""
    needs = [need(_("选出工会主席"), Post.CHAIR in progress.elected, mend="", words="")]
    needs.append(need(_("选出经审会成员"), bool({*AUDIT} & progress.elected), mend="", words=""))
    if progress.plan.women:
        needs.append(need(_("选出女职工委员会成员"), bool({*WOMEN} & progress.elected), mend="", words=""))
    return needs


STEP_NEEDS: Mapping[str, Check] = {
    "prepare": employer_needs,
    "nominate": candidate_needs,
    "elect": election_needs,
    "approve": result_needs,
    "found": employer_needs,
}
"""Step of PROSPECT_FLOW → what it asks for before it can be taken; the others ask for their form only."""


def needs_of(step: str, progress: Progress) -> list[Need]:
    """What a step asks for now."""
    return list(STEP_NEEDS[step](progress)) if step in STEP_NEEDS else []


ORDER = ("agreed", "preparing", "nominated", "elected", "approved", "founded", "registered", "complete")
"""The states from agreement on, one after another."""
