"""Signing in by a telephone (security.md 8): a code, on an unknown device one more fact, and then the account.

An `Entrance` says where that leads: everybody's is the portal; of the desk, `core.access.by_phone` decides.

Nobody acts yet, so the system does. A code belongs to the session that asked for it. Until it is proven nothing depends on whether the
number is known; afterwards only its holder learns anything. A number that carriers may have given to somebody else by now opens nothing
of its former holder without a fact about him.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from gonghui.core.accounts.actions import close_sessions, phone_of, worker_account
from gonghui.core.accounts.limits import Limit, give_back, site, take
from gonghui.core.accounts.models import Device, Phone, SignInCode, User, WeChat
from gonghui.core.actions.action import Refused, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting, entry
from gonghui.core.people.models import IdentityDocument, Person
from gonghui.core.reference.queries import parameter
from gonghui.kit import names
from gonghui.kit.dates import now, today
from gonghui.kit.identity import compact

SYSTEM = Actor.system("accounts.sign_in")
WHY = "who signs in, before there is an actor"
DIGITS, TRIES = 6, 5
CODE_LASTS = dt.timedelta(minutes=5)
FACT_LASTS = dt.timedelta(minutes=10)  # after the code was proven
DEVICE_LASTS = dt.timedelta(days=400)  # browsers keep no cookie for longer
FACT_CHARACTERS = 4
MINUTE, DAY, MONTH = dt.timedelta(seconds=60), dt.timedelta(days=1), dt.timedelta(days=30)
FACT_TRIES, FACT_TRIES_A_MONTH = 5, 10
ASK_AGAIN = _("验证码已失效，请重新获取")
AT_THE_COUNTER = _("请带身份证件到附近的街道工会服务站办理")

Deliver = Callable[[str, str, dt.datetime], None]  # number, code, until when it is good
Result = TypeVar("Result")


@dataclass(frozen=True)
class Asker:
    """Where a request comes from, before it is known from whom: its address, and the secret that the browser remembers, if any."""

    address: str
    device: str = ""


@dataclass(frozen=True)
class Pending:
    """How far a sign-in has come: `asks` is "code", "document" (its last characters), "name" or "password"."""

    masked: str
    asks: str
    may_be_new: bool = False  # the number may be somebody else's by now
    code: str = ""


@dataclass(frozen=True)
class Entrance:
    """Where a proven telephone leads: `admit` raises Refused for an account (None for a number without one) that may not come in here,
    `account_of` answers the account of the number."""

    admit: Callable[[User | None], None]
    account_of: Callable[[str], User]


def refuse_nobody(user: User | None) -> None:
    """In the portal everybody is a worker, at the first time too."""


PORTAL = Entrance(refuse_nobody, worker_account)


def digest(secret: str) -> str:
    """What is kept of a secret of a session or device. It is random and long, so a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode()).hexdigest()


@contextmanager
def nobody() -> Iterator[None]:
    """The door for a step that is taken before there is an actor."""
    with acting(SYSTEM), entry(SYSTEM.name, SYSTEM):
        yield


def sending_limits(number: str, address: str) -> list[Limit]:
    """How often codes are sent. The numbers are the parameters' (security programme F2)."""
    a_day = parameter("accounts.codes_per_phone", today())
    from_here, altogether = parameter("accounts.codes_per_address", today()), parameter("accounts.codes_altogether", today())
    return [
        Limit("code", number, 1, MINUTE, _("验证码刚刚发出，请等一分钟再获取")),
        Limit("code", number, a_day, DAY, _("这个手机号今天获取验证码的次数已用完，请明天再试")),
        Limit("code", site(address), from_here, DAY, _("这个网络今天获取验证码的次数已用完，请换用手机流量，或明天再试")),
        Limit("code", "everybody", altogether, DAY, _("今天发出的验证码已到上限，请明天再试，急事请到街道工会服务站办理")),
    ]


def trying_limits(address: str) -> list[Limit]:
    """How often wrong codes are taken, so that trying one code on many numbers leads nowhere (security programme F1)."""
    from_here, altogether = (
        parameter("accounts.wrong_codes_per_address", today()),
        parameter("accounts.wrong_codes_altogether", today()),
    )
    return [
        Limit("try", site(address), from_here, DAY, _("这个网络今天输错验证码的次数太多，请换用手机流量，或明天再试")),
        Limit("try", "everybody", altogether, DAY, _("今天输错的验证码太多，登录暂停到明天，急事请到街道工会服务站办理")),
    ]


