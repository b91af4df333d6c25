"""Employers without a union in the demo's two streets, and what its people do about them: claims, calls, findings, disputes, screening.

The stories stand in fieldwork.toml. Each step is the action that a page takes, by one of the demo's people on a day of his.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gonghui.areas.register.actions import add_contacts, enter_employers
from gonghui.areas.register.actions.contacts import ContactRow
from gonghui.areas.register.models import Contact, Employer
from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.actions import AttemptRow, FindingRow
from gonghui.areas.unionbuilding.models import Claim, Dispute, Prospect
from gonghui.areas.unionbuilding.rules import WITH_UNION, AttemptResult, ContactMethod, Origin
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.reference.models import Region
from gonghui.demo.facts import read
from gonghui.demo.hours import Hours
from gonghui.demo.plan import make_firm
from gonghui.demo.register import ACTOR, Register, communities, entry_of
from gonghui.kit.dates import today

OFFICERS = {"home": "donghuamen", "next": "jingshan"}
ENTERED = 210  # working days ago: when the employers of the stories came to the register
DEPARTMENT = "bushi"
LAPSED = "unionbuilding.advance_claims"
Step = Mapping[str, Any]


@dataclass(frozen=True)
class Street:
    """One of the two streets."""

    register: Register
    officer: str

    @property
    def union(self) -> Organisation:
        """Its union."""
        return self.register.street


@dataclass(frozen=True)
class Case:
    """An employer of a story, the street it stands in, and the prospect once there is one."""

    street: Street
    employer: Employer

    @property
    def prospect(self) -> Prospect:
        """The running prospect."""
        found: Prospect = Prospect.objects.visible_to(ACTOR).running().get(employer=self.employer.pk)
        return found

    @property
    def founded(self) -> Prospect:
        """The prospect whose union was founded."""
        found: Prospect = Prospect.objects.visible_to(ACTOR).filter(state__in=WITH_UNION).get(employer=self.employer.pk)
        return found

    @property
    def claim(self) -> Claim:
        """The claim that holds it."""
        found: Claim = Claim.objects.visible_to(ACTOR).running().get(prospect=self.prospect)
        return found

    @property
    def dispute(self) -> Dispute:
        """What is disputed of it."""
        found: Dispute = Dispute.objects.visible_to(ACTOR).get(name=self.employer.name, state="raised")
        return found


class Fieldwork:
    """Tells the stories."""

    def __init__(self, streets: Mapping[str, Street], places: Mapping[str, Region], hours: Hours) -> None:
        self.streets, self.places, self.hours = streets, places, hours

    def write(self) -> None:
        """The small employers that wait, then story after story."""
        facts = read("fieldwork.toml")
        for at, number in facts["opened"].items():
            self.open_small(self.streets[at], number)
        for story in facts["stories"]:
            street = self.streets[story.get("at", "home")]
            for case in self.cases(street, story["workers"], has_phone=story.get("has_phone", True)):
                for step in story["steps"]:
                    self.take(case, step)

    def open_small(self, street: Street, number: int) -> None:
        """Prospects out of the register, for whoever claims them."""
        plain = [one for one in street.register.uncovered() if one.uscc][::-1]
        with self.hours.by(DEPARTMENT, 18) as actor:
            actions.open_prospects(street.union, actor=actor, employers=plain[3 : 3 + number])

    def cases(
        self, street: Street, workers: Sequence[int], *, has_phone: bool = True, is_dispatch: bool | None = None
    ) -> list[Case]:
        """Employers that the street has entered on the register, with so many workers, and with somebody to call."""
        register, plan = street.register, street.register.plan.street
        nearby = communities(plan)
        firms = [make_firm(register.inventor.rng, register.inventor, plan, nearby, count) for count in workers]
        with self.hours.by(street.officer, ENTERED) as actor:
            for firm in firms:
                firm.entered_on = today()
                if is_dispatch:
                    firm.identity = register.inventor.employer(is_small=False, is_dispatch=True)
            rows = [entry_of(firm, dict(self.places), register.inventor) for firm in firms]
            employers = enter_employers(street.union, actor=actor, rows=rows)
            if has_phone:
                add_contacts(street.union, actor=actor, rows=[self.contact_of(street, one) for one in employers])
        return [Case(street, employer) for employer in employers]

    def contact_of(self, street: Street, employer: Employer) -> ContactRow:
        """Whoever answers the telephone there."""
        inventor = street.register.inventor
        return ContactRow(employer, "liaison", inventor.person(), inventor.phone(), today())

    def take(self, case: Case, step: Step) -> None:
        """One step, by whoever takes it; the system's own comes with its day."""
        if step["do"] == "lapse":
            return self.lapse(case)
        with self.hours.by(step.get("by", self.officer_of(case, step)), step["ago"]) as actor:
            self.DOES[step["do"]](self, case, actor, step)
        return None

    def officer_of(self, case: Case, step: Step) -> str:
        """The officer of the street that a step names, else of the one that the employer stands in."""
        return self.streets[step["to"]].officer if step["do"] == "dispute" else case.street.officer

    # -- who works on it ----------------------------------------------------------------------------------------

    def open(self, case: Case, actor: Actor, step: Step) -> None:
        """It becomes a prospect."""
        origin = step.get("origin", Origin.REGISTER)
        actions.open_prospects(case.street.union, actor=actor, employers=[case.employer], origin=origin)

    def claim(self, case: Case, actor: Actor, step: Step) -> None:
        """Its street claims it."""
        actions.claim(case.street.union, actor=actor, prospect=case.prospect)

    def assign(self, case: Case, actor: Actor, step: Step) -> None:
        """The district says who works on it."""
        actions.assign_claim(case.prospect, actor=actor, union=self.streets[step["to"]].union, reason=step["reason"])

    def reassign(self, case: Case, actor: Actor, step: Step) -> None:
        """The district gives it to another street."""
        actions.reassign_claim(case.claim, actor=actor, union=self.streets[step["to"]].union, reason=step["reason"])

    def release(self, case: Case, actor: Actor, step: Step) -> None:
        """The street gives it back."""
        actions.release_claim(case.claim, actor=actor, reason=step["reason"])

    def lapse(self, case: Case) -> None:
        """The night after the claim's last day."""
        claim = case.claim
        night = claim.until + dt.timedelta(days=1)
        with self.hours.by_night(LAPSED, night) as system:
            actions.advance_claim(claim, actor=system, on=night)

    def dispute(self, case: Case, actor: Actor, step: Step) -> None:
        """Another street says that it is its own."""
        union = self.streets[step["to"]].union
        actions.raise_dispute(union, actor=actor, firm=case.employer.name, reason=step["reason"])

    def uphold(self, case: Case, actor: Actor, step: Step) -> None:
        """The district agrees."""
        actions.uphold_dispute(case.dispute, actor=actor, decision=step["decision"])

    def dismiss(self, case: Case, actor: Actor, step: Step) -> None:
        """The district does not."""
        actions.dismiss_dispute(case.dispute, actor=actor, decision=step["decision"])

    def withdraw(self, case: Case, actor: Actor, step: Step) -> None:
        """Whoever disputed it does not any more."""
        actions.withdraw_dispute(case.dispute, actor=actor)

    # -- what was tried and found -------------------------------------------------------------------------------

    def call(self, case: Case, actor: Actor, step: Step) -> None:
        """A call to the number that is known."""
        rows = Contact.objects.visible_to(ACTOR).filter(employer=case.employer.pk).order_by("pk")
        row = AttemptRow(ContactMethod.PHONE, step["result"], step.get("note", ""), rows.first(), self.appointment(step))
        actions.record_attempt(case.prospect, actor=actor, row=row)

    def appointment(self, step: Step) -> dt.datetime | None:
        """The time that was agreed, so many days from the day on which the demo begins."""
        if step["result"] != AttemptResult.APPOINTMENT:
            return None
        return self.hours.moment(self.hours.day(0) + dt.timedelta(days=step["days"]), step["at"])

    def visit(self, case: Case, actor: Actor, step: Step) -> None:
        """Somebody goes there."""
        row = AttemptRow(ContactMethod.VISIT, step["result"], step.get("note", ""))
        actions.record_attempt(case.prospect, actor=actor, row=row)

    def find(self, case: Case, actor: Actor, step: Step) -> None:
        """What was found out, and what follows."""
        moved = communities(self.streets[step["to"]].register.plan.street)[0] if "to" in step else None
        row = FindingRow(
            step["method"],
            step["outcome"],
            today(),
            headcount=round((case.employer.headcount or 0) * step["seen"]) if "seen" in step else None,
            note=step.get("note", ""),
            reason=step.get("reason", ""),
            rests_until=self.hours.day(0) + dt.timedelta(days=step["rests"]) if "rests" in step else None,
            region=self.places[moved[0]] if moved else None,
            address=f"{moved[1]}18号" if moved else "",
        )
        actions.record_finding(case.prospect, actor=actor, row=row)

    def talk(self, case: Case, actor: Actor, step: Step) -> None:
        """Somebody in charge was talked to."""
        row = AttemptRow(ContactMethod.VISIT, AttemptResult.MET, step["note"])
        actions.record_talk(case.prospect, actor=actor, row=row)

    def screen(self, case: Case, actor: Actor, step: Step) -> None:
        """Proposed for striking off, with everything that was tried."""
        actions.propose_screened(case.prospect, actor=actor, note=step["note"])

    # -- other ends ---------------------------------------------------------------------------------------------

    def cover(self, case: Case, actor: Actor, step: Step) -> None:
        """A joint union of the street covers it."""
        actions.cover_jointly(case.prospect, actor=actor, union=self.joint_of(case), since=today(), basis=step["note"])

    def join(self, case: Case, actor: Actor, step: Step) -> None:
        """It belongs to a union that is there already."""
        actions.join_existing(case.prospect, actor=actor, union=self.joint_of(case), since=today(), basis=step["note"])

    def joint_of(self, case: Case) -> Organisation:
        """The joint union of the employer's community, else any of the street."""
        joints = Organisation.objects.visible_to(ACTOR).under(case.street.union).filter(kind=Kind.JOINT).active()
        found: Organisation = joints.filter(region=case.employer.region_id).first() or joints.order_by("pk")[0]
        return found

    def close(self, case: Case, actor: Actor, step: Step) -> None:
        """No union is looked for any more."""
        actions.close_prospect(case.prospect, actor=actor, reason=step["reason"])

    DOES: Mapping[str, Callable[["Fieldwork", Case, Actor, Step], None]] = {
        one.__name__: one
        for one in (
            *(open, claim, assign, reassign, release, dispute, uphold, dismiss, withdraw),
            *(call, visit, find, talk, screen, cover, join, close),
        )
    }
    """What the word `do` of a step stands for."""
