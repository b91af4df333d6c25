"""The directory, and what is done with its entries."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.register import queries
from gonghui.areas.register.desk.employers import page_of as employer_page
from gonghui.areas.register.desk.steps import CONTACT_STEPS
from gonghui.areas.register.desk.unions import page_of as union_page
from gonghui.areas.register.models import Contact
from gonghui.areas.register.sheets import CONTACTS
from gonghui.core.reference.queries import names
from gonghui.kit.dates import today
from gonghui.web import desk
from gonghui.web.components import Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.steps import step_page


def home_of(contact: Contact) -> str:
    """The page of the union or employer the contact belongs to."""
    if contact.union:
        return union_page(contact.union)
    return employer_page(contact.employer) if contact.employer else ""


@desk.page("register.view")
def index(request: DeskRequest) -> HttpResponse:
    """Everybody one may talk to today."""
    listing = Listing(request, CONTACTS, queries.contacts(request.actor, today()), detail_url=home_of)
    return render(request, listing.template("web/list.html"), {"listing": listing})


@desk.page("register.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Checks, ends or rings up a contact."""
    rows = Contact.objects.visible_to(request.actor).select_related("union", "employer")
    contact = found(rows, public_id)
    back = home_of(contact)

    def number(phone: str) -> HttpResponse:
        crumbs = [Link(_("通讯录"), reverse("register:contacts")), Link(contact.name)]
        post = names("post").get(contact.post, "")
        context = {"title": contact.name, "sub": post, "number": phone, "can_call": True, "back": back, "crumbs": crumbs}
        return render(request, "web/number.html", context)

    return step_page(request, CONTACT_STEPS, step, contact, back=back, finish=number if step == "phone" else None)
