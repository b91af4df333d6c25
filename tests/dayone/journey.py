"""The steps of the day, taken through the pages."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gonghui.core.accounts.models import User
from gonghui.core.accounts.second_factor import KEY
from gonghui.web.models import Run
from tests.browser import PASSWORD, code_now


def client_of(user: User) -> Client:
    """A client in whose session the second factor has been shown."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[KEY] = True
    session.save()
    return client


def imported(client: Client, sheet: str, content: bytes, name: str) -> Any:
    """A workbook through all pages of the wizard; the import as it stands then."""
    url = f"{reverse('web:start_import')}?sheet={sheet}"
    page: Any = client.get(url)
    place = page.context["form"].initial["organisation"]
    columns: Any = client.post(url, {"organisation": place, "file": SimpleUploadedFile(name, content)}, follow=True)
    form = columns.context["form"]
    filled = {key: form.get_initial_for_field(field, key) for key, field in form.fields.items()}
    checked: Any = client.post(columns.request["PATH_INFO"], filled, follow=True)
    batch = checked.context["batch"]
    assert batch.state == "checked", checked.content.decode()
    done: Any = client.post(reverse("web:import_step", args=[batch.public_id, "apply"]), follow=True)
    assert done.context["batch"].state == "done", done.context["batch"].problem
    return done


def carried_out(client: Client, step: str, data: dict[str, str], query: str = "", actor: Any = None) -> Run:
    """A verb for all rows of the list of accounts, dry run and work; long ones as the job would do them."""
    from gonghui.core.access.queries import actor_for
    from gonghui.web.runs import carry_out

    url = f"{reverse('web:bulk', args=['list:access.accounts'])}?{query}"
    asked: Any = client.post(url, {"step": step, "all": "1"}, follow=True)
    run = asked.context["run"]
    user = User.objects.get(pk=client.session["_auth_user_id"])
    client.post(reverse("web:run", args=[run.public_id]), data or {"go": "1"})
    carry_out(actor_for(user), run.public_id)
    client.post(reverse("web:start_run", args=[run.public_id]))
    carry_out(actor_for(user), run.public_id)
    page: Any = client.get(reverse("web:run", args=[run.public_id]))
    return page.context["run"]  # type: ignore[no-any-return]


def file_of(client: Client, run: Run) -> bytes:
    """What a run ended in, downloaded."""
    assert run.file is not None
    return client.post(reverse("web:file", args=[run.file.public_id])).content


def accepted(address: str, digits: str, **changed: str) -> tuple[Client, Any]:
    """Somebody without an account opens an address, fills the page in and sends it; his client and the page he comes to."""
    client = Client()
    path = urlsplit(address).path
    page: Any = client.get(path)
    username = page.context["form"]["username"].value()
    data = {"digits": digits, "username": username, "password": PASSWORD, "again": PASSWORD} | changed
    return client, client.post(path, data, follow=True)


def accepted_by_code(address: str) -> tuple[Client, Any]:
    """The chair of a base union opens an address, has a code sent to his telephone, types what the page shows in development, and sends
    the form; his client and the page he comes to."""
    client = Client()
    path = urlsplit(address).path
    sent: Any = client.post(path, {"send": "1"}, follow=True)
    username = sent.context["form"]["username"].value()
    data = {"code": sent.context["demo_code"], "username": username, "password": PASSWORD, "again": PASSWORD}
    return client, client.post(path, data, follow=True)


def with_totp(client: Client, page: Any) -> Any:
    """Sets the second factor up with the secret on the page. The session is told after commit, which tests never come to: told here."""
    code = code_now(page.context["form"].secret.replace(" ", ""))
    done: Any = client.post(page.request["PATH_INFO"], {"code": code}, follow=True)
    assert done.redirect_chain[0][0] == reverse("mfa_view_recovery_codes")
    session = client.session
    session[KEY] = True
    session.save()
    return done


def address_on(page: Any) -> str:
    """The address of an invitation that a page shows."""
    found = re.search(r"<code[^>]*>(http[^<]+)</code>", page.content.decode())
    assert found
    return found[1]
