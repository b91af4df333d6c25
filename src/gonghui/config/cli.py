"""The command `gonghui`. Thin: completes the environment, then calls; what needs Django is in `verbs` and loaded after it."""

import argparse
import contextlib
import datetime as dt
import importlib
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from uuid import UUID

from gonghui.config import demonstration, processes
from gonghui.config.backups import keys, restoring
from gonghui.config.backups.manifest import Damaged
from gonghui.config.backups.postgres import CannotRestore
from gonghui.config.embedded_postgres import PROVISION, Server, ServerError, binaries, locked
from gonghui.kit import backups

Verb = Callable[[argparse.Namespace], int]
DESCRIPTION = "gonghui: the workers' service system of a trade union (职工服务信息系统)"


def data_directory() -> Path:
    """Where this platform keeps a user's application data."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "gonghui"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "gonghui"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "gonghui"


def is_set(name: str) -> bool:
    """Whether a variable is set, by itself or as a file that holds it."""
    return name in os.environ or f"{name}_FILE" in os.environ


def key_file(data: Path, name: str) -> Path:
    """A file with a key of this installation's own, made once and readable by its owner only."""
    file = data / name
    with locked(data / "lock"):
        if not file.exists():
            fresh = data / f"{name}.new"
            fresh.unlink(missing_ok=True)
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(50), encoding="ascii")
            fresh.rename(file)
    return file


def backup_record(data: Path) -> Path:
    """Where the newest good backup is noted."""
    return Path(os.environ.get("GONGHUI_BACKUP_RECORD") or data / "backup.json")


