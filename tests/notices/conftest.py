from collections.abc import Iterator
from typing import Any

import pytest

from tests.notices.gateway import Gateway, running


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    """A gateway that the settings name."""
    with running() as one:
        settings.SMS_URL, settings.SMS_SECONDS = one.url, 1
        settings.SMS_HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer key-of-the-gateway"}
        settings.SMS_BODY, settings.SMS_SUCCESS = (
            '{"phone": "{to}", "content": "{text}", "p": {"code": "{code}"}}',
            '"code":"OK"',
        )
        yield one
