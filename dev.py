#!/usr/bin/env python3
"""Everything a developer does, from a bare checkout; see `python3 dev.py --help`. Standard library only."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
RUNTIME, DEVELOPMENT = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
PEERS, PEERS_VENV = ROOT / "requirements-bench.txt", ROOT / ".venv-bench"
STATIC = ROOT / "src" / "gonghui" / "web" / "static"
COMPILE = [
    "pip",
    "compile",
    "-q",
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--python-version",
    "3.11",
]
CACHES = [".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis", "build", "dist"]


def run(*command: object, env: dict[str, str] | None = None) -> int:
    """Runs a command in the checkout, says which, and returns its exit status."""
    words = [str(word) for word in command]
    print(
        "+ " + " ".join(Path(word).name if word.startswith(str(BIN)) else word for word in words), file=sys.stderr, flush=True
    )
    process = subprocess.Popen(words, cwd=ROOT, env=env)
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # it gets Ctrl-C too, and ends in its own order
            return process.wait()


def must(sentence: str, *command: object) -> None:
    """Runs a command that has to succeed; ends with the sentence if it does not."""
    if run(*command):
        sys.exit(sentence)


def digest(*files: Path) -> str:
    """What the installed packages have to match."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def environment(requirements: Path) -> None:
    """Makes .venv and installs what is required, once; the developers' packages include the runtime's."""
    stamp = VENV / "installed"
    done = stamp.read_text(encoding="utf-8").split("\n") if stamp.exists() else []
    wanted = [digest(RUNTIME, DEVELOPMENT), *([digest(RUNTIME)] if requirements == RUNTIME else [])]
    is_moved = bool(done) and done[0] != str(ROOT)  # an environment does not survive that its directory is moved
    if done and not is_moved and done[1] in wanted and PYTHON.exists():
        return
    if is_moved or not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
    install(requirements, VENV)
    put_on_path()
    stamp.write_text(f"{ROOT}\n{wanted[-1]}", encoding="utf-8")


