"""A mitmdump out of the forge is a mitmdump: what it prints, how it ends, and that nothing of another is in it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from standin.forge import WORKS_HERE, Forge, Forked

pytestmark = [pytest.mark.live, pytest.mark.skipif(not WORKS_HERE, reason="it needs Linux")]

SAYS = """
import os, sys
print("arguments", sys.argv[0], "environment", sorted(os.environ), "modules", "tests" in sys.modules)
print("open", sorted(os.listdir("/proc/self/fd")), "path", [one for one in sys.path if one.endswith("scripts")])
"""


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    with Forge() as ready:
        yield ready


Start = Callable[..., Forked]


@pytest.fixture
def start(forge: Forge, tmp_path: Path) -> Iterator[Start]:
    script = tmp_path / "says.py"
    script.write_text(SAYS)
    command = ["mitmdump", "--set", f"confdir={tmp_path}", "-s", str(script), "--listen-port", "0"]
    running: list[Forked] = []

    def one(*arguments: str) -> Forked:
        running.append(forge.start([*command, *arguments], {"ONE": "1"}))
        return running[-1]

    yield one
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def until(process: Forked, word: str) -> str:
    lines: list[str] = []
    while word not in (line := process.stdout.readline()):
        assert line, lines
        lines.append(line)
    return "".join(lines)


def test_it_begins_with_its_own_arguments_environment_and_files(start: Start) -> None:
    process = start()
    printed = until(process, "listening at")
    assert "arguments mitmdump environment ['ONE']" in printed and "modules False" in printed
    assert "open ['0', '1', '2', " in printed and "path []" in printed
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(20.0) == process.returncode == 0
    process.kill()  # it is gone, and nobody else is meant


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_how_it_ended_is_told(start: Start, how: signal.Signals) -> None:
    process = start()
    until(process, "listening at")
    process.send_signal(how)
    assert process.wait(20.0) == (-how if how is signal.SIGKILL else 0)
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_a_wrong_option_is_an_exit_code(start: Start) -> None:
    process = start("--no-such-flag")
    assert process.wait(20.0) == 1
    assert "no-such-flag" in process.stdout.read()


def test_several_at_once(start: Start) -> None:
    running = [start() for _ in range(3)]
    for process in running:
        until(process, "listening at")
    assert len({process.pid for process in running}) == 3
    for process in reversed(running):
        process.kill()
        assert process.wait(20.0) == -signal.SIGKILL
