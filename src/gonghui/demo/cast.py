"""Who may sign in to the demo: one person for each role, and one who has none."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.hashers import make_password

from gonghui.core.access.actions import choose_departments, grant_role
from gonghui.core.accounts.actions import create_user, prove_phone
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation

SINCE = dt.date(2016, 1, 4)


@dataclass(frozen=True)
class SignIn:
    """One of the demo's people: how to sign in, and what may be done then."""

    role: str  # what it is called; shown on the sign-in page and in the terminal
    username: str
    name: str
    access: str = ""  # a role of core.access; nothing without one
    place: str = ""  # where it is held
    department: str = ""
    phone: str = ""  # by which the desk is opened with a code

    @property
    def password(self) -> str:
        """The same for all of them."""
        return settings.DEMO_PASSWORD


CHAIRS_PHONE = "13800138001"
DEPARTMENTS = ("office", "organising", "rights", "finance", "publicity", "grassroots")  # that each of the districts has
DISTRICT, STREET, NEXT_STREET, OWN_UNION = "district", "street", "next street", "own union"

SIGN_INS = (
    SignIn("东城区总工会主席", "quzhuxi", "陈建国", "district_chair", DISTRICT),
    SignIn("西城区总工会主席", "xicheng", "林志远", "district_chair", "110102"),
    SignIn("大兴区总工会主席", "daxing", "赵秋萍", "district_chair", "110115"),
    SignIn("基层建设部干部", "bushi", "方敏", "department_officer", DISTRICT, "grassroots"),
    SignIn("基层建设部部长", "buzhang", "许文静", "department_officer", DISTRICT, "grassroots"),
    SignIn("西城区基层工作部干部", "xicheng_bushi", "韩雪", "department_officer", "110102", "grassroots"),
    SignIn("大兴区基层工作部干部", "daxing_bushi", "马跃", "department_officer", "110115", "grassroots"),
    SignIn("系统管理员", "guanli", "梁静", "administrator", DISTRICT),
    SignIn("街道工会干部", "donghuamen", "周敏", "street_officer", STREET),
    SignIn("企业工会主席", "qiye", "孙佳怡", "enterprise_chair", OWN_UNION, phone=CHAIRS_PHONE),
    SignIn("邻街道工会干部", "jingshan", "高文", "street_officer", NEXT_STREET),
    SignIn("普通职工", "zhigong", "李想"),
)
NAMES = {one.place: one.name for one in SIGN_INS}


def open_accounts(places: Mapping[str, Organisation], *, actor: Actor) -> dict[str, User]:
    """Opens the accounts, each with its second factor, and grants the roles."""
    users = {}
    for place in (DISTRICT, "110102", "110115"):
        choose_departments(places[place], actor=actor, codes=DEPARTMENTS, since=SINCE)
    for one in SIGN_INS:
        user = create_user(username=one.username, name=one.name, password=None, title=one.role, is_demo=True)
        TOTP.activate(user, generate_totp_secret())
        if one.access:
            grant_role(places[one.place], actor=actor, user=user, role=one.access, since=SINCE, department=one.department)
        if one.phone:
            prove_phone(user, one.phone, is_worker=False)
        users[one.username] = user
    hashed = make_password(settings.DEMO_PASSWORD)  # once: hashing is slow on purpose
    User.objects.filter(is_demo=True).update(password=hashed)
    return users