def prepare(data: Path) -> Server | None:
    """Completes the environment from the data directory; the embedded server if no other database is named."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gonghui.config.settings")
    os.environ.setdefault("GONGHUI_STATIC", str(data / "static"))
    os.environ.setdefault("GONGHUI_FILES", str(data / "files"))
    os.environ.setdefault("GONGHUI_BACKUP_RECORD", str(backup_record(data)))
    os.environ.pop("GONGHUI_AS_OWNER", None)
    for setting in ("GONGHUI_SECRET_KEY", "GONGHUI_DATA_KEY"):
        if not is_set(setting):
            os.environ[f"{setting}_FILE"] = str(key_file(data, setting.removeprefix("GONGHUI_").lower()))
    if is_set("DATABASE_URL"):
        return None
    server = Server(data / "postgres")
    os.environ["DATABASE_URL"] = server.app_url
    os.environ["DATABASE_OWNER_URL"] = server.owner_url
    return server


def verbs() -> ModuleType:
    """The verbs that need Django, with Django set up. The one late import: the environment has to be complete before."""
    importlib.import_module("django").setup()
    return importlib.import_module("gonghui.config.verbs")


def with_django(options: argparse.Namespace) -> int:
    """Runs the function of `verbs` named like the verb; an embedded server that had to be started stays for the next one."""
    server = prepare(options.data)
    if server:
        server.start()
    os.environ |= options.environment
    function: Verb = getattr(verbs(), options.verb.replace("-", "_"))
    return function(options)


def reached_at(url: str) -> str:
    """Where people reach a server that listens on `url`: there, unless https, which takes a proxy, says otherwise."""
    hosts = [host for host in os.environ.get("GONGHUI_HOSTS", "").split(",") if host.strip()]
    is_https = os.environ.get("GONGHUI_HTTPS", "").lower() in {"1", "true", "yes", "on"}
    return f"https://{hosts[0].strip()}" if is_https and hosts else url.rstrip("/")


def start(options: argparse.Namespace) -> int:
    """Everything in the foreground, in the order in which each needs the one before."""
    server = prepare(options.data)
    url = f"http://{options.host}:{options.port}/"
    os.environ.setdefault("GONGHUI_ADDRESS", reached_at(url))
    check = ["check", "--host", options.host, *(["--allow-http"] if options.allow_http else [])]
    with processes.only_one(options.data, url), processes.orderly_end(), processes.database(server):
        processes.require_free_port(options.host, options.port)
        for step in (check, ["migrate"]):
            if code := subprocess.run(processes.gonghui(*step, "--data", str(options.data))).returncode:
                return code
        words = f"gonghui runs on {url} (Ctrl-C stops it)"
        processes.serve(options.host, options.port, server, lambda: print(words, flush=True))
    return 0


def stop(options: argparse.Namespace) -> int:
    """The opposite of start, also for an embedded server that another verb left running."""
    processes.stop(options.data)
    Server(options.data / "postgres").stop()
    return 0


def status(options: argparse.Namespace) -> int:
    """Says what runs; exit status 1 when the web server does not."""
    found = processes.running(options.data)
    is_up = Server(options.data / "postgres").is_running()
    print(f"data      {options.data}")
    print(f"web       {f'runs: process {found[0]}, {found[1]}' if found else 'does not run'}")
    print(f"database  {'external' if is_set('DATABASE_URL') else 'runs' if is_up else 'does not run'}")
    print(f"backup    {told(backups.read(backup_record(options.data)))}")
    return 0 if found else 1


WARNINGS = {
    backups.Problem.NONE: "there is none; make one with `gonghui backup --to DIR`",
    backups.Problem.OLD: "WARNING: it is older than 26 hours",
    backups.Problem.SAME_DISK: "WARNING: it lies on the same disk as the data",
}


def told(backup: backups.Backup | None) -> str:
    """The newest good backup in one line, and what is wrong with it."""
    warnings = [WARNINGS[problem] for problem in backups.problems(backup, dt.datetime.now(dt.UTC))]
    known = [f"{backup.made_at.astimezone():%Y-%m-%d %H:%M} {backup.directory}/{backup.name}"] if backup else []
    return "; ".join([*known, *warnings])


def back_up(options: argparse.Namespace) -> int:
    """A backup, unless a key is missing: asked before anything could make a new one."""
    if options.keep < 1:
        raise SystemExit("--keep has to be at least 1.")
    keys.require(options.data)
    return with_django(options)


def restore(options: argparse.Namespace) -> int:
    """Restores a backup, or tries one beside and throws it away."""
    try:
        if options.check:
            print(f"The backup is good: {restoring.drill(options.source, options.data)}")
            backups.note_drill(backup_record(options.data), dt.datetime.now(dt.UTC))
        else:
            print(f"Restored {restoring.restore(options.source, options.data, replace=options.replace)}")
    except (Damaged, CannotRestore) as error:
        raise SystemExit(str(error)) from None
    return 0


def provision(options: argparse.Namespace) -> int:
    """For an administrator of another PostgreSQL; the embedded server runs it by itself."""
    sys.stdout.write(PROVISION.read_text(encoding="utf-8"))
    return 0


def settings(options: argparse.Namespace) -> int:
    """Every setting, what it is and what it means; of a secret only whether it is set."""
    prepare(options.data)
    importlib.import_module("gonghui.config.settings")
    for setting in importlib.import_module("gonghui.config.environment").known:
        value = ("set" if setting.is_set else "not set") if setting.is_secret else setting.value
        print(f"{setting.name:22} {value}\n{'':22} {setting.meaning}")
    return 0


def psql(options: argparse.Namespace) -> int:
    """The interactive SQL shell, held by the same walls as the application unless --owner is given."""
    server = prepare(options.data)
    if server and not server.is_running():
        raise SystemExit("The database does not run; `gonghui start` or `gonghui demo` starts it.")
    url = os.environ["DATABASE_OWNER_URL" if options.owner else "DATABASE_URL"]
    return processes.wait([str(binaries() / "psql"), url])


def demo(options: argparse.Namespace) -> int:
    """A filled system to look at, on this machine only."""
    demonstration.environment()
    server = prepare(options.data)
    if server is None:
        raise SystemExit("The demo uses a database of its own.")
    return demonstration.run(options.data, options.port, server, verbs, is_fresh=options.fresh)


def import_workbook(options: argparse.Namespace) -> int:
    """`import` is a word of Python's, so its function has another name."""
    options.verb = "import-workbook"
    return with_django(options)


