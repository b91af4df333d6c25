"""Row E2 of the reliability programme: what is small and opens into something huge is refused in under a second and 200 MB."""

import json
import subprocess
import sys
from typing import Any

import pytest

from gonghui.core.exchange.reading import read
from tests.hostile.bombs import BOMBS, SOUND

SECONDS = 1  # of processor time, the child's included
MEGABYTES = 200  # of either process
MEASURE = """
import json, re, resource, sys
from pathlib import Path
import django
django.setup()
from gonghui.core.actions.action import Refused
from gonghui.core.exchange.reading import read

def seconds():
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)

def megabytes():
    here = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
    return max(here, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024

for file in sorted(Path(sys.argv[1]).iterdir()):
    content, before = file.read_bytes(), seconds()
    try:
        read(content)
        outcome = ""
    except Refused as refusal:
        outcome = str(refusal)
    print(json.dumps([file.stem, outcome, seconds() - before, megabytes()]))
"""


def test_what_the_bombs_are_made_of_opens() -> None:
    assert len(read(SOUND).sheets[0].rows) == 2000


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Each bomb: what was said, seconds, megabytes. Read one after another by a process that reads nothing else."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, make in BOMBS.items():
        (folder / f"{name}.xlsx").write_bytes(make())
    command = [sys.executable, "-c", MEASURE, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name: told for name, *told in map(json.loads, done.stdout.splitlines())}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_goes_off(name: str, outcomes: dict[str, Any]) -> None:
    outcome, seconds, megabytes = outcomes[name]
    print(f"\n{name}: {seconds:.2f} s, {megabytes:.0f} MB, {outcome}")
    assert outcome
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
