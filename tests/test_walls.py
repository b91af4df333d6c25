import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from gonghui.areas.register.models import Contact, Coverage, Employer
from gonghui.core.actions.models import Unscoped
from gonghui.core.organisations.models import Organisation
from tests.cast import Cast


def test_a_query_without_an_actor_raises_when_evaluated(cast: Cast) -> None:
    with cast.act("street_officer"), pytest.raises(Unscoped):
        list(Employer.objects.all())


def test_the_database_refuses_a_connection_without_an_actor(cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="no actor"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select count(*) from register_employer")


def test_the_street_officer_sees_his_street_and_not_the_next_one(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        assert set(Employer.objects.visible_to(actor)) == {cast.firm, cast.shop, cast.mill}
    with cast.act("outsider") as actor:
        assert set(Employer.objects.visible_to(actor)) == {cast.neighbour}


def test_the_database_alone_holds_the_same_wall(cast: Cast) -> None:
    with cast.act("outsider"):
        assert set(Employer.objects.unscoped("wall 1 off in a test")) == {cast.neighbour}
        assert list(Coverage.objects.unscoped("wall 1 off in a test")) == []
        assert list(Contact.objects.unscoped("wall 1 off in a test")) == []
        assert set(Organisation.objects.unscoped("wall 1 off in a test")) == {cast.next_street}
