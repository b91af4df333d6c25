"""The cast, with the door open for the system."""

from collections.abc import Iterator

import pytest

from gonghui.core.actions.door import acting
from tests.cast import SYSTEM, Cast, found_cast


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    found = found_cast()
    with acting(SYSTEM):
        yield found
