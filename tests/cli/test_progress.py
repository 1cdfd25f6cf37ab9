"""Progress: silence for what is quick, a line that goes away on a terminal, few lines elsewhere."""

from __future__ import annotations

import io
from itertools import count

import pytest

from pinprobe.cli.progress import ELSEWHERE_EVERY_S, QUIET_S, TERMINAL_EVERY_S, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO, *, seconds: float, steps: int) -> str:
    """What is said by work that reports this many steps, evenly, in so many seconds."""
    ticks = count()
    with Progress("reading", stream, lambda: next(ticks) * seconds / steps) as one:
        for step in range(1, steps + 1):
            one.tell(step, steps)
    return stream.getvalue()


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_quick_work_is_silent(stream: type[io.StringIO]) -> None:
    assert told(stream(), seconds=QUIET_S - 0.01, steps=500) == ""


def test_a_terminal_sees_one_line_that_goes_away() -> None:
    said = told(Terminal(), seconds=4, steps=400)
    lines = said.split("\r")
    assert "\n" not in said and "reading: 50%" in lines
    assert (
        2 / TERMINAL_EVERY_S - 2
        <= len([line for line in lines if line.startswith("reading")])
        <= 2 / TERMINAL_EVERY_S + 2
    )
    assert lines[-1] == "" and lines[-2].isspace() and len(lines[-2]) >= len("reading: 50%")


def test_a_log_gets_few_lines() -> None:
    lines = told(io.StringIO(), seconds=20, steps=2000).splitlines()
    assert len(lines) == 1 + (20 - QUIET_S) // ELSEWHERE_EVERY_S
    assert lines[0] == "reading: 10%"


def test_an_empty_whole_is_done() -> None:
    stream = io.StringIO()
    Progress("reading", stream, iter([0.0, 3.0]).__next__).tell(0, 0)
    assert stream.getvalue() == "reading: 100%\n"
