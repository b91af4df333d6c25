"""What of union building is planted in the district of canaries."""

import datetime as dt
from typing import Any
from uuid import uuid4

from gonghui.areas.unionbuilding.actions import load_edition
from gonghui.areas.unionbuilding.models import Match, TaxMatter, Verdict
from gonghui.areas.unionbuilding.rules.firms import Firm, PaymentRow
from gonghui.kit.dates import now
from tests.cast import SYSTEM
from tests.world import World


def lists(world: World) -> None:
    """Two tax lists of each street and of the education union that are not matched yet (one that is, everybody may know of): with a firm
    that is an employer, one that has gone and one that is new; and what payments and register disagree about."""
    cast = world.cast
    uncovered = {one.organisation_id: one for one in world.employers if one.coverage == "none"}
    for place in (cast.street, cast.next_street, cast.education):
        employer, day = uncovered[place.pk], dt.date(2026, 3, 1)
        for month in (1, 2):
            name, gone, code = (world.word(f"{what} of a list", place.path) for what in ("name", "firm", "code"))
            phone = world.word("number of a firm of a list", place.path, pattern="1380000{:04d}", is_sealed=True)
            payment = PaymentRow("funds", day.replace(month=month), day.replace(month=month, day=28))
            firms = [Firm(name, phone=phone, legal_person=code, payments=[payment]), Firm(gone)]
            edition, entries = load_edition(place, actor=SYSTEM, kind="tax", firms=firms, lines=2, code=uuid4())
        world.plant(edition, place.path)
        for entry in entries:
            world.plant(entry, place.path)
        for difference in edition.differences.unscoped("of a list just loaded"):
            world.plant(difference, place.path)
        values: dict[str, Any] = {"edition": edition, "entry": entries[0], "employer": employer}
        match = Match.objects.create(**values, score=1, band="review", probability=0.5, state="review")
        world.plant(match, place.path)
        matter = TaxMatter.objects.create(**values, organisation=place, kind="no_union", name=name)
        world.plant(matter, place.path)
        verdict = Verdict.objects.create(key=name, name=name, employer=employer, is_same=True, decided_at=now())
        world.plant(verdict, *{union.path for union in (employer.organisation, employer.street) if union})
