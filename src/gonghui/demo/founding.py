"""Foundings of the demo on every step of their way, what comes after them, and what they earn. The cases stand in founding.toml."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from gonghui.areas.members.actions import MemberRow, admit_members
from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.models import Aftercare, Candidate, Crossing, Duty
from gonghui.areas.unionbuilding.queries import numbers
from gonghui.areas.unionbuilding.rules.care import DutyKind
from gonghui.areas.unionbuilding.rules.founding import COMMITTEE, Meeting, Post
from gonghui.core.actions.actor import Actor
from gonghui.core.figures.actions import set_target
from gonghui.core.people.actions import PersonRow
from gonghui.core.people.models import Sex
from gonghui.demo.facts import read
from gonghui.demo.fieldwork import Case, Fieldwork
from gonghui.demo.lists import months
from gonghui.demo.members import document
from gonghui.demo.names import Inventor
from gonghui.demo.register import ACTOR
from gonghui.kit.dates import from_day, today

WAY = (
    *(("open", 0), ("claim", 2), ("willing", 5), ("prepare", 9), ("nominate", 13), ("review", 16)),
    *(("elect", 21), ("approve", 24), ("found", 26), ("register", 52), ("open_account", 60)),
)
"""Steps and after how many working days each is taken."""
ACTIVITY_AFTER = 66
JOBS = ("项目主管", "会计", "行政专员", "门店店长", "客户经理", "技术员", "仓库管理员", "设计师", "客服主管")
WOMEN = 0.45  # of the workers
DEPARTMENT, SECOND = "bushi", "buzhang"
GROWN_AGO = 16
AWARDED = 10  # months, the last two of them not confirmed yet
NURSERY = "unionbuilding.watch_nursery"
SHARES = "unionbuilding.check_shares"


class Foundings:
    """Leads employers to unions."""

    def __init__(self, field: Fieldwork) -> None:
        self.field, self.hours, self.streets = field, field.hours, field.streets
        self.inventor: Inventor = field.streets["home"].register.inventor

    def write(self) -> None:
        """Those of the file, one out of a joint union, what must be done after them, and who answers for which area."""
        facts = read("founding.toml")
        for row in facts["foundings"]:
            self.lead(self.begun(row), row)
        self.grow()
        with self.hours.by_night(SHARES, today()) as system:
            actions.check_shares(system, today())
        self.charge(facts["charges"])
        self.aim(facts["targets"])
        self.award()

    def begun(self, row: Mapping[str, Any]) -> Case:
        """The employer of a case, entered on the register."""
        street = self.streets[row.get("at", "home")]
        return self.field.cases(street, [row["workers"]], is_dispatch=row.get("is_dispatch"))[0]

    def lead(self, case: Case, row: Mapping[str, Any]) -> None:
        """Step after step, as far as it has come."""
        for step, after in WAY:
            officer = DEPARTMENT if step == "open" else case.street.officer
            with self.hours.by(officer, row["begun"] - after) as actor:
                self.STEPS[step](self, case, actor, row)
            if step == row["to"]:
                break
        if "activity" in row:
            self.enliven(case, row)

    # -- the steps ----------------------------------------------------------------------------------------------

    def list_it(self, case: Case, actor: Actor, row: Mapping[str, Any]) -> None:
        """It becomes a prospect."""
        actions.open_prospects(case.street.union, actor=actor, employers=[case.employer])

    def claim(self, case: Case, actor: Actor, row: Mapping[str, Any]) -> None:
        """The street claims it."""
        actions.claim(case.street.union, actor=actor, prospect=case.prospect)

    def agree(self, case: Case, actor: Actor, row: Mapping[str, Any]) -> None:
        """Somebody has gone there, and it wants a union."""
        said = "到单位座谈，总经理和职工代表都同意建会，商定先成立筹备组"
        finding = actions.FindingRow("visit", "willing", today(), headcount=case.employer.headcount, note=said)
        actions.record_finding(case.prospect, actor=actor, row=finding)

    def document(self, case: Case) -> str:
        """The number of a letter of approval."""
        return case.street.register.document(today())

    def prepare(self, case: Case, actor: Actor, row: Mapping[str, Any]) -> None:
        """The first letter, with the plan of the union."""
        workers = case.employer.headcount or 0
        members = max(3, round(workers * 0.85))
        plan: dict[str, Any] = {
            "union_name": f"{case.employer.name}工会",
            "head": self.inventor.person(),
            "group": "、".join(self.inventor.person() for _one in range(2)),
            "members": members,
            "women": round(workers * WOMEN),
            "seats": numbers(today()).committee(members)[0],
        }
        if row.get("is_dispatch"):
            plan |= {
                "dispatched": round(workers * 0.9),
                "hosts": "市政养护集团东华门项目部、示例物流有限公司、示例物业服务中心",
            }
        letter = self.document(case)
        actions.approve_preparation(case.prospect, actor=actor, document=letter, on=today(), **plan)

    def nominate(self, case: Case, actor: Actor, row: Mapping[str, Any]) -> None:
        """Who stands: a chair, one more for the committee than there are seats, three for each of the other bodies."""
        prospect, ties = case.prospect, dict(row.get("ties", {}))
        for post, is_woman in self.standing(case):
            values: dict[str, Any] = {"name": self.inventor.person(), "post": post, "job": self.inventor.rng.choice(JOBS)}
            values |= {"sex": Sex.FEMALE if is_woman else Sex.MALE, "tie": ties.pop(post, "none")}
            actions.nominate(prospect, actor=actor, is_party_member=self.inventor.rng.random() < 0.3, **values)

    def standing(self, case: Case) -> Iterator[tuple[Post, bool]]:
        """Posts, and whether a woman stands for each."""
        founding: Any = case.prospect.founding  # type: ignore[attr-defined]
        yield from ((Post.CHAIR, False), (Post.VICE_CHAIR, True))
        yield from ((Post.MEMBER, place % 2 == 0) for place in range(numbers(today()).candidates(founding.seats) - 2))
        yield from ((Post.AUDIT_HEAD, True), (Post.AUDIT_MEMBER, False), (Post.AUDIT_MEMBER, True))
        yield from ((Post.WOMEN_HEAD, True), (Post.WOMEN_MEMBER, True), (Post.WOMEN_MEMBER, True))

    def review(self, case: Case, actor: Actor, row: Mapping[str, Any]) -> None:
        """The candidates are approved."""
        actions.approve_candidates(case.prospect, actor=actor, on=today())

    def elect(self, case: Case, actor: Actor, row: Mapping[str, Any]) -> None:
        """A meeting of all members; the one too many for the committee gets fewer votes than half."""
        founding: Any = case.prospect.founding  # type: ignore[attr-defined]
        due = founding.members
        present = round(due * 0.9)
        rows = list(Candidate.objects.visible_to(ACTOR).filter(founding=founding).order_by("pk"))
        last = [one for one in rows if one.post in COMMITTEE][-1]
        votes = {one.pk: due // 3 if one is last else present - place % 3 for place, one in enumerate(rows)}
        actions.record_election(
            case.prospect, actor=actor, on=today(), meeting=Meeting.MEMBERS, due=due, present=present, votes=votes
        )

    def approve(self, case: Case, actor: Actor, row: Mapping[str, Any]) -> None:
        """The second letter."""
        actions.approve_result(case.prospect, actor=actor, document=self.document(case), on=today())

    def found(self, case: Case, actor: Actor, row: Mapping[str, Any]) -> None:
        """The union."""
        actions.found(case.prospect, actor=actor)

    def register(self, case: Case, actor: Actor, row: Mapping[str, Any]) -> None:
        """The union becomes a legal person."""
        place, code = (
            self.inventor.rng.randrange(1000, 9999),
            self.inventor.code("81", case.street.register.plan.street.district),
        )
        certificate = f"工法证字第110101{place}号"
        actions.record_registration(case.founded, actor=actor, certificate=certificate, on=today(), uscc=code)

    def open_account(self, case: Case, actor: Actor, row: Mapping[str, Any]) -> None:
        """The union has an account."""
        number = f"0200{self.inventor.rng.randrange(10**12):012}"
        actions.record_account(case.founded, actor=actor, bank=read("founding.toml")["bank"], number=number, on=today())

    STEPS: Mapping[str, Callable[["Foundings", Case, Actor, Mapping[str, Any]], None]] = {
        "open": list_it,
        "claim": claim,
        "willing": agree,
        "prepare": prepare,
        "nominate": nominate,
        "review": review,
        "elect": elect,
        "approve": approve,
        "found": found,
        "register": register,
        "open_account": open_account,
    }

    # -- afterwards ---------------------------------------------------------------------------------------------

    def enliven(self, case: Case, row: Mapping[str, Any]) -> None:
        """Its members have joined, and it has done something together."""
        with self.hours.by(case.street.officer, row["begun"] - ACTIVITY_AFTER) as actor:
            care = Aftercare.objects.visible_to(ACTOR).get(employer=case.employer.pk)
            joined = [self.member(case) for _one in range(row["members"])]
            admit_members(care.union, actor=actor, rows=joined)
            duty = Duty.objects.visible_to(ACTOR).get(aftercare=care, kind=DutyKind.FIRST_ACTIVITY)
            actions.finish_duty(duty, actor=actor, on=today(), evidence=row["activity"])

    def member(self, case: Case) -> MemberRow:
        """Somebody made up who joins today."""
        inventor = self.inventor
        person = PersonRow(
            inventor.person(), document(inventor), f"100{inventor.rng.randrange(10**8):08}", {"is_synthetic": True}
        )
        return MemberRow(person, today(), employer=case.employer)

    def grow(self) -> None:
        """Firms of joint unions that have reached the number; the street goes on with one of its own."""
        night = self.hours.day(GROWN_AGO)
        with self.hours.by_night(NURSERY, night) as system:
            actions.watch_nursery(system, night)
        home = self.streets["home"]
        rows = Crossing.objects.visible_to(ACTOR).filter(employer__street=home.union, prospect__isnull=False)
        crossing = rows.select_related("employer").order_by("-workers", "pk")[0]
        case, row = Case(home, crossing.employer), {"begun": GROWN_AGO}
        for step, ago in (("claim", 12), ("willing", 9), ("prepare", 4)):
            with self.hours.by(home.officer, ago) as actor:
                self.STEPS[step](self, case, actor, row)

    def charge(self, rows: list[dict[str, str]]) -> None:
        """Who answers for which area."""
        for row in rows:
            with self.hours.by(DEPARTMENT, 150) as actor:
                user = self.hours.users[row["user"]]
                actions.give_charge(self.streets[row["at"]].union, actor=actor, user=user, since=today(), area=row["area"])

    def aim(self, rows: list[dict[str, Any]]) -> None:
        """What the streets shall reach this year."""
        year = today().year
        period = from_day(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
        for row in rows:
            union, number, basis = self.streets[row["at"]].union, Decimal(row["number"]), f"{year}年度建会任务分解（合成）"
            with self.hours.by(DEPARTMENT, 150) as actor:
                set_target(union, actor=actor, figure=row["figure"], period=period, number=number, basis=basis)

    def award(self) -> None:
        """What the streets have earned: the earlier months are confirmed by another officer, the last two wait."""
        first, *_between, last, _this = months(today(), AWARDED)
        spans = ((first, last), (last, today() + dt.timedelta(days=1)))
        for street in self.streets.values():
            for at, (since, before) in enumerate(spans):
                with self.hours.by(DEPARTMENT, 3) as actor:
                    award = actions.compute_award(street.union, actor=actor, since=since, before=before)
                if at == 0:
                    with self.hours.by(SECOND, 2) as actor:
                        actions.confirm_award(award, actor=actor)
