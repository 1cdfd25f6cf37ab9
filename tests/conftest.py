"""What all tests share: golden files, Hypothesis without a clock, wrong verdicts, machines where nothing may be skipped."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from importlib.metadata import version
from typing import TypeVar

import hypothesis
import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

WRONG_VERDICT = 10
"""pytest's exit code after one, where a failed test alone makes it 1."""

NO_SKIP = os.environ.get("PINPROBE_NO_SKIP", "") not in ("", "0")

# A shell's background job ignores Ctrl-C, and so would all that it starts; the tests send it.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A slow machine is no wrong answer: Hypothesis' deadline is off. Its own CI profile stays in force there.
if not os.environ.get("CI"):
    hypothesis.settings.register_profile("pinprobe", deadline=None)
    hypothesis.settings.load_profile("pinprobe")


class WrongVerdict(AssertionError):
    """A verdict that may never be said of such a client. No loaded machine excuses it: `.ci/run` gives no second chance."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files anew instead of comparing with them; then read the diff",
    )


def pytest_report_header() -> list[str]:
    libraries = ("mitmproxy", "pyOpenSSL", "cryptography")
    lines = [", ".join(f"{library} {version(library)}" for library in libraries)]
    if NO_SKIP:
        lines.append("PINPROBE_NO_SKIP: a skipped test fails")
    return lines


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written instead of compared."""
    return bool(request.config.getoption("--update-golden"))


def _fail_if_skipped(report: Report) -> Report:
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"PINPROBE_NO_SKIP is set, and this was skipped: {reason}"
    return report


WRONG = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    if call.excinfo is not None and call.excinfo.errisinstance(WrongVerdict):
        item.config.stash[WRONG] = True
    return _fail_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _fail_if_skipped((yield))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.stash.get(WRONG, False):
        session.exitstatus = WRONG_VERDICT
