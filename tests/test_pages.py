import pytest
from django.test import Client
from django.urls import reverse

from gonghui.core.accounts.second_factor import KEY
from tests.cast import Cast


def signed_in(cast: Cast, name: str) -> Client:
    """A client in whose session the second factor has been shown."""
    client = Client()
    client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[KEY] = True
    session.save()
    return client


@pytest.mark.parametrize("name", ["home", "search", "figures", "grants", "parameters"])
def test_pages_open(cast: Cast, name: str) -> None:
    client = signed_in(cast, "administrator" if name == "grants" else "district_chair")
    assert client.get(reverse(f"web:{name}")).status_code == 200


@pytest.mark.parametrize("name", ["employers", "unions", "contacts", "strike_offs"])
def test_lists_open(cast: Cast, name: str) -> None:
    response = signed_in(cast, "street_officer").get(reverse(f"register:{name}"))
    assert response.status_code == 200


def test_records_open(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    for url in (
        reverse("register:employer", args=[cast.mill.public_id]),
        reverse("register:union", args=[cast.own.public_id]),
        reverse("register:union", args=[cast.street.public_id]),
        reverse("web:figure", args=["coverage_rate"]),
        reverse("web:figure_rows", args=["covered_employers"]),
        reverse("register:employer", args=[cast.mill.public_id]) + "?drawer=1",
        reverse("register:employer_step", args=[cast.mill.public_id, "found"]),
        reverse("register:employer_step", args=[cast.mill.public_id, "cover"]),
    ):
        response = client.get(url)
        assert response.status_code == 200, url


def test_the_outsider_gets_404_for_our_employer(cast: Cast) -> None:
    client = signed_in(cast, "outsider")
    response = client.get(reverse("register:employer", args=[cast.mill.public_id]))
    missing = client.get(reverse("register:employer", args=["6f1d8b1e-0000-4000-8000-000000000000"]))
    assert (response.status_code, response.content) == (404, missing.content)
