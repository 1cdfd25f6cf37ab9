"""PINPROBE_NO_SKIP turns every kind of skip into a failure, and nothing else changes."""

from __future__ import annotations

import os
import subprocess
import sys
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


@pytest.mark.parametrize(
    ("no_skip", "closing_line"),
    [
        ("", "1 passed, 3 skipped, 1 xfailed"),
        ("1", "1 failed, 1 passed, 1 xfailed, 2 errors"),
    ],
)
def test_skips(tmp_path: Path, no_skip: str, closing_line: str) -> None:
    for name, text in EXAMPLE.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "conftest.py").write_text((Path(__file__).parent / "conftest.py").read_text())
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--continue-on-collection-errors"],
        cwd=tmp_path,
        env={**os.environ, "PINPROBE_NO_SKIP": no_skip},
        capture_output=True,
        text=True,
        check=False,
    )
    assert closing_line in run.stdout, run.stdout + run.stderr
    if no_skip:
        assert "apt-get install it" in run.stdout
