"""pinprobe init: a policy that its report meets, and no file of somebody's overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.builders import relayed_ok
from tests.cli.disk import Output, recorded, run

from pinprobe.cli import Exit


def test_the_report_meets_its_own_policy(folder: Path, tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "new" / "policy.yaml"
    assert run("init", folder, "--out", out) == Exit.DONE
    assert capsys.readouterr().out == f"{out}\n"
    assert run("init", folder) == Exit.DONE
    assert capsys.readouterr().out == out.read_text()
    assert run("check", folder, "--policy", out) == Exit.DONE
    assert "Policy met" in capsys.readouterr().out


def test_what_is_there_stays(folder: Path, tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "policy.yaml").write_text("mine")
    assert run("init", folder, "--out", tmp_path / "policy.yaml") == Exit.USAGE
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "policy.yaml").read_text() == "mine"


@pytest.mark.parametrize("connections", [[], [relayed_ok()]], ids=["nothing", "nothing tested"])
def test_nothing_observed_is_nothing_to_expect(tmp_path: Path, capsys: Output, connections: list[list[object]]) -> None:
    silent = recorded(tmp_path / "reports", "system", *connections)
    assert run("init", silent, "--out", tmp_path / "policy.yaml") == Exit.NOTHING_OBSERVED
    assert "nothing to expect" in capsys.readouterr().err
    assert not (tmp_path / "policy.yaml").exists()


def test_what_is_not_there(tmp_path: Path) -> None:
    assert run("init", tmp_path / "none.json") == Exit.UNREADABLE