def install(requirements: Path, place: Path) -> None:
    """Makes a virtual environment where there is none, and installs what is required; ends with a sentence if it cannot."""
    print(f"Installing {requirements.name} into {place.name} (once; minutes on a slow network) …", flush=True)
    uv, python = shutil.which("uv"), place / PYTHON.relative_to(VENV)
    failed = f"Could not install {requirements.name}: see above. Is the package index reachable? Then run the same again."
    if not python.exists():
        make = [uv, "venv", "-q", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
        must(f"Could not make {place.name}. On Debian and Ubuntu: apt install python3-venv", *make, place)
    if uv:
        must(failed, uv, "pip", "install", "--python", python, "--require-hashes", "-r", requirements)
    else:
        must(failed, python, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", requirements)


def peers() -> None:
    """Makes .venv-bench with the packages that benchmarks compare with, once; they never stand beside the product's."""
    stamp, wanted = PEERS_VENV / "installed", f"{ROOT}\n{digest(PEERS)}"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(PEERS_VENV, ignore_errors=True)
        install(PEERS, PEERS_VENV)
        stamp.write_text(wanted, encoding="utf-8")


def put_on_path() -> None:
    """The checkout itself: importable, and the command `gonghui`, without building anything."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([str(PYTHON), "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    (Path(site) / "gonghui.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    if os.name == "nt":
        (BIN / "gonghui.cmd").write_text('@"%~dp0python.exe" -m gonghui.config.cli %*\n')
        return
    command = BIN / "gonghui"
    command.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m gonghui.config.cli "$@"\n')
    command.chmod(0o755)


def gonghui(*arguments: str) -> int:
    """The product's own command."""
    environment(RUNTIME)
    return run(PYTHON, "-m", "gonghui.config.cli", *arguments)


def demo(rest: list[str]) -> int:
    """run the demo; its options: --port N, --data DIR, --fresh"""
    return gonghui("demo", *rest)


def browser_is_there() -> bool:
    """Debian's chromium and Chinese font, installed if we may; the browser tests need both."""
    if shutil.which("chromium") and list(Path("/usr/share/fonts").rglob("NotoSansCJK*")):
        return True
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-q", env=quiet)
    return not run("apt-get", "install", "-qy", "--no-install-recommends", "chromium", "fonts-noto-cjk", env=quiet)


def test(rest: list[str]) -> int:
    """run the tests on two processes; further arguments go to pytest"""
    environment(DEVELOPMENT)
    if "-m" not in rest and not browser_is_there():
        print("Browser tests are skipped: they need chromium and fonts-noto-cjk (Debian's packages).", flush=True)
        rest = ["-m", "not browser", *rest]
    return run(PYTHON, "-m", "pytest", *([] if "-n" in rest else ["-n", "2", "--dist", "worksteal"]), *rest)


def lint(rest: list[str]) -> int:
    """check style, types, floors, templates and limits; --locks also compiles the requirements anew"""
    environment(DEVELOPMENT)
    checks: dict[str, list[object]] = {
        "style (ruff check)": [PYTHON, "-m", "ruff", "check"],
        "format (ruff format)": [PYTHON, "-m", "ruff", "format", "--check"],
        "types (mypy)": [PYTHON, "-m", "mypy"],
        "floors (import-linter)": [BIN / "lint-imports", "--no-cache"],
        "templates (djlint)": [PYTHON, "-m", "djlint", "--lint", "--quiet", "src"],
    }
    if (ROOT / "tests" / "limits.py").exists():
        checks["limits (tests.limits)"] = [PYTHON, "-m", "tests.limits"]
    failures = [name for name, command in checks.items() if run(*command)]
    for file in (RUNTIME, DEVELOPMENT, PEERS):
        for found in re.findall(r".*(?:https?://|index-url|find-links).*", file.read_text()):
            failures.append(f"{file.name} names a place to download from: {found}")
    if "--locks" in rest:
        failures += stale_locks()
    for failure in failures:
        print(f"failed: {failure}", file=sys.stderr)
    return 1 if failures else 0


def stale_locks() -> list[str]:
    """The requirement files that a new compile would change."""
    uv = shutil.which("uv") or BIN / "uv"
    compiled: dict[Path, list[str]] = {
        RUNTIME: ["pyproject.toml"],
        DEVELOPMENT: ["pyproject.toml", "--group", "dev", "-c", RUNTIME.name],
        PEERS: ["--group", "bench", "-c", DEVELOPMENT.name],
    }
    with tempfile.TemporaryDirectory() as directory:
        for file in (ROOT / "pyproject.toml", *compiled):
            shutil.copy(file, directory)
        for file, sources in compiled.items():
            subprocess.run([str(uv), *COMPILE, *sources, "-o", file.name], cwd=directory, check=True)
        changed = [file for file in compiled if (Path(directory) / file.name).read_bytes() != file.read_bytes()]
    return [f"{file.name} is not what pyproject.toml compiles to" for file in changed]


def bench(rest: list[str]) -> int:
    """run one benchmark: bench NAME [its options]; one that names requirements-bench.txt gets those packages"""
    names = sorted(file.stem for file in (ROOT / "bench").glob("[a-z]*.py"))
    if not rest or rest[0] not in names:
        sys.exit(f"Which benchmark? {', '.join(names) or 'there is none yet'}")
    environment(DEVELOPMENT)
    if PEERS.name in (ROOT / "bench" / f"{rest[0]}.py").read_text(encoding="utf-8"):
        peers()
    return run(PYTHON, "-m", f"bench.{rest[0]}", *rest[1:])


def docs(rest: list[str]) -> int:
    """write the generated pages of the documentation anew"""
    environment(DEVELOPMENT)
    if not (ROOT / "docs" / "generate.py").exists():
        sys.exit("No page of docs/ is generated yet.")
    return run(PYTHON, "docs/generate.py", *rest)


def messages(rest: list[str]) -> int:
    """bring the English catalogue up to date with the source, and compile it"""
    environment(DEVELOPMENT)
    return run(PYTHON, "-m", "gonghui.config.messages", *rest)


def wheel(rest: list[str]) -> int:
    """build the wheel, install it in an empty environment elsewhere, and see the demo answer from there"""
    environment(DEVELOPMENT)
    with tempfile.TemporaryDirectory(prefix="gonghui-wheel-") as directory:
        place = Path(directory)
        must("The wheel was not built.", PYTHON, "-m", "hatchling", "build", "-t", "wheel", "-d", place)
        (built,) = place.glob("*.whl")
        command = installed(built, place / "venv")
        port = free_port()
        words = [str(command), "demo", "--port", str(port), "--data", str(place / "data")]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("GONGHUI_", "DATABASE_", "PYTHON"))}
        running = subprocess.Popen(words, cwd=place, env=clean)
        try:
            wait_for_front_page(f"http://127.0.0.1:{port}/", running)
        finally:
            running.terminate()
            running.wait()
    print(f"{built.name}: installed elsewhere, its demo served the front page with its style sheet.")
    return 0


