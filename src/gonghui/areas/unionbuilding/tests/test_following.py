"""What becomes of a prospect when the register says that its employer is gone or has a union."""

import datetime as dt
from collections.abc import Iterator

import pytest

from gonghui.areas.register.actions import cover_employer, end_coverage, found_union
from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.actions import open_prospects
from gonghui.areas.unionbuilding.models import Prospect
from gonghui.areas.unionbuilding.tests.founding import agreed, fresh, prepared
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.kit.dates import as_if
from tests.cast import LONG_AGO, SYSTEM, Cast

JUNE = dt.date(2026, 6, 10)


@pytest.fixture
def cast(cast: Cast) -> Iterator[Cast]:
    """The cast, with all that follows done by the system."""
    with acting(SYSTEM):
        yield cast


def own_union(cast: Cast) -> Organisation:
    return found_union(cast.street, actor=SYSTEM, name="博闻工会", kind=Kind.OWN, on=JUNE, document="东工发〔2026〕9号")


def covered(employer: Employer, union: Organisation) -> None:
    cover_employer(employer, actor=SYSTEM, union=union, since=JUNE)


def test_an_employer_that_the_register_puts_under_a_union_is_looked_after_no_more(cast: Cast) -> None:
    prospect = agreed(cast)
    covered(cast.mill, own_union(cast))
    found = fresh(prospect)
    assert (found.state, found.is_open, found.ended_on) == ("joined", False, JUNE)


def test_one_that_a_joint_union_covers_is_covered(cast: Cast) -> None:
    prospect = agreed(cast)
    covered(cast.mill, cast.joint)
    assert fresh(prospect).state == "covered"


def test_a_union_in_preparation_is_not_needed_any_more(cast: Cast) -> None:
    prospect = agreed(cast)
    prepared(prospect)
    covered(cast.mill, cast.joint)
    assert (fresh(prospect).state, fresh(prospect).reason) == ("closed", "covered")


def test_a_conversion_goes_on_under_another_joint_union_and_ends_with_an_own_one(cast: Cast) -> None:
    covered(cast.mill, cast.joint)
    cast.mill.refresh_from_db()
    with as_if(JUNE):
        (prospect,) = open_prospects(cast.joint, actor=SYSTEM, employers=[cast.mill])
    end_coverage(cast.mill, actor=SYSTEM, on=JUNE + dt.timedelta(days=5), reason="调整")
    cover_employer(cast.mill, actor=SYSTEM, union=cast.joint, since=JUNE + dt.timedelta(days=5))
    assert fresh(prospect).state == "to_verify"
    cover_employer(cast.mill, actor=SYSTEM, union=own_union(cast), since=JUNE + dt.timedelta(days=9))
    assert fresh(prospect).state == "joined"


def test_other_employers_stay_prospects(cast: Cast) -> None:
    prospect = agreed(cast)
    with as_if(LONG_AGO):
        (other,) = open_prospects(cast.street, actor=SYSTEM, employers=[cast.shop])
    covered(cast.mill, cast.joint)
    assert Prospect.objects.unscoped("for the test").running().get() == fresh(other)
    assert fresh(prospect).state == "covered"
