"""What a user does with filters of his own."""

from django.utils.translation import gettext_lazy as _

from gonghui.core.accounts.models import User
from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.web.models import SavedFilter

MOST = 20  # filters of one list that one user may keep


@action("web.save_filter", label=_("存为标签"))
def save_filter(user: User, *, actor: Actor, sheet: str, label: str, query: str) -> SavedFilter:
    """Keeps the conditions of a list, as the address writes them, under a name."""
    if user.pk != actor.user_id:
        raise NotAllowed("web.save_filter")
    if SavedFilter.objects.changeable_by(actor, "web.save_filter").filter(sheet=sheet).count() >= MOST:
        raise Refused(_("一个列表最多存 %(most)s 个筛选，请先删去用不着的") % {"most": MOST})
    saved = SavedFilter(user=user, sheet=sheet, label=label, query=query)
    saved.save(force_insert=True)
    return saved


@action("web.rename_filter", label=_("改名"))
def rename_filter(saved: SavedFilter, *, actor: Actor, label: str) -> None:
    """Gives a filter another name."""
    change(saved, label=label)


@action("web.pin_filter", label=_("钉到最前"))
def pin_filter(saved: SavedFilter, *, actor: Actor) -> None:
    """Puts a filter first in its list, and on the first screen."""
    change(saved, is_pinned=True)


@action("web.unpin_filter", label=_("取消钉住"))
def unpin_filter(saved: SavedFilter, *, actor: Actor) -> None:
    """Puts it back among the others."""
    change(saved, is_pinned=False)


@action("web.delete_filter", label=_("删除筛选"))
def delete_filter(saved: SavedFilter, *, actor: Actor) -> None:
    """Forgets a filter; the history keeps that it was there."""
    saved.delete()