def installed(built: Path, place: Path) -> Path:
    """A new environment with the wheel and what it requires; its command `gonghui`."""
    uv = shutil.which("uv") or BIN / "uv"
    binaries = place / BIN.name
    must("Could not make an environment.", uv, "venv", "-q", "--python", sys.executable, place)
    python = binaries / PYTHON.name
    must("Could not install what the wheel requires.", uv, "pip", "install", "-q", "--python", python, "-r", RUNTIME)
    must("Could not install the wheel.", uv, "pip", "install", "-q", "--no-deps", "--python", python, built)
    return binaries / "gonghui"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def wait_for_front_page(url: str, running: subprocess.Popen[bytes], seconds: int = 600) -> None:
    """Waits until the demo shows its sign-in page, then asks for the style sheet that the page names. Ends with a sentence if not."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and running.poll() is None:
        with contextlib.suppress(OSError), direct.open(url, timeout=10) as answer:
            text = answer.read().decode()
            style = re.search(r'href="(/static/[^"]+\.css)"', text)
            if "职工服务信息系统" in text and style and direct.open(urllib.parse.urljoin(url, style[1]), timeout=10).read():
                return
            sys.exit(f"{url} does not look like the front page:\n{text[:2000]}")
        time.sleep(0.5)
    sys.exit(f"The demo of the installed wheel did not answer on {url}.")


def vendor(rest: list[str]) -> int:
    """fetch the vendored files that VENDOR.toml names and check them; --update prints new checksums"""
    import tomllib

    wanted = tomllib.loads((STATIC / "VENDOR.toml").read_text(encoding="utf-8"))
    packages: dict[str, dict[str, bytes]] = {}
    is_wrong = False
    for entry in [*wanted.get("file", []), *wanted.get("sprite", [])]:
        name = f"{entry['package']}@{entry['version']}"
        files = packages[name] = packages.get(name) or npm_package(name)
        content = sprite(entry, files) if "icons" in entry else files[f"package/{entry['path']}"]
        found = hashlib.sha256(content).hexdigest()
        if found != entry["sha256"]:
            is_wrong |= "--update" not in rest
            print(f'{entry["target"]}: sha256 = "{found}", VENDOR.toml says {entry["sha256"]}')
        if found == entry["sha256"] or "--update" in rest:
            (STATIC / entry["target"]).parent.mkdir(parents=True, exist_ok=True)
            (STATIC / entry["target"]).write_bytes(content)
    return int(is_wrong)


def npm_package(name: str) -> dict[str, bytes]:
    """The files of a published npm package; nothing of it is run."""
    with tempfile.TemporaryDirectory() as directory:
        must(f"Could not fetch {name}.", "npm", "pack", "--silent", "--pack-destination", directory, name)
        (archive,) = Path(directory).glob("*.tgz")
        with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as packed:
            found = {member.name: packed.extractfile(member) for member in packed if member.isfile()}
            return {path: file.read() for path, file in found.items() if file}


def sprite(entry: dict[str, str], files: dict[str, bytes]) -> bytes:
    """One SVG of many: the children of each icon as a <symbol>."""
    lines = [
        f"<!-- Tabler Icons {entry['version']}, {entry['licence']}, {Path(entry['path']).name}; drawn by .i in tokens.css -->"
    ]
    for icon in entry["icons"]:
        drawing = files[f"package/{entry['path']}/{icon}.svg"].decode()
        children = drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")]
        lines.append(f'<symbol id="{icon}" viewBox="0 0 24 24">{" ".join(children.split())}</symbol>')
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *lines, "</svg>", ""]).encode()


def psql(rest: list[str]) -> int:
    """open an SQL shell on the demo's database as the application role; --owner sees every organisation"""
    return gonghui("psql", "--demo", *rest)


def clean(rest: list[str]) -> int:
    """remove .venv, .venv-bench, caches and compiled files"""
    for path in [VENV, PEERS_VENV, *(ROOT / name for name in CACHES), *(ROOT / "src").rglob("__pycache__")]:
        shutil.rmtree(path, ignore_errors=True)
    print("Removed .venv, .venv-bench and caches. The demo's data stays where `gonghui demo --help` says; remove it by hand.")
    return 0


VERBS = (demo, test, lint, bench, docs, messages, wheel, vendor, psql, clean)


def main() -> int:
    """Runs one verb."""
    if sys.version_info < (3, 11):  # noqa: UP036  whoever has an older one should read a sentence
        sys.exit(f"gonghui needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: python3.11 dev.py …")
    top = argparse.ArgumentParser(prog="dev.py", description="Everything a developer does.")
    kinds = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in VERBS:
        kinds.add_parser(verb.__name__, help=verb.__doc__, description=verb.__doc__)
    rest = sys.argv[2:]
    options = top.parse_args(sys.argv[1:3] if rest in (["-h"], ["--help"]) and sys.argv[1] != "demo" else sys.argv[1:2])
    try:
        return next(verb for verb in VERBS if verb.__name__ == options.verb)(rest)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
