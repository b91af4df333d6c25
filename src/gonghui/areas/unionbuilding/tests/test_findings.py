"""What was found out, what follows from it, who sees it; and what is screened."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gonghui.areas.members.models import Alert
from gonghui.areas.register.actions import approve_strike_off
from gonghui.areas.register.models import Headcount, StrikeOff
from gonghui.areas.unionbuilding import actions, queries
from gonghui.areas.unionbuilding.actions import AttemptRow, FindingRow
from gonghui.areas.unionbuilding.models import Attempt, Charge, Finding, Prospect
from gonghui.areas.unionbuilding.tests.fieldwork import WHY, claim_of, claimed, firm, prospect_of, stored, tried
from gonghui.core.access.actions import pass_on
from gonghui.core.access.models import Grant
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.files.models import StoredFile
from gonghui.kit.dates import as_if, today
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.test_pages import signed_in

TOMORROW = today() + dt.timedelta(days=1)
EXIF = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00GPS 39.9N 116.4E"
PHOTO = (
    b"\xff\xd8\xff\xe1" + (len(EXIF) + 2).to_bytes(2, "big") + EXIF
    + b"\xff\xdb\x00\x04\x00\x00\xff\xda\x00\x02picture\xff\x00more\xff\xd9" + b"second picture, 39.9N"
)  # fmt: skip


@pytest.fixture
def open_cast(cast: Cast) -> Iterator[Cast]:
    with acting(SYSTEM):
        yield cast


def found(prospect: Prospect, outcome: str, actor: Actor = SYSTEM, **more: Any) -> Finding:
    """What was found on a visit of today."""
    row = FindingRow("visit", outcome, today(), **more)
    return actions.record_finding(stored(prospect), actor=actor, row=row)


@pytest.fixture
def prospect(open_cast: Cast) -> Prospect:
    """The mill, claimed by the street."""
    made = prospect_of(open_cast.mill)
    claimed(open_cast, made)
    return made


# -- what follows -------------------------------------------------------------------------------------------------


def test_it_is_there_and_the_number_seen_counts(open_cast: Cast, prospect: Prospect) -> None:
    found(prospect, "exists", headcount=137)
    assert (stored(prospect).state, stored(prospect).headcount, stored(open_cast.mill).headcount) == ("verified", 137, 137)
    count = Headcount.objects.unscoped(WHY).get(employer=open_cast.mill, valid__contains=today())
    assert (count.count, count.source) == (137, "site")
    assert stored(claim_of(prospect)).state == "kept"


def test_it_wants_a_union(prospect: Prospect) -> None:
    found(prospect, "willing", note="经理同意")
    assert stored(prospect).state == "agreed"


def test_it_does_not_want_one_and_comes_back_by_itself(prospect: Prospect) -> None:
    with pytest.raises(Refused, match="不同意的原因"):
        found(prospect, "refused")
    found(prospect, "refused", reason="too_few", rests_until=TOMORROW)
    assert (stored(prospect).state, stored(prospect).reason, stored(prospect).refused_until) == ("refused", "too_few", TOMORROW)
    night = Actor.system("unionbuilding.resume_rested")
    assert actions.resume_rested(night, today()) == 0
    assert actions.resume_rested(night, TOMORROW) == 1
    assert (stored(prospect).state, stored(prospect).refused_until) == ("verified", None)
    assert stored(claim_of(prospect)).call_on == today()


def test_it_has_moved_to_the_next_street_which_goes_on_with_it(open_cast: Cast, prospect: Prospect) -> None:
    found(prospect, "moved", region=open_cast.next_street.region, address="景山前街 4 号")
    now_there = stored(prospect)
    assert (now_there.is_open, now_there.organisation_id, now_there.street_id) == (
        True,
        open_cast.next_street.pk,
        open_cast.next_street.pk,
    )
    assert stored(open_cast.mill).organisation_id == open_cast.next_street.pk
    assert claim_of(prospect) is None
    outsider = open_cast.actor("outsider")
    with acting(outsider):
        assert queries.findings_of(now_there, outsider).count() == 1  # what was found goes with the employer
    officer = open_cast.actor("street_officer")
    with acting(officer):
        assert queries.findings_of(now_there, officer).count() == 0


def test_a_system_keeps_what_moves_within_the_district(open_cast: Cast) -> None:
    prospect = prospect_of(open_cast.mill)
    claimed(open_cast, prospect, open_cast.education)
    found(prospect, "moved", region=open_cast.next_street.region)
    assert (stored(prospect).organisation_id, stored(prospect).street_id) == (open_cast.education.pk, open_cast.next_street.pk)
    assert claim_of(prospect) is not None


@pytest.mark.parametrize(
    ("outcome", "reason", "closing"), [("moved", "", "moved_away"), ("closed", "deregistered", "deregistered")]
)
def test_what_has_left_or_is_dissolved_ends(
    open_cast: Cast, prospect: Prospect, outcome: str, reason: str, closing: str
) -> None:
    found(prospect, outcome, reason=reason)
    assert (stored(prospect).state, stored(prospect).reason) == ("closed", closing)
    assert stored(open_cast.mill).state != "active"


def test_what_is_only_dormant_is_proposed_and_another_person_decides(open_cast: Cast, prospect: Prospect) -> None:
    officer = open_cast.actor("street_officer")
    with acting(officer):
        found(prospect, "closed", officer, reason="dormant", note="门锁着，房东说停了半年")
    proposal = StrikeOff.objects.unscoped(WHY).get(employer=open_cast.mill)
    assert proposal.reason == "dormant"
    assert "门锁着，房东说停了半年" in proposal.evidence
    assert (stored(prospect).state, stored(open_cast.mill).state) == ("to_verify", "active")
    from_district = open_cast.actor("district_chair")
    with acting(from_district):
        approve_strike_off(proposal, actor=from_district, on=today())
    assert (stored(prospect).state, stored(prospect).reason) == ("closed", "struck_off")


def test_a_double_leads_to_the_employer_where_records_are_merged(cast: Cast) -> None:
    with acting(SYSTEM):
        prospect = prospect_of(cast.mill)
        claimed(cast, prospect)
        found(prospect, "duplicate", same_as=cast.shop)
    page = signed_in(cast, "street_officer").get(reverse("unionbuilding:prospect", args=[prospect.public_id])).content.decode()
    assert "合并重复的单位" in page
    assert reverse("register:employer", args=[cast.mill.public_id]) in page


def test_a_look_into_the_records_does_not_keep_the_claim(prospect: Prospect) -> None:
    row = FindingRow("records", "exists", today())
    actions.record_finding(stored(prospect), actor=SYSTEM, row=row)
    assert stored(claim_of(prospect)).state == "held"
    with pytest.raises(Refused, match="不能晚于今天"):
        actions.record_finding(stored(prospect), actor=SYSTEM, row=FindingRow("visit", "exists", TOMORROW))


def test_a_talk_is_an_attempt_and_a_step(prospect: Prospect) -> None:
    found(prospect, "exists")
    with pytest.raises(Refused, match="和谁谈的"):
        actions.record_talk(stored(prospect), actor=SYSTEM, row=AttemptRow("visit", "met"))
    actions.record_talk(stored(prospect), actor=SYSTEM, row=AttemptRow("visit", "met", "与人事经理谈建会流程"))
    assert stored(prospect).state == "contacted"
    assert Attempt.objects.unscoped(WHY).get().note == "与人事经理谈建会流程"


# -- the photo ----------------------------------------------------------------------------------------------------


def test_a_photo_says_nothing_of_where_it_was_taken_and_passes_with_the_employer(cast: Cast) -> None:
    with acting(SYSTEM):
        prospect = prospect_of(cast.mill)
        claimed(cast, prospect)
    client = signed_in(cast, "street_officer")
    url = reverse("unionbuilding:prospect_step", args=[prospect.public_id, "found-exists"])
    typed = {"method": "visit", "on": today().isoformat(), "photo": SimpleUploadedFile("door.jpg", PHOTO)}
    assert client.post(url, typed).status_code == 302
    with acting(SYSTEM):
        photo = StoredFile.objects.unscoped(WHY).get(purpose="核实照片")
    address = reverse("web:file", args=[photo.public_id])
    content = client.post(address).content
    assert b"picture\xff\x00more" in content
    assert b"39.9N" not in content
    assert signed_in(cast, "outsider").get(address).status_code == 404
    assert signed_in(cast, "enterprise_chair").get(address).status_code == 404
    with acting(SYSTEM):
        claim = claim_of(prospect)
        assert claim is not None
        actions.reassign_claim(claim, actor=SYSTEM, union=cast.education, reason="归口")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("content", [b"GIF89a", b"\xff\xd8\xff\xe1\xff\xff", b"\x89PNG\r\n\x1a\nxx", b"<svg onload=alert(1)>"])
def test_what_is_no_photo_is_refused_beside_the_field(open_cast: Cast, prospect: Prospect, content: bytes) -> None:
    with pytest.raises(Refused, match="JPEG 或 PNG") as refusal:
        found(prospect, "exists", photo=content)
    assert refusal.value.field == "photo"
    with pytest.raises(Refused, match="8 MB"):
        found(prospect, "exists", photo=b"\xff" * (8 * 2**20 + 1))


# -- screening ----------------------------------------------------------------------------------------------------


def test_what_nobody_ever_reached_is_screened_with_its_evidence(open_cast: Cast) -> None:
    gone, there = firm(open_cast, "找不到的店"), firm(open_cast, "找得到的店")
    for one in (gone, there):
        claimed(open_cast, one)
    for number in range(3):
        with as_if(today() - dt.timedelta(days=number)):
            tried(gone, "no_answer", note="响铃无人")
    tried(gone, "nobody", "visit", note="已换招牌")
    tried(there, "reached")
    officer = open_cast.actor("street_officer")
    with acting(officer):
        (screened,) = queries.screened(officer)
        assert (screened.pk, screened.silent_days, screened.visits) == (gone.pk, 3, 1)
        proposal = actions.propose_screened(screened, actor=officer)
        assert proposal.reason == "unreachable"
        assert "上门：上门无人，已换招牌" in proposal.evidence
        assert not queries.screened(officer).exists()  # it waits at the district


# -- who sees it --------------------------------------------------------------------------------------------------


def test_others_see_an_unclaimed_prospect_and_nothing_of_what_was_tried(cast: Cast) -> None:
    with acting(SYSTEM):
        prospect = prospect_of(cast.mill)
        claim = claimed(cast, prospect)
        tried(prospect, "no_answer", note="密语一二三")
        actions.record_finding(stored(prospect), actor=SYSTEM, row=FindingRow("records", "exists", today(), note="密语四五六"))
        actions.release_claim(stored(claim), actor=SYSTEM, reason="密语七八九")
    url = reverse("unionbuilding:prospect", args=[prospect.public_id])
    page = signed_in(cast, "outsider").get(url).content.decode()
    assert cast.mill.name in page
    assert "密语" not in page
    assert "周敏" not in page
    for name in ("enterprise_chair", "worker", "administrator"):
        assert signed_in(cast, name).get(url).status_code in (302, 403)
    listed = (
        signed_in(cast, "outsider").get(reverse("unionbuilding:prospects"), {"cols": ["name", "attempts"]}).content.decode()
    )
    assert cast.mill.name in listed
    mine = signed_in(cast, "street_officer").get(url).content.decode()
    assert "密语一二三" in mine
    assert "密语四五六" in mine


def test_a_claimed_prospect_is_the_same_404_as_one_that_never_was(cast: Cast) -> None:
    with acting(SYSTEM):
        prospect = prospect_of(cast.mill)
        claimed(cast, prospect)
    client = signed_in(cast, "outsider")
    for name, arguments in (("prospect", ()), ("prospect_step", ("attempt",)), ("claim", ()), ("verify", ())):
        answer = client.get(reverse(f"unionbuilding:{name}", args=[prospect.public_id, *arguments]))
        assert answer.status_code == 404, name


# -- opening ------------------------------------------------------------------------------------------------------


def test_an_employer_becomes_a_prospect_from_its_own_page(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    page = client.get(reverse("register:employer", args=[cast.mill.public_id])).content.decode()
    url = reverse("unionbuilding:open", args=[cast.mill.public_id])
    assert url in page
    assert client.post(url).status_code == 302
    with acting(SYSTEM):
        prospect = Prospect.objects.unscoped(WHY).get(employer=cast.mill)
    assert prospect.origin == "register"
    again = client.get(reverse("register:employer", args=[cast.mill.public_id])).content.decode()
    assert reverse("unionbuilding:prospect", args=[prospect.public_id]) in again
    assert "已经是建会对象" in client.post(url).content.decode()
    assert signed_in(cast, "outsider").post(url).status_code == 404


def test_many_employers_at_once_and_a_reminder_lead_there_too(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    assert "列为建会对象" in client.get(reverse("register:employers")).content.decode()
    with acting(SYSTEM):
        Alert(
            employer=cast.mill, organisation=cast.street, street=cast.street, raised_on=today(), state="open", count=25
        ).save()
        alert = Alert.objects.unscoped(WHY).get()
    page = client.get(reverse("members:alert", args=[alert.public_id])).content.decode()
    assert reverse("unionbuilding:open", args=[cast.mill.public_id]) in page
    client.post(reverse("unionbuilding:open", args=[cast.mill.public_id]))
    with acting(SYSTEM):
        assert Prospect.objects.unscoped(WHY).get(employer=cast.mill).origin == "alert"


# -- charges ------------------------------------------------------------------------------------------------------


def test_whoever_leaves_passes_his_area_on(open_cast: Cast) -> None:
    users = open_cast.users
    actions.give_charge(open_cast.street, actor=SYSTEM, user=users["street_officer"], since=LONG_AGO, area="多福巷社区")
    with pytest.raises(Refused, match="已有负责人"):
        actions.give_charge(open_cast.street, actor=SYSTEM, user=users["outsider"], since=today(), area="多福巷社区")
    with pytest.raises(NotAllowed), acting(open_cast.actor("outsider")):
        actions.give_charge(open_cast.street, actor=open_cast.actor("outsider"), user=users["outsider"], since=today())
    grant = Grant.objects.unscoped(WHY).get(user=users["street_officer"])
    pass_on(grant, actor=SYSTEM, successor=users["outsider"], on=today(), reason="调任")
    charge = Charge.objects.unscoped(WHY).get()
    assert charge.user_id == users["outsider"].pk
    prospect = prospect_of(open_cast.mill)
    assert [one.user.name for one in queries.chiefs(prospect, SYSTEM)] == ["高文"]
