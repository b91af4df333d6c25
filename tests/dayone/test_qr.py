"""The reader reads what the drawing draws, and the drawing is the standard's."""

import pytest

from gonghui.kit import qr
from tests.dayone import qr as reader


@pytest.mark.parametrize("length", [10, 40, 70, 100, 140])
def test_a_drawn_code_says_what_it_was_given(length: int) -> None:
    text = ("https://gonghui.example.cn/invitations/" + "k7m2-" * 30)[:length]
    assert reader.text_of(qr.matrix(text)) == text


def test_the_drawing_has_a_quiet_zone_and_every_dark_module() -> None:
    modules = qr.matrix("工会")
    drawing = qr.svg("工会")
    assert f'viewBox="0 0 {len(modules) + 8} {len(modules) + 8}"' in drawing
    runs = [part.partition("h")[2].partition("v")[0] for part in drawing.partition('<path d="')[2].split("M")[1:]]
    assert sum(int(run) for run in runs) == sum(map(sum, modules))
