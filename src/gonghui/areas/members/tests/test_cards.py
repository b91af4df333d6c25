"""The member's card: one code a minute, taken once, never forged."""

import datetime as dt

import pytest

from gonghui.areas.members.actions import read_card
from gonghui.areas.members.cards import AHEAD, LATE, BadCard, codes, read_code
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
