import pytest

from gonghui.core.accounts.models import User
from tests.cast import Cast
from tests.chair_sign_in.desk import with_phone
from tests.worker_sign_in.phone import Sent


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The codes that were sent."""
    return Sent(monkeypatch)


@pytest.fixture
def chair(cast: Cast) -> User:
    """The chair of the own union, who may sign in by telephone."""
    return with_phone(cast)
