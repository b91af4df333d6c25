"""Tests run as the application role, behind both walls; only set-up and tear-down connect as the owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation

from tests.cast import Cast, found_cast


def connect_as(role: dict[str, Any]) -> None:
    """Reconnects this process's connection as another role."""
    connection.close()
    for key in ("USER", "PASSWORD", "OPTIONS"):
        connection.settings_dict[key] = role[key]


@contextmanager
def as_owner() -> Iterator[None]:
    """The owner's connection for set-up work."""
    connect_as(settings.OWNER_DATABASE)
    yield
    connect_as(settings.APP_DATABASE)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """A test database made by the owner, used by the application role."""
    with django_db_blocker.unblock(), as_owner():
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    yield
    with django_db_blocker.unblock(), as_owner():
        with connection.cursor() as cursor:  # a job worker's threads keep connections of their own
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid() and usename <> 'postgres'"
            )
        teardown_databases(made, verbosity=0)


def empty(self: TransactionTestCase | None = None) -> None:
    """After a test that commits: empties what tests write, keeps what migrations load (reference_* and Django's own)."""
    kept = {"django_migrations", "django_content_type", "auth_permission"}
    with as_owner(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - kept
        names = ", ".join(connection.ops.quote_name(name) for name in sorted(tables) if not name.startswith("reference_"))
        cursor.execute(f"truncate {names} cascade")


TransactionTestCase._fixture_teardown = empty  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def in_chinese() -> None:
    """Each test begins in the language of the settings, whatever the one before it has asked for."""
    translation.deactivate()


@pytest.fixture
def cast(db: None) -> Cast:
    """The standing cast, on two neighbouring streets of one district."""
    return found_cast()
