"""The standing cast: two neighbouring streets of one district, and the people every rule is tried on.

The street officer keeps Donghuamen; the outsider sits in the next street and must never see anything of it.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gonghui.areas.members.actions import MemberRow, admit_member
from gonghui.areas.members.models import Membership
from gonghui.areas.register.actions import (
    EmployerRow,
    add_contact,
    cover_employers,
    enter_employers,
    found_root,
    found_union,
)
from gonghui.areas.register.models import Employer
from gonghui.core.access.actions import grant_role
from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.actions import create_user, prove_phone
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.core.reference.models import Region
from gonghui.kit.identity import checked

LONG_AGO = dt.date(2015, 1, 1)
SYSTEM = Actor.system("tests.cast")
WORKERS_NUMBER = "11010519491231002X"  # the example in GB 11643
WORKERS_PHONE = "13900002046"


@dataclass
class Cast:
    """Who and what there is. `act(name)` opens the door as one of them."""

    district: Organisation
    street: Organisation
    next_street: Organisation
    education: Organisation
    own: Organisation
    joint: Organisation
    firm: Employer  # covered by its own union
    shop: Employer  # covered by the joint union
    mill: Employer  # uncovered
    neighbour: Employer  # in the next street
    member: Membership  # the worker's, in the own union
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The rights of one of the cast, now."""
        return actor_for(self.users[name])

    @contextmanager
    def act(self, name: str) -> Iterator[Actor]:
        """The door, open for one of the cast."""
        actor = self.actor(name)
        with acting(actor):
            yield actor


def region(code: str) -> Region:
    """A division by its code."""
    found: Region = Region.objects.get(code=code)
    return found


def found_cast() -> Cast:
    """Everything through the actions that users use."""
    with acting(SYSTEM):
        cast = _tree()
        for name, role, organisation in (
            ("district_chair", "district_chair", cast.district),
            ("department_officer", "department_officer", cast.district),
            ("administrator", "administrator", cast.district),
            ("street_officer", "street_officer", cast.street),
            ("enterprise_chair", "enterprise_chair", cast.own),
            ("outsider", "street_officer", cast.next_street),
            ("worker", "", cast.own),
        ):
            user = create_user(username=name, name=NAMES[name], password=None)
            cast.users[name] = user
            if role:
                grant_role(organisation, actor=SYSTEM, user=user, role=role, since=LONG_AGO)
        prove_phone(cast.users["worker"], WORKERS_PHONE, person=cast.member.person)
    return cast


NAMES = {
    "district_chair": "陈主席",
    "department_officer": "方敏",
    "administrator": "梁静",
    "street_officer": "周敏",
    "enterprise_chair": "孙佳怡",
    "outsider": "高文",
    "worker": "李想",
}


def _union(parent: Organisation, name: str, kind: str, **values: object) -> Organisation:
    return found_union(parent, actor=SYSTEM, name=name, kind=kind, on=LONG_AGO, document="京工发〔2015〕1号", **values)


def _tree() -> Cast:
    district = found_root(
        actor=SYSTEM, name="东城区总工会", kind=Kind.DISTRICT, on=LONG_AGO, region=region("110101"), code="110101"
    )
    streets = [
        _union(district, name, Kind.STREET, region=region(code), code=code)
        for name, code in (("东华门街道总工会", "110101001"), ("景山街道总工会", "110101002"))
    ]
    education = _union(district, "东城区教育工会", Kind.SYSTEM, code="110101-EDU")
    own = _union(streets[0], "北京云帆数讯科技有限公司工会", Kind.OWN, region=streets[0].region)
    joint = _union(streets[0], "东华门街道王府井楼宇联合工会", Kind.JOINT, joint_basis="building", region=streets[0].region)
    firm, shop, mill = enter_employers(
        streets[0],
        actor=SYSTEM,
        rows=[
            EmployerRow("北京云帆数讯科技有限公司", LONG_AGO, region=streets[0].region, headcount=186),
            EmployerRow("北京同心里文化传播有限公司", LONG_AGO, region=streets[0].region, headcount=12),
            EmployerRow("北京博闻教育咨询有限公司", LONG_AGO, region=streets[0].region, headcount=142),
        ],
    )
    (neighbour,) = enter_employers(
        streets[1],
        actor=SYSTEM,
        rows=[EmployerRow("北京景山西街茶庄", LONG_AGO, region=streets[1].region, headcount=8)],
    )
    cover_employers(own, actor=SYSTEM, employers=[firm], since=LONG_AGO)
    cover_employers(joint, actor=SYSTEM, employers=[shop], since=LONG_AGO)
    add_contact(own, actor=SYSTEM, post="chair", name="孙佳怡", phone="13812342046", since=LONG_AGO)
    for employer in (firm, shop):
        employer.refresh_from_db()
    person = PersonRow(NAMES["worker"], checked(WORKERS_NUMBER), WORKERS_PHONE)
    member = admit_member(own, actor=SYSTEM, row=MemberRow(person, dt.date(2020, 3, 1), employer=firm))
    return Cast(district, streets[0], streets[1], education, own, joint, firm, shop, mill, neighbour, member)