def link(options: argparse.Namespace) -> int:
    """Matches lists. Loaded for this verb alone: the others start without its engine."""
    return int(importlib.import_module("gonghui.linkage.cli").run(options))


def parser() -> argparse.ArgumentParser:
    """The verbs, each with its help line."""
    top = argparse.ArgumentParser(prog="gonghui", description=DESCRIPTION)
    kinds = top.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, run: Verb, meaning: str, **extra: object) -> argparse.ArgumentParser:
        one = kinds.add_parser(name, description=meaning, help=meaning) if meaning else kinds.add_parser(name)
        one.add_argument("--data", type=Path, default=data_directory(), help="data directory (default: %(default)s)")
        one.set_defaults(**{"run": run, "environment": {}, **extra})
        return one

    serving = [
        verb("start", start, "check, migrate, then serve in the foreground until Ctrl-C"),
        verb("check", with_django, "say what would make this installation unsafe"),
    ]
    serving[0].add_argument("--port", type=int, default=8000)
    for one in serving:
        one.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        one.add_argument("--allow-http", action="store_true", help="accept plain http on an address others can reach")
    verb("stop", stop, "stop what `start` runs, and the embedded database")
    verb("status", status, "say what runs")
    verb("provision", provision, "print the SQL that a superuser runs once on a PostgreSQL of your own")
    verb("migrate", with_django, "bring the database up to date, as its owner", environment={"GONGHUI_AS_OWNER": "1"})
    working = verb("worker", with_django, "run background jobs until stopped (`start` does this too)")
    working.add_argument("--queue", help="only jobs of this queue, such as messages")
    saving = verb("backup", back_up, "save database, files and keys in a directory", environment={"GONGHUI_AS_OWNER": "1"})
    saving.add_argument("--to", type=Path, required=True, metavar="DIR", help="where backups are kept, on another disk")
    saving.add_argument("--keep", type=int, default=14, metavar="N", help="backups to keep (default: %(default)s)")
    loading = verb("restore", restore, "restore a backup into an empty place; --check only tries whether it could be")
    loading.add_argument("source", type=Path, metavar="FROM", help="a backup, or a directory of them: then the newest")
    loading.add_argument("--replace", action="store_true", help="keep aside what is there, and put the backup in its place")
    loading.add_argument("--check", action="store_true", help="restore beside, check everything, throw it away")
    verb("check-restored", with_django, "", environment={"GONGHUI_AS_OWNER": "1"})  # what `restore` runs to see for itself
    founding(verb("createadmin", with_django, "make an administrator; on an empty system, found the federation too"))
    verb("settings", settings, "print every setting with its value and meaning")
    trial = verb("demo", demo, "a filled system to try, on this machine only", data=data_directory() / "demo")
    trial.add_argument("--port", type=int, default=8010)
    trial.add_argument("--fresh", action="store_true", help="throw the demo's data away first")
    verb("demo-load", with_django, "")  # without a help line it is not listed
    verb("demo-settle", with_django, "", environment={"GONGHUI_AS_OWNER": "1"})
    counting(verb("figure", with_django, "print one figure of an organisation as of a day"))
    about_lists(
        verb("import", import_workbook, "bring the rows of a workbook into a list, as the desk does"),
        verb("export", with_django, "write one list of an organisation as a workbook, record codes included"),
    )
    about_members(verb("members", with_django, "list the members of a union, show one, admit one"))
    matching(verb("link", link, "match the rows of two lists of employers, or find the doubles of one; needs no database"))
    shell = verb("psql", psql, "open an SQL shell as the application role")
    shell.add_argument("--owner", action="store_true", help="as the owner, who sees every organisation")
    shell.add_argument("--demo", dest="data", action="store_const", const=data_directory() / "demo", help="the demo's")
    return top


