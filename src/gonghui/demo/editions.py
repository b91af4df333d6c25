"""Lists of other authorities in the demo, loaded and compared as the desk does it: two editions of a street's tax list, and a register of
legal persons of another street."""

import datetime as dt
from collections.abc import Collection, Mapping
from random import Random

from gonghui.areas.register.models import Employer
from gonghui.areas.register.rules import CoverageState
from gonghui.areas.unionbuilding import actions, jobs, queries
from gonghui.areas.unionbuilding.models import Edition
from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.actions import apply_batch, check_batch, map_batch, start_batch
from gonghui.core.exchange.carrying import carry_out
from gonghui.core.exchange.models import Batch
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.demo.facts import read
from gonghui.demo.fieldwork import Street
from gonghui.demo.hours import Hours
from gonghui.demo.lists import FUNDS, Known, Payer, firm_file, later, months, payers_of, tax_file, under_other_names
from gonghui.demo.register import ACTOR

BEFORE, NOW = 44, 3  # working days ago: when the two tax lists were loaded
REGISTRY_AGO = 20
BRANCHES = 3  # that stand in the list of payers
DECIDED = 6  # pairs that somebody has decided in each tax list
DOUBTFUL = 95  # payers whose code is of a firm with another name
PAID_AFTER = 50  # days from the beginning of a month until all payments for it are in
TAX, FIRMS = "unionbuilding.tax_list", "unionbuilding.enterprise_list"


class Editions:
    """Loads the lists of the demo's two streets."""

    def __init__(self, home: Street, neighbour: Street, hours: Hours) -> None:
        self.home, self.neighbour, self.hours = home, neighbour, hours
        self.inventor, self.rng = home.register.inventor, Random(int(home.register.plan.street.code))

    def write(self) -> None:
        """Two tax lists, some pairs decided and some matters answered, and a register of legal persons."""
        known = self.known(self.home)
        payers = payers_of(self.rng, known, self.inventor)
        doubtful = under_other_names(self.rng, self.inventor, payers, DOUBTFUL)
        renamed = {payer.code for payer in list(doubtful.values())[::2]}
        payers = [doubtful.get(place, payer) for place, payer in enumerate(payers)]
        before = [*payers, *self.branches()]
        now = later(self.rng, self.inventor, before, self.neighbour.register.plan.street.name)
        first, *rest = months(self.hours.day(0) - dt.timedelta(days=PAID_AFTER), 3)
        for ago, listed, periods in ((BEFORE, before, [first]), (NOW, now, rest)):
            content = tax_file(self.rng, listed, periods)
            edition = self.load(self.home, ago, TAX, f"税务代收名单{periods[-1]:%Y%m}.csv", content)
            self.decide(edition, ago - 1, renamed)
        self.answer()
        content = firm_file(self.rng, self.known(self.neighbour), self.hours.day(REGISTRY_AGO))
        self.load(self.neighbour, REGISTRY_AGO, FIRMS, "法人登记名单.csv", content)

    def known(self, street: Street) -> list[Known]:
        """The employers of a street as they are on the register."""
        name = street.register.plan.street.name
        rows = Employer.objects.visible_to(ACTOR).filter(street=street.union.pk, state="active").order_by("pk")
        values = rows.values_list("name", "uscc", "headcount", "coverage", "address")
        return [
            Known(called, code or "", count or 1, coverage != CoverageState.NONE, name, address)
            for called, code, count, coverage, address in values
        ]

    def branches(self) -> list[Payer]:
        """Branch unions that stand in the list as if they paid themselves."""
        rows = Organisation.objects.visible_to(ACTOR).under(self.home.union).filter(kind=Kind.BRANCH).active().order_by("pk")
        place = self.home.register.plan.street.name
        return [Payer(one.name, "", 24, 9_000, FUNDS, place, self.inventor.phone()) for one in rows[:BRANCHES]]

    def load(self, street: Street, ago: int, sheet: str, name: str, content: bytes) -> Edition:
        """A file through the wizard's steps, then compared with the register."""
        with self.hours.by(street.officer, ago) as actor:
            batch = start_batch(street.union, actor=actor, sheet=sheet, name=name, content=content)
            map_batch(batch, actor=actor, mapping=batch.mapped)
            check_batch(batch, actor=actor)
            apply_batch(batch, actor=actor)
            carry_out(fresh(batch), actor)
            edition: Edition = Edition.objects.visible_to(actor).get(batch_code=batch.public_id)
            actions.match_edition(edition, actor=actor)
            jobs.match(user_id=actor.user_id, edition=str(edition.public_id))
        return edition

    def decide(self, edition: Edition, ago: int, renamed: Collection[str]) -> None:
        """Some uncertain pairs: `renamed` are the codes of the firms that have another name now."""
        with self.hours.by(self.home.officer, ago) as actor:
            for pair in list(queries.to_review(actor).filter(edition=edition)[:DECIDED]):
                actions.decide_match(pair, actor=actor, is_same=pair.entry.code in renamed)

    def answer(self) -> None:
        """Some matters of each kind, as the file says."""
        for row in read("lists.toml")["answers"]:
            with self.hours.by(self.home.officer, 1) as actor:
                self.answer_one(actor, row)

    def answer_one(self, actor: Actor, row: Mapping[str, str]) -> None:
        """The largest open one of a kind."""
        rows = queries.tax_matters(actor).filter(edition__in=queries.newest_tax_editions(actor), state="open", kind=row["kind"])
        matter = rows.order_by("-headcount", "pk")[0]
        actions.answer_tax_matter(matter, actor=actor, answer=row["answer"], note=row["note"])


def fresh(batch: Batch) -> Batch:
    """The batch as it is now."""
    found: Batch = Batch.objects.visible_to(ACTOR).select_related("organisation", "file").get(pk=batch.pk)
    return found