def fact_limits(user: User) -> list[Limit]:
    """How often somebody who holds the telephone may guess at the person behind the account."""
    return [
        Limit("fact", str(user.public_id), FACT_TRIES, DAY, _("今天核对失败的次数太多。%(what)s") % {"what": AT_THE_COUNTER}),
        Limit(
            "fact", str(user.public_id), FACT_TRIES_A_MONTH, MONTH, _("核对失败的次数太多。%(what)s") % {"what": AT_THE_COUNTER}
        ),
    ]


def ask_code(number: str, *, asker: Asker, deliver: Deliver, former: str = "") -> str:
    """Makes a code for this number, hands it to `deliver` and answers the secret by which the asking session proves it is the one.

    `former` is the secret of the code that the session asked for before; that code is dead. Raises Refused above a limit.
    """
    secret = secrets.token_urlsafe(32)
    with nobody():
        take(sending_limits(number, asker.address))
        _rows().filter(digest=digest(former)).delete()
        row = SignInCode(digest=digest(secret), expires_at=now() + CODE_LASTS)
        row.seal(number, f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")
        row.save(force_insert=True)
        deliver(number, row.code(), row.expires_at)
    return secret


def _rows() -> Any:
    return SignInCode.objects.unscoped(WHY)


def pending(secret: str) -> Pending | None:
    """What a session waits for; None where it has asked for nothing, or too long ago."""
    with nobody():
        row = _rows().filter(digest=digest(secret)).select_related("user__person").first()
        if row is None or is_over(row):
            return None
        if row.proven_at is None:
            return Pending(row.masked, "code", code=row.code())
        phone = phone_of(row.number())
        return Pending(row.masked, fact_of(row.user), may_be_new=phone is not None and may_be_somebody_elses(phone))


def is_over(row: SignInCode) -> bool:
    """Whether a code, or the fact asked for after it, comes too late."""
    return now() >= (row.expires_at if row.proven_at is None else row.proven_at + FACT_LASTS)


def fact_of(user: User) -> str:
    """What an unknown device is asked: the end of a document's number of the account's person, the name where there is none; without a
    person the password. Nothing where there is neither."""
    if user.person is not None:
        return "document" if _documents(user.person) else "name"
    return "password" if user.has_usable_password() else ""


def _documents(person: Person) -> list[IdentityDocument]:
    return list(IdentityDocument.objects.unscoped(WHY).filter(person=person))


def prove_code(secret: str, typed: str, *, asker: Asker, entrance: Entrance = PORTAL) -> User | None:
    """The account of whoever types the right code in the session that asked for it; None where one more fact is asked for.

    A wrong one is counted, also when nothing else comes of it. Raises Refused.
    """
    return _with_right_code(secret, typed, asker, lambda row: _recognised(row, asker, entrance))


def prove_number(secret: str, typed: str, *, asker: Asker, number: str) -> None:
    """Whoever types the right code holds this telephone; the code is used up and signs nobody in. Raises Refused."""

    def used_up(row: SignInCode) -> None:
        if row.number() != number:
            raise Refused(ASK_AGAIN)
        row.delete()

    _with_right_code(secret, typed, asker, used_up)


def _with_right_code(secret: str, typed: str, asker: Asker, follow: Callable[[SignInCode], Result]) -> Result:
    """What follows from the right code; a wrong one is counted, also when nothing else comes of it. Raises Refused."""
    with nobody():
        row = _rows().select_for_update(of=("self",)).filter(digest=digest(secret), proven_at=None).first()
        if row is None or is_over(row) or row.tries >= TRIES:
            raise Refused(ASK_AGAIN)
        limits = trying_limits(asker.address)
        take(limits)
        if hmac.compare_digest(row.code().encode(), compact(typed).encode()):
            give_back(limits)
            return follow(row)
        row.tries += 1
        row.save(update_fields=["tries"])
    left = TRIES - row.tries
    raise Refused(_("验证码不对，还可以试 %(left)s 次") % {"left": left} if left else ASK_AGAIN, field="code")


def _recognised(row: SignInCode, asker: Asker, entrance: Entrance) -> User | None:
    phone = phone_of(row.number())
    entrance.admit(phone.user if phone else None)
    if phone is None or is_known(asker.device, phone.user):
        return _entered(row, entrance)
    if fact_of(phone.user):
        change(row, user=phone.user, proven_at=now())
        return None
    if may_be_somebody_elses(phone):
        release(phone)
    return _entered(row, entrance)


def _entered(row: SignInCode, entrance: Entrance) -> User:
    """The account of a number that is proven; the code is used up. Raises Refused for an account that was closed."""
    user = entrance.account_of(row.number())
    if not user.is_active:
        raise Refused(_("这个账号已停用，请联系所在工会，或到街道工会服务站办理"))
    row.delete()
    return user


def prove_fact(secret: str, typed: str, *, entrance: Entrance = PORTAL) -> User:
    """The account, once whoever has proven its telephone also knows the fact about its person, or its password. Raises Refused."""
    with nobody():
        row, user = _proven(secret)
        entrance.admit(user)
        limits = fact_limits(user)
        take(limits)
        if is_right(user, typed):
            give_back(limits)
            return _entered(row, entrance)
    raise Refused(_("和登记的不一致，请核对后再试"), field="fact")


def _proven(secret: str) -> tuple[SignInCode, User]:
    rows = _rows().select_for_update(of=("self",)).filter(digest=digest(secret), proven_at__isnull=False)
    row = rows.select_related("user__person").first()
    if row is None or is_over(row):
        raise Refused(ASK_AGAIN)
    return row, row.user


def is_right(user: User, typed: str) -> bool:
    """Whether one of the facts about the account's person was typed; or the password, where it has no person."""
    if user.person is None:
        return user.check_password(typed)
    told = compact(typed) if fact_of(user) == "document" else names.normal(typed)
    return any(hmac.compare_digest(one.encode(), told.encode()) for one in _facts(user.person))


def _facts(person: Person) -> list[str]:
    """The last characters of the person's documents; the name where there is none."""
    return [one.number()[-FACT_CHARACTERS:] for one in _documents(person)] or [names.normal(person.name)]


def fact_to_show(secret: str) -> str:
    """What `prove_fact` waits for, for the pages of the demo; a password is shown nowhere. Raises Refused."""
    with nobody():
        person = _proven(secret)[1].person
        return _facts(person)[0] if person else ""


def may_be_somebody_elses(phone: Phone) -> bool:
    """Whether the number was last proven so long ago that a carrier may have given it to somebody else (二次放号)."""
    return phone.proven_at < now() - dt.timedelta(days=parameter("accounts.number_reuse_days", today()))


def start_anew(secret: str) -> User:
    """For whoever got a number that was another's: an account of his own; nothing of the former holder comes with it. Raises Refused."""
    with nobody():
        row, _former = _proven(secret)
        phone = phone_of(row.number())
        if phone and not may_be_somebody_elses(phone):
            raise Refused(_("这个号码不久前还有人用来登录，不能另开账号。%(what)s") % {"what": AT_THE_COUNTER})
        if phone:
            release(phone)
        return _entered(row, PORTAL)


def release(phone: Phone) -> None:
    """A number leaves its account, which is signed out everywhere. One that nobody can sign in to any more is closed and forgets its
    person, so that he can be recognised in a new account."""
    user = phone.user
    close_sessions(user)
    phone.delete()
    if not user.has_usable_password() and not WeChat.objects.unscoped(WHY).filter(user=user).exists():
        change(user, is_active=False, person=None)


# -- devices ----------------------------------------------------------------------------------------------------


def is_known(device: str, user: User) -> bool:
    """Whether this account was signed in to on this device before, and not signed out everywhere since."""
    since = now() - DEVICE_LASTS
    rows = Device.objects.unscoped(WHY).filter(user=user, digest=digest(device), seen_at__gt=since)
    return bool(device) and rows.exists()


def remember(device: str, user: User) -> str:
    """Notes that this account was signed in to on this device, and answers the secret that the browser keeps."""
    device = device or secrets.token_urlsafe(32)
    with nobody():
        Device.objects.unscoped(WHY).update_or_create(user=user, digest=digest(device), defaults={"seen_at": now()})
    return device


# -- WeChat -----------------------------------------------------------------------------------------------------


def wechat_user(openid: str) -> User | None:
    """The open account that this WeChat identity is bound to."""
    with nobody():
        rows = WeChat.objects.unscoped(WHY).filter(openid_index=WeChat.index_of(openid), user__is_active=True)
        row = rows.select_related("user").first()
        return row.user if row else None


def bind_wechat(openid: str, user: User) -> None:
    """From now on this identity signs in to this account, and to no other; the account's telephone was proven in the same session."""
    with nobody():
        rows = WeChat.objects.unscoped(WHY)
        (rows.filter(user=user) | rows.filter(openid_index=WeChat.index_of(openid))).delete()
        row = WeChat(user=user, bound_at=now())
        row.set_openid(openid)
        row.save(force_insert=True)


# -- cleaning up ------------------------------------------------------------------------------------------------


def forget_codes() -> int:
    """Removes the codes that nobody can use any more; how many."""
    with nobody():
        count: int = _rows().filter(expires_at__lt=now() - FACT_LASTS).delete()[0]
        return count