def about_lists(bring: argparse.ArgumentParser, out: argparse.ArgumentParser) -> None:
    """What `import` and `export` may be told."""
    bring.add_argument("file", type=Path, metavar="FILE", help=".xlsx, .xls, .xlsb, .ods or .csv")
    bring.add_argument("--sheet", required=True, help="for example register.employers")
    bring.add_argument("--organisation", required=True, metavar="CODE")
    bring.add_argument("--only-check", action="store_true", help="say what would come of it, and write nothing")
    bring.add_argument("--result", type=Path, metavar="FILE", help="the rows with what came of each, as a workbook")
    out.add_argument("sheet", help="for example register.employers")
    out.add_argument("--organisation", required=True, metavar="CODE")
    out.add_argument("--to", required=True, metavar="FILE", type=Path)


def about_members(members: argparse.ArgumentParser) -> None:
    """What `members` does, and what it may be told. Numbers are shown masked."""
    kinds = members.add_subparsers(dest="does", required=True, metavar="list | show | admit")
    listing = kinds.add_parser("list", help="the members of a union and of those below it")
    listing.add_argument("--organisation", required=True, metavar="CODE")
    listing.add_argument("--state", default="", help="for example active, in_transfer, retained")
    listing.add_argument("--name", default="", help="part of the name, or initials of its pinyin")
    listing.add_argument("--json", action="store_true")
    showing = kinds.add_parser("show", help="one member, and where he was held")
    showing.add_argument("member", type=UUID, metavar="ID")
    showing.add_argument("--json", action="store_true")
    admitting = kinds.add_parser("admit", help="register one member")
    admitting.add_argument("--organisation", required=True, metavar="CODE")
    admitting.add_argument("--name", required=True)
    admitting.add_argument("--number", required=True, help="number of the identity document")
    admitting.add_argument("--phone", default="")
    admitting.add_argument("--workplace", default="")
    admitting.add_argument("--joined-on", metavar="DATE", type=dt.date.fromisoformat, help="default: today")


def matching(one: argparse.ArgumentParser) -> None:
    """What `link` may be told."""
    one.add_argument(
        "lists", nargs="+", type=Path, metavar="LIST", help="two lists with heads, .csv or .parquet; one with --dedupe"
    )
    one.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the pairs go, .parquet or .csv")
    one.add_argument("--dedupe", action="store_true", help="find the doubles of one list; FILE then names the cluster of each")
    one.add_argument("--memory", default="2GB", help="what the process may take, e.g. 1GB (default: %(default)s)")
    one.add_argument("--seed", type=int, default=1, help="which sample the weights are learned from (default: %(default)s)")
    one.add_argument("--weights", type=Path, metavar="FILE", help="weights that --save-weights wrote; then nothing is learned")
    one.add_argument("--save-weights", type=Path, metavar="FILE", help="where the weights go, as JSON")


def counting(figure: argparse.ArgumentParser) -> None:
    """What `figure` is told."""
    figure.add_argument("name")
    figure.add_argument("--organisation", required=True, metavar="CODE")
    figure.add_argument("--as-of", "--to", required=True, metavar="DATE", type=dt.date.fromisoformat, help="e.g. 2026-11-21")
    figure.add_argument("--from", dest="since", metavar="DATE", type=dt.date.fromisoformat, help="where a period begins")
    figure.add_argument("--by", metavar="DIMENSION")
    figure.add_argument("--printed-in", metavar="SOURCE", help="divide a rate by what this paper printed, e.g. 2018年工作回顾")
    figure.add_argument("--json", action="store_true")


def founding(admin: argparse.ArgumentParser) -> None:
    """What `createadmin` may be told."""
    admin.add_argument("--username")
    admin.add_argument("--district", metavar="CODE", help="the district's code (GB/T 2260), for example 110101")
    admin.add_argument("--name", help="the federation's name, if it is not the district's with 总工会 behind it")


def main(arguments: list[str] | None = None) -> int:
    """Runs one verb; what can be said in a sentence is not a traceback."""
    options = parser().parse_args(arguments)
    try:
        run: Verb = options.run
        return run(options)
    except ServerError as error:
        raise SystemExit(str(error)) from None
    except KeyboardInterrupt:
        return 130
    finally:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
