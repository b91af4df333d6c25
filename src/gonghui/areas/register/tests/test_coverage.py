import datetime as dt

import pytest
from django.urls import reverse

from gonghui.areas.register.actions import cover_employer, end_coverage, found_union
from gonghui.areas.register.models import Coverage, Employer, Holding
from gonghui.areas.register.queries import facts_of
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.figures.registry import Scope, figures, value
from gonghui.core.organisations.models import Kind
from gonghui.kit.dates import today
from tests.cast import Cast
from tests.test_pages import signed_in

DAY = dt.date(2016, 3, 10)


def test_a_covered_employer_is_held_by_the_union_that_covers_it(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        union = found_union(cast.street, actor=actor, name="博闻工会", kind=Kind.OWN, on=DAY, document="东工〔2016〕3号")
        cover_employer(cast.mill, actor=actor, union=union, since=DAY)
        mill = Employer.objects.visible_to(actor).get(pk=cast.mill.pk)
        assert (mill.organisation, mill.coverage) == (union, "own")
        holdings = Holding.objects.visible_to(actor).filter(employer=mill).order_by("valid")
        assert [(row.organisation.name, row.managing) for row in holdings] == [
            ("东华门街道总工会", cast.street),
            ("博闻工会", cast.street),
        ]


def test_whole_unit_coverage_cannot_overlap(cast: Cast) -> None:
    with cast.act("street_officer") as actor, pytest.raises(Refused, match="整体覆盖"):
        cover_employer(cast.firm, actor=actor, union=cast.joint, since=DAY)


def test_a_union_covers_an_employer_once_be_it_whole_or_in_part(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        with pytest.raises(Refused, match="这个工会在这些日子里已覆盖"):
            cover_employer(cast.shop, actor=actor, union=cast.joint, since=DAY, extent="group")
        cover_employer(cast.mill, actor=actor, union=cast.joint, since=DAY, extent="group")
        with pytest.raises(Refused, match="这个工会在这些日子里已覆盖"):
            cover_employer(cast.mill, actor=actor, union=cast.joint, since=DAY, extent="group")


def test_joint_coverage_gives_way_to_an_own_union_on_the_same_day(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        union = found_union(cast.street, actor=actor, name="同心里工会", kind=Kind.OWN, on=DAY, document="东工〔2016〕4号")
        cover_employer(cast.shop, actor=actor, union=union, since=DAY)
        rows = Coverage.objects.visible_to(actor).filter(employer=cast.shop).order_by("valid")
        assert [(row.form, row.valid.upper) for row in rows] == [("joint", DAY), ("own", None)]


def test_an_own_union_covers_one_employer_only(cast: Cast) -> None:
    with cast.act("street_officer") as actor, pytest.raises(Refused, match="只覆盖一家"):
        cover_employer(cast.mill, actor=actor, union=cast.own, since=DAY)


def test_the_next_street_cannot_cover_our_employer(cast: Cast) -> None:
    with cast.act("outsider") as actor, pytest.raises(NotAllowed):
        cover_employer(cast.mill, actor=actor, union=cast.joint, since=DAY)


def test_after_its_coverage_ends_an_employer_goes_back_to_its_street(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        end_coverage(cast.shop, actor=actor, on=DAY, reason="楼宇拆除")
        shop = Employer.objects.visible_to(actor).get(pk=cast.shop.pk)
        assert (shop.organisation, shop.coverage) == (cast.street, "none")


def test_coverage_that_ends_on_the_day_it_began_never_held(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        for _again in range(2):
            cover_employer(cast.mill, actor=actor, union=cast.joint, since=today())
            cast.mill.refresh_from_db()
            end_coverage(cast.mill, actor=actor, on=today(), reason="登错了")
            cast.mill.refresh_from_db()
            assert (cast.mill.coverage, facts_of(cast.mill, actor)["coverages"]) == ("none", [])
        assert value(figures["covered_employers"], Scope(cast.street), today(), actor=actor).number == 2
    page = signed_in(cast, "street_officer").get(reverse("register:employer", args=[cast.mill.public_id])).content.decode()
    assert "一天也没有" in page
