"""A small installation of its own to back up: the cast's records, sealed numbers and stored files, in a directory of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg

from gonghui.config.embedded_postgres import Server

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("GONGHUI_", "DATABASE_", "DJANGO_")
PHONE = "13812342046"  # the number of a contact in tests/cast.py
STORED = {"ab/abcd": b"\x00sealed\xff", "cd/cdef": "工会".encode()}
FOUND_CAST = "import django; django.setup(); from tests.cast import found_cast; found_cast()"
READ_PHONE = f"""
import django; django.setup()
from gonghui.areas.register.models import Contact
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
with acting(Actor.system("tests")):
    print([one.phone() for one in Contact.objects.unscoped("the cast's contact") if one.phone() == "{PHONE}"])
"""


@dataclass(frozen=True)
class Installation:
    """A data directory, and the database if it is another than its own."""

    data: Path
    external: Server | None = None

    @property
    def server(self) -> Server:
        return self.external or Server(self.data / "postgres")

    def environment(self, **more: str) -> dict[str, str]:
        """Nothing of what the tests themselves run with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        if self.external:
            kept |= {"DATABASE_URL": self.external.app_url, "DATABASE_OWNER_URL": self.external.owner_url}
        return kept | more

    def gonghui(self, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        """One verb on this installation, run to its end."""
        words = [sys.executable, "-m", "gonghui.config.cli", *(str(one) for one in arguments), "--data", str(self.data)]
        return subprocess.run(words, env=self.environment(**more), capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def python(self, script: str) -> str:
        """What a script says that runs as the application of this installation."""
        more = {f"GONGHUI_{name.upper()}_FILE": str(self.data / name) for name in ("secret_key", "data_key")}
        more |= {"DATABASE_URL": self.server.app_url, "DJANGO_SETTINGS_MODULE": "gonghui.config.settings"}
        words = [sys.executable, "-c", script]
        done = subprocess.run(words, env=self.environment(**more), capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def fill(self) -> "Installation":
        """Tables, the cast, and two stored files."""
        done = self.gonghui("migrate")
        assert done.returncode == 0, done.stderr
        self.python(FOUND_CAST)
        for name, content in STORED.items():
            (self.data / "files" / name).parent.mkdir(parents=True)
            (self.data / "files" / name).write_bytes(content)
        return self

    def contents(self) -> dict[str, list[object]]:
        """Every row of every table, history included, in a fixed order."""
        with psycopg.connect(self.server.owner_url) as connection, connection.cursor() as cursor:
            cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
            tables = [str(name) for (name,) in cursor.fetchall()]
            found = {}
            for table in tables:
                cursor.execute(f'select md5(t::text) from "{table}" t order by 1')
                found[table] = [digest for (digest,) in cursor.fetchall()]
        return found

    def files(self) -> dict[str, bytes]:
        """The stored files."""
        home = self.data / "files"
        return {one.relative_to(home).as_posix(): one.read_bytes() for one in home.rglob("*") if one.is_file()}

    def phone(self) -> str:
        """What the application reads of the sealed number."""
        return self.python(READ_PHONE)
