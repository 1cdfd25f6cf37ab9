"""pinprobe path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.disk import Output, run

from pinprobe.cli import Exit

ROOT = Path(__file__).parents[2]


def test_it_is_the_script_that_mitmdump_loads(capsys: Output) -> None:
    assert run("path") == Exit.DONE
    path = Path(capsys.readouterr().out.strip())
    assert path == ROOT / "addon" / "pinprobe_addon.py"
    assert path.is_file()


@pytest.mark.parametrize(
    ("what", "title"), [("policy-schema", "pinprobe policy"), ("report-schema", "pinprobe report")]
)
def test_schemas_are_named_too(capsys: Output, what: str, title: str) -> None:
    assert run("path", what) == Exit.DONE
    assert json.loads(Path(capsys.readouterr().out.strip()).read_text())["title"] == title
