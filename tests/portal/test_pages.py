"""Every page of the portal opens, for a member and for somebody new; the doors of staff and workers stay apart."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.portal.pages import PAGES, newcomer, opened, signed_in
from tests.test_pages import signed_in as with_second_factor


@pytest.mark.parametrize("page", PAGES)
def test_a_member_and_a_newcomer_may_open_every_page(cast: Cast, page: str) -> None:
    for user in (cast.users["worker"], newcomer()):
        assert opened(signed_in(user), page)


def test_who_is_not_signed_in_is_asked_to(cast: Cast) -> None:
    response = Client().get(reverse("portal:card"))
    assert (response.status_code, response.headers["Location"]) == (302, f"{reverse('portal:sign_in')}?next=/m/card/")


def test_staff_are_told_that_this_is_the_workers_door(cast: Cast) -> None:
    response = with_second_factor(cast, "street_officer").get(reverse("portal:home"))
    assert response.status_code == 403
    assert "这里是职工的入口" in response.content.decode()


def test_a_worker_who_opens_a_staff_page_is_led_to_his_own(cast: Cast) -> None:
    response = signed_in(cast.users["worker"]).get(reverse("register:employers"))
    assert (response.status_code, response.headers["Location"]) == (302, reverse("portal:home"))
    assert with_second_factor(cast, "worker").get(reverse("register:employers")).status_code == 403
