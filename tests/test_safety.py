"""`gonghui start` refuses what is unsafe, each with a sentence. Asked of real servers through `gonghui check`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gonghui.config.embedded_postgres import Server

pytestmark = pytest.mark.slow

OURS = ("GONGHUI_", "DATABASE_", "DJANGO_")
KEYS = {"GONGHUI_SECRET_KEY": "long and random", "GONGHUI_DATA_KEY": "another one"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A provisioned server, shared by the tests that change nothing in it."""
    one = Server(tmp_path_factory.mktemp("safety") / "postgres")
    one.start()
    yield one
    one.stop()


def gonghui(server: Server, verb: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """One verb on this server, with safe settings unless told otherwise."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    environment |= {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url, **KEYS, **more}
    words = [sys.executable, "-m", "gonghui.config.cli", verb, "--data", str(server.data.parent / "data"), *arguments]
    return subprocess.run(words, env=environment, capture_output=True, text=True)


def refusals(server: Server, *arguments: str, **more: str) -> list[str]:
    """What the check refuses, a sentence a line."""
    done = gonghui(server, "check", *arguments, **more)
    said = [line for line in done.stderr.splitlines() if line.startswith("- ")]
    assert done.returncode == (1 if said else 0), done.stderr
    return said


def test_a_safe_installation_is_not_refused(server: Server) -> None:
    assert refusals(server) == []


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("GONGHUI_DEBUG", "1", "GONGHUI_DEBUG is on"),
        ("GONGHUI_DEMO", "1", "GONGHUI_DEMO is on"),
        ("GONGHUI_SECRET_KEY", "insecure-key-for-development-only", "GONGHUI_SECRET_KEY"),
        ("GONGHUI_DATA_KEY", "insecure-key-for-development-only", "GONGHUI_DATA_KEY"),
    ],
)
def test_a_developers_setting_is_refused(server: Server, setting: str, value: str, words: str) -> None:
    (said,) = refusals(server, **{setting: value})
    assert words in said


def test_plain_http_is_refused_where_others_can_reach_it(server: Server) -> None:
    (said,) = refusals(server, "--host", "0.0.0.0")
    assert "passwords would travel in clear" in said
    assert refusals(server, "--host", "0.0.0.0", "--allow-http") == []
    assert refusals(server, "--host", "0.0.0.0", GONGHUI_HTTPS="1") == []


def test_one_role_for_both_is_refused(server: Server) -> None:
    (said,) = refusals(server, DATABASE_OWNER_URL=server.app_url)
    assert "must be two roles" in said


def test_a_superuser_is_refused(server: Server) -> None:
    (said,) = refusals(server, DATABASE_URL=server.superuser_url)
    assert "is a superuser or has BYPASSRLS" in said


def test_a_role_that_may_bypass_row_level_security_is_refused(server: Server) -> None:
    with psycopg.connect(server.superuser_url) as connection:
        connection.execute("create role passing login bypassrls in role gonghui_app")
    (said,) = refusals(server, DATABASE_URL=server.url("passing"))
    assert "BYPASSRLS" in said


def test_a_role_that_owns_tables_or_may_become_their_owner_is_refused(tmp_path: Path) -> None:
    server = Server(tmp_path / "postgres")
    server.start()
    with psycopg.connect(server.superuser_url) as connection:
        connection.execute("create table ours (); alter table ours owner to gonghui_owner; create role deputy login")
        connection.execute("grant gonghui_owner to deputy")
    try:
        (said,) = refusals(server, DATABASE_URL=server.url("deputy"))
        assert "owns tables" in said
        assert refusals(server) == []
    finally:
        server.stop()


def test_a_database_that_cannot_read_chinese_is_refused(server: Server) -> None:
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        connection.execute("create database ascii template template0 locale_provider libc locale 'C' owner gonghui_owner")
    with psycopg.connect(server.url("postgres", "ascii")) as connection:
        connection.execute("create extension pg_trgm")
    (said,) = refusals(server, DATABASE_URL=server.url("gonghui_app", "ascii"))
    assert "Chinese names" in said


def test_a_database_that_does_not_answer_is_a_sentence(server: Server) -> None:
    (said,) = refusals(server, DATABASE_URL=server.url("nobody"))
    assert "The database does not answer" in said


@pytest.mark.slow
def test_demo_accounts_are_refused(tmp_path: Path) -> None:
    server = Server(tmp_path / "postgres")
    server.start()
    try:
        done = gonghui(server, "migrate")
        assert done.returncode == 0, done.stderr
        assert refusals(server) == []
        make = "from gonghui.core.accounts.actions import create_user"
        call = "create_user(username='demo', name='演示', password='x', is_demo=True)"
        script = f"import django; django.setup()\n{make}\n{call}"
        environment = os.environ | KEYS | {"DATABASE_URL": server.app_url, "DJANGO_SETTINGS_MODULE": "gonghui.config.settings"}
        subprocess.run([sys.executable, "-c", script], env=environment, check=True)
        (said,) = refusals(server)
        assert "Demo accounts exist" in said
    finally:
        server.stop()
