"""The account of a person goes with him when two records of him become one."""

from django.utils.translation import gettext_lazy as _

from gonghui.core.accounts.models import User
from gonghui.core.actions.attached import Attached, attach
from gonghui.core.people.models import Person
from gonghui.kit.text import Text


def obstacle(kept: Person, dropped: Person) -> Text:
    """One person signs in with one account."""
    if User.objects.filter(person__in=[kept, dropped], is_active=True).count() > 1:
        return _("两条记录各有一个登录账号。请本人选定一个，另一个请系统管理员停用后再合并")
    return ""


def stays(kept: Person, dropped: Person) -> list[int]:
    """A closed account stays where it is, if the other record has one."""
    if User.objects.filter(person=kept).exists():
        return list(User.objects.filter(person=dropped).values_list("pk", flat=True))
    return []


attach(Attached(User, "person", stays=stays, obstacle=obstacle))
