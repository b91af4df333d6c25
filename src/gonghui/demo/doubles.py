"""Employers and a union that somebody entered a second time by hand, for the pages that put two records side by side."""

from collections.abc import Mapping

from gonghui.areas.register.actions import EmployerRow, add_contact, enter_employers, found_union
from gonghui.areas.register.models import Contact
from gonghui.core.organisations.models import Kind
from gonghui.core.reference.models import Region
from gonghui.demo.hours import Hours
from gonghui.demo.register import Register

OFFICER, DEPARTMENT = "donghuamen", "bushi"
PLACE, ENDING = "北京", "有限公司"
DAYS_AGO = (48, 33, 12)  # working days: two employers, then the union


def write_doubles(register: Register, places: Mapping[str, Region], hours: Hours) -> None:
    """What is on the register of a street already, once more: under another form of its name, and without its code."""
    covered = [
        (firm, employer)
        for firm, employer in zip(register.plan.firms, register.employers, strict=True)
        if firm.joint and firm.own_since is None and employer.name.startswith(PLACE) and employer.name.endswith(ENDING)
    ]
    for (firm, employer), ago in zip(covered[1::7], DAYS_AGO[:-1], strict=False):
        with hours.by(OFFICER, ago) as actor:
            values = {"address": employer.address, "industry": employer.industry, "is_synthetic": True}
            name = f"{employer.name.removeprefix(PLACE).removesuffix(ENDING)}（{PLACE}）{ENDING}"
            row = EmployerRow(name, hours.day(ago), region=places[firm.region], headcount=firm.workers, values=values)
            enter_employers(register.street, actor=actor, rows=[row])
    union = next(iter(register.joints.values()))
    with hours.by(DEPARTMENT, DAYS_AGO[-1]) as actor:
        double = found_union(
            register.street,
            actor=actor,
            name=f"{union.name}委员会",
            kind=Kind.JOINT,
            on=hours.day(DAYS_AGO[-1]),
            document=register.document(hours.day(DAYS_AGO[-1])),
            joint_basis=union.joint_basis,
            region=union.region,
            is_synthetic=True,
        )
        chair = Contact.objects.visible_to(actor).filter(union=union, post="chair").first()
        if chair:
            add_contact(double, actor=actor, post="chair", name=chair.name, phone=chair.phone(), since=hours.day(DAYS_AGO[-1]))
