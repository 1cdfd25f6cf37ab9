"""PINPROBE_NO_SKIP turns every kind of skip into a failure, a wrong verdict has its own exit code, and nothing else changes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

EXAMPLE = {
    "test_in_body.py": """
import pytest
def test_body():
    pytest.skip("no such client: apt-get install it")
@pytest.mark.skipif(True, reason="never here")
def test_mark(): ...
def test_runs(): ...
@pytest.mark.xfail(raises=ZeroDivisionError)
def test_expected():
    1 / 0
""",
    "test_module.py": "import pytest\npytest.importorskip('no_such_module')\n",
}


def pytest_in(
    folder: Path, tests: Mapping[str, str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """pytest with our conftest.py alone."""
    for name, text in tests.items():
        (folder / name).write_text(text)
    (folder / "conftest.py").write_text((Path(__file__).parent / "conftest.py").read_text())
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--continue-on-collection-errors"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("no_skip", "closing_line"),
    [
        ("", "1 passed, 3 skipped, 1 xfailed"),
        ("1", "1 failed, 1 passed, 1 xfailed, 2 errors"),
    ],
)
def test_skips(tmp_path: Path, no_skip: str, closing_line: str) -> None:
    run = pytest_in(tmp_path, EXAMPLE, {"PINPROBE_NO_SKIP": no_skip})
    assert closing_line in run.stdout, run.stdout + run.stderr
    if no_skip:
        assert "apt-get install it" in run.stdout


@pytest.mark.parametrize(("error", "exit_code"), [("AssertionError", 1), ("WrongVerdict", 10)])
def test_wrong_verdicts_end_pytest_with_a_code_of_their_own(tmp_path: Path, error: str, exit_code: int) -> None:
    text = f"from conftest import *\ndef test_one():\n    raise {error}('pinned')\ndef test_two():\n    assert False\n"
    run = pytest_in(tmp_path, {"test_verdict.py": text}, {})
    assert run.returncode == exit_code, run.stdout + run.stderr
    assert "2 failed" in run.stdout
