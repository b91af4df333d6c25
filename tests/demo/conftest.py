"""The loaded demo, for every test of this folder. Loaded and committed once; emptied after the last test."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import as_owner, empty
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.demo.load import load, settle

SYSTEM = Actor.system("tests.demo")


@pytest.fixture(scope="package")
def seconds(django_db_setup: None, django_db_blocker: Any) -> Iterator[float]:
    """How long loading took."""
    with django_db_blocker.unblock():
        begun = time.monotonic()
        load()
        with as_owner():
            settle()
        yield time.monotonic() - begun
        empty()


@pytest.fixture
def register(seconds: float) -> Iterator[None]:
    """The door, open for the system."""
    with acting(SYSTEM):
        yield
