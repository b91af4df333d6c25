"""What is open of a person: the areas he answers for."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding.models import Charge
from gonghui.core.access.open_work import OpenItem, OpenWork, Succession, open_work
from gonghui.core.actions.actor import Actor


def held(succession: Succession) -> Q:
    """The areas at the organisation he leaves and below it that he answers for still."""
    path = succession.organisation.path
    return Q(user=succession.leaver, valid__upper_inf=True, organisation_path__startswith=path)


def shown(charge: Charge, actor: Actor) -> OpenItem:
    """Which area."""
    url = reverse("unionbuilding:charge", args=[charge.public_id]) if actor.can("unionbuilding.view") else ""
    return OpenItem(str(charge), url)


open_work(OpenWork("unionbuilding.charges", _("包片"), Charge, held, lambda succession: {"user": succession.successor}, shown))
