import pytest

from tests.worker_sign_in.phone import Sent


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The codes that were sent."""
    return Sent(monkeypatch)
