"""The embedded server survives what servers meet: a kill, a stale lock, a long path, a second start, a refused namespace."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from gonghui.config.embedded_postgres import SOCKET_BYTES, Server, ServerError, check_trigrams, owned

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A started server of its own, stopped afterwards."""
    one = Server(tmp_path / "postgres")
    one.start()
    yield one
    one.stop()


def ask(url: str, query: str) -> object:
    """The one value of the one row."""
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def pid(server: Server) -> int:
    """The server's process, as it wrote it down."""
    return int((server.cluster / "postmaster.pid").read_text().splitlines()[0])


def start_in_new_process(data: Path) -> None:
    Server(data).start()


def test_the_roles_are_what_the_walls_need(server: Server) -> None:
    privileged = "select rolsuper or rolbypassrls or rolcreaterole from pg_roles where rolname = current_user"
    assert ask(server.app_url, "select current_user") == "gonghui_app"
    assert ask(server.owner_url, "select current_user") == "gonghui_owner"
    assert not ask(server.app_url, privileged)
    assert not ask(server.owner_url, privileged)
    owner = "select pg_get_userbyid(datdba) from pg_database where datname = current_database()"
    assert ask(server.superuser_url, owner) == "gonghui_owner"


def test_the_app_role_owns_and_creates_nothing_while_the_owner_may(server: Server) -> None:
    with psycopg.connect(server.app_url) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("create table mine ()")
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("create table ours ()")


def test_databases_created_later_have_the_extensions_and_the_leakproof_functions(server: Server) -> None:
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        connection.execute("create database test_gonghui")
    url = server.url("gonghui_owner", "test_gonghui")
    assert ask(url, "select count(*) from pg_extension where extname in ('btree_gist', 'pg_trgm')") == 2
    assert ask(url, "select bool_and(proleakproof) from pg_proc where proname in ('textlike', 'texticlike')") is True


def test_trigrams_of_chinese_words_are_found_and_a_database_without_them_is_refused(server: Server) -> None:
    assert ask(server.app_url, "select cardinality(show_trgm('北京市总工会'))") == 7
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        connection.execute("create database ascii template template0 locale_provider libc locale 'C'")
    with psycopg.connect(server.url("postgres", "ascii")) as connection:
        connection.execute("create extension pg_trgm")
        with pytest.raises(ServerError, match="LC_CTYPE"):
            check_trigrams(connection)


def test_a_second_start_changes_nothing(server: Server) -> None:
    before = pid(server)
    server.start()
    assert pid(server) == before


def test_two_processes_that_start_at_once_share_one_server(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    starters = [multiprocessing.get_context("spawn").Process(target=start_in_new_process, args=(data,)) for _ in range(2)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(60)
    try:
        assert [starter.exitcode for starter in starters] == [0, 0]
        assert Server(data).is_running()
    finally:
        Server(data).stop()


def test_killed_it_starts_again_and_keeps_every_committed_row(server: Server) -> None:
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("create table kept (n int)")
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        for n in range(200):
            connection.execute("insert into kept values (%s)", [n])
        os.kill(pid(server), signal.SIGKILL)
    server.start()
    assert ask(server.owner_url, "select count(*) from kept") == 200


def test_stopped_it_is_not_running_and_starts_again(server: Server) -> None:
    server.stop()
    assert not server.is_running()
    server.stop()
    server.start()
    assert server.is_running()


def test_a_pid_file_that_names_a_foreign_process_is_mended(server: Server) -> None:
    stale = (server.cluster / "postmaster.pid").read_text().splitlines()[1:]
    server.stop()
    (server.cluster / "postmaster.pid").write_text("\n".join([str(os.getpid()), *stale]))
    server.start()
    assert server.is_running()


def test_an_initdb_that_was_cut_short_is_done_anew(tmp_path: Path) -> None:
    one = Server(tmp_path / "postgres")
    (one.data / "cluster.new").mkdir(parents=True)
    (one.data / "cluster.new" / "PG_VERSION").write_text("18")
    one.start()
    assert one.is_running()
    one.stop()


def test_a_directory_too_long_for_a_socket_works(tmp_path: Path) -> None:
    one = Server(tmp_path / ("数据" * 30) / "postgres")
    assert len(os.fsencode(one.data)) > SOCKET_BYTES
    one.start()
    try:
        assert one.sockets.stat().st_mode & 0o777 == 0o700
        assert ask(one.app_url, "select 1") == 1
    finally:
        one.stop()
        one.sockets.rmdir()


def test_nobody_else_may_enter_the_directory_of_the_socket(server: Server) -> None:
    assert server.sockets.stat().st_mode & 0o777 == 0o700
    assert ask(server.superuser_url, "select current_setting('listen_addresses')") == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can lay a directory of somebody else")
def test_a_socket_directory_laid_by_somebody_else_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    os.chown(foreign, 1234, 1234)
    with pytest.raises(ServerError, match="somebody else"):
        owned(foreign)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user needs no other identity")
def test_root_without_user_namespaces_falls_back_to_nobody(tmp_path: Path) -> None:
    refusing = tmp_path / "bin" / "unshare"
    refusing.parent.mkdir()
    refusing.write_text("#!/bin/sh\nexit 1\n")
    refusing.chmod(0o755)
    script = (
        "import sys; from pathlib import Path; from gonghui.config.embedded_postgres import Server\n"
        "server = Server(Path(sys.argv[1])); server.start(); print(server.cluster.stat().st_uid); server.stop()"
    )
    environment = {**os.environ, "PATH": f"{refusing.parent}:{os.environ['PATH']}"}
    command = [sys.executable, "-c", script, str(tmp_path / "postgres")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["65534"]
