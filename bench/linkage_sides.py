"""The sides of the linkage benchmark: what is run, and what a run takes. Standard library only, and small, since the peak memory that the
kernel reports for a process begins with that of the process which started it."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-bench" / "bin" / "python"  # what requirements-bench.txt names; dev.py bench makes it
STEP = re.compile(r"^\s*(\d+)%\s+(.*?)\s*$")


@dataclass(frozen=True)
class Run:
    """One run of one side: seconds on the clock and of CPU, megabytes at most, seconds of its phases."""

    seconds: float
    cpu: float
    memory: float
    phases: Mapping[str, float]


def ours(memory: str = "") -> list[str]:
    """The command of ours, as users call it."""
    return [
        sys.executable,
        "-m",
        "gonghui.config.cli",
        "link",
        "{a}",
        "{b}",
        "--out",
        "{out}",
        *(["--memory", memory] if memory else []),
    ]


def peer(module: str, *more: str) -> list[str]:
    """The command of a peer."""
    return [str(PEERS), "-W", "ignore", "-m", f"bench.{module}", "{a}", "{b}", "{out}", *more]


def measured(command: Sequence[str], directory: Path, out: Path) -> Run:
    """Runs a side on the registers of a directory, from their two CSV files to one file of pairs; ends the benchmark where it fails."""
    words = [word.format(a=directory / "A.csv", b=directory / "B.csv", out=out) for word in command]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        began = time.perf_counter()
        process = subprocess.Popen(words, cwd=ROOT, stdout=printed, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        assert process.stderr
        told = [(time.perf_counter() - began, line.rstrip("\n")) for line in process.stderr]
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit("\n".join([" ".join(words), *(line for _at, line in told[-20:])]))
        printed.seek(0)
        phases = phases_of(printed.read(), told, seconds)
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, phases)


def phases_of(printed: str, told: Sequence[tuple[float, str]], end: float) -> dict[str, float]:
    """The phases that a side prints as JSON, or those whose beginnings it tells as progress."""
    if printed.startswith("{"):
        found: dict[str, float] = json.loads(printed.splitlines()[0])
        return found
    steps = [(at, step[2]) for at, line in told if (step := STEP.match(line))]
    if not steps:
        return {}
    ends = [at for at, _name in steps[1:]] + [end]
    return {name: finished - at for (at, name), finished in zip(steps, ends, strict=True)}


def in_peers(module: str, *arguments: str) -> str:
    """What a module of the benchmark prints that runs in the peers' environment."""
    done = subprocess.run(
        [str(PEERS), "-m", f"bench.{module}", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout
