"""The member's card: one code a minute, taken once, never forged."""

import datetime as dt
from uuid import UUID

import pytest

from gonghui.areas.members.actions import read_card
from gonghui.areas.members.cards import AHEAD, LATE, BadCard, CardCode, codes, owners, read_code, read_number
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.kit.dates import now
from tests.cast import SYSTEM, Cast, found_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return found_cast()


def test_a_code_is_taken_once_and_the_next_one_again(cast: Cast) -> None:
    this, following = codes(cast.member.public_id, now())[:2]
    with acting(SYSTEM):
        officer = cast.actor("outsider")
        shown = read_card(cast.next_street, actor=officer, text=this.text)
        assert (shown.name, shown.is_member) == ("李*", True)
        with pytest.raises(Refused, match="刚刚用过"):
            read_card(cast.next_street, actor=officer, text=this.text)
        assert read_card(cast.next_street, actor=officer, text=following.text.lower())
        with pytest.raises(NotAllowed):
            read_card(cast.next_street, actor=cast.actor("worker"), text=following.text)


def test_codes_of_the_next_minutes_are_good_without_a_network_and_old_ones_are_not(cast: Cast) -> None:
    at = now()
    held = codes(cast.member.public_id, at)
    assert len(held) == AHEAD
    for minute, code in enumerate(held):
        assert read_code(code.text, at + dt.timedelta(minutes=minute)).membership == cast.member.public_id
    with pytest.raises(BadCard, match="过期"):
        read_code(held[0].text, at + dt.timedelta(minutes=LATE + 1))


@pytest.mark.parametrize("place", [4, -1, -22])
def test_a_code_with_one_character_changed_is_refused(cast: Cast, place: int) -> None:
    text = codes(cast.member.public_id, now())[0].text
    changed = list(text)
    changed[place] = "1" if changed[place] != "1" else "2"
    with pytest.raises(BadCard, match="无效|过期"):
        read_code("".join(changed), now())
    with pytest.raises(BadCard, match="不是会员码"):
        read_code("https://example.cn/", now())


def test_the_number_beside_the_code_is_the_same_code_typed(cast: Cast) -> None:
    """Sixteen digits, with blanks or full width as people type them; scanned or typed, a code is taken once."""
    this, following = codes(cast.member.public_id, now())[:2]
    assert len(this.number) == 16
    spaced = " ".join(this.number[at : at + 4] for at in range(0, 16, 4)).translate(
        {code: code + 0xFEE0 for code in range(48, 58)}
    )
    with acting(SYSTEM):
        officer = cast.actor("outsider")
        assert read_card(cast.next_street, actor=officer, text=spaced).name == "李*"
        with pytest.raises(Refused, match="刚刚用过"):
            read_card(cast.next_street, actor=officer, text=this.text)
        assert read_card(cast.next_street, actor=officer, text=following.number).is_member
        last = "0" if following.number[-1] != "0" else "1"
        with pytest.raises(Refused, match="号码不对或已过期"):
            read_card(cast.next_street, actor=officer, text=following.number[:-1] + last)
        with pytest.raises(Refused, match="不是会员码"):
            read_card(cast.next_street, actor=officer, text="9999999999000000")


def test_a_number_goes_as_its_code_does_and_finds_its_owner_among_those_that_begin_alike(cast: Cast) -> None:
    at, mine = now(), cast.member.public_id
    alike = UUID(int=mine.int ^ 1)
    number = CardCode(mine, codes(mine, at)[0].slot).number
    between = owners(number)
    assert between is not None
    assert between[0] <= min(mine, alike) < max(mine, alike) <= between[1]
    assert read_number(number, [alike, mine], at).membership == mine
    assert read_number(codes(mine, at)[-1].number, [mine], at).membership == mine
    with pytest.raises(BadCard, match="过期"):
        read_number(number, [mine], at + dt.timedelta(minutes=LATE + 1))
