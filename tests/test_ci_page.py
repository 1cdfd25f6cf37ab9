"""docs/ci.md: the workflow's own commands do what the page says; those of the emulator are read, and not run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pinprobe.config import OPTIONS
from tests.android.fake_adb import models
from tests.builders import accepted, refused_alert, relayed_ok
from tests.cli.disk import APP, recorded
from tests.device.phones import write_program
from tests.live.world import free_port

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "ci.md").read_text()
WORKFLOW: dict[str, Any] = yaml.safe_load(re.findall(r"^```yaml\n(name: .*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0])
RECORD = re.findall(r"^```bash\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0]
STEPS = {step.get("name"): step for step in WORKFLOW["jobs"]["pinning"]["steps"]}

MET = "version: 1\nexpect: [{host: api.example.com, verdict: unpinned}]\n"
BROKEN = "version: 1\nexpect: [{host: api.example.com, verdict: pinned}]\n"


def step(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a step as the runner does."""
    return bash(STEPS[name]["run"], folder)


def bash(script: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script where `pinprobe` and `mitmdump` are those of the tests, and so is what `bin` holds beside them."""
    shim = folder / "bin"
    shim.mkdir(exist_ok=True)
    program(shim / "pinprobe", f'exec "{sys.executable}" -m pinprobe "$@"')
    path = os.pathsep.join((str(shim), str(Path(sys.executable).parent), os.environ["PATH"]))
    return subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "addon"), "APP": APP, **more},
        capture_output=True,
        text=True,
        check=False,
    )


def program(at: Path, line: str) -> None:
    at.write_text(f"#!/bin/sh\n{line}\n")
    at.chmod(0o755)


@pytest.mark.parametrize(
    ("policy", "connections", "forms", "gate"),
    [
        (MET, [accepted(), accepted()], 0, 0),
        (BROKEN, [accepted(), accepted(), refused_alert("b.example.com")], 0, 1),
        ("version: 2\n", [accepted()], 2, 4),
        (MET, [relayed_ok()], 0, 3),
        (MET, [], 3, 3),
    ],
    ids=["met", "broken", "no policy", "nothing tested", "nothing observed"],
)
def test_the_steps_end_as_the_page_says(
    tmp_path: Path, policy: str, connections: list[list[Any]], forms: int, gate: int
) -> None:
    recorded(tmp_path / "reports", "system", *connections)
    (tmp_path / "pinprobe-policy.yaml").write_text(policy)
    assert step("Forms", tmp_path).returncode == forms
    assert step("Gate", tmp_path).returncode == gate
    if forms != 2:
        made = {path.name for path in (tmp_path / "pinprobe-report").iterdir()}
        assert {"report.html", "report.json", "report.sarif", "report.junit.xml", "report.md"} == made
        for other in ("Code scanning", "Comment", "Keep"):
            named = re.findall(r"pinprobe-report(?:/[\w.]+)?", json.dumps(STEPS[other]))
            assert all((tmp_path / name).exists() for name in named) and named


def test_it_may_write_what_its_steps_write() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read", "pull-requests": "write", "security-events": "write"}
    assert all(
        STEPS[name]["if"] == "${{ !cancelled() }}" for name in ("Forms", "Keep", "Code scanning", "Comment", "Gate")
    )
    assert list(STEPS)[-1] == "Gate", "what fails comes last, so that the report is kept"


def test_the_script_that_records_is_bash_and_names_real_options(tmp_path: Path) -> None:
    (tmp_path / "record.sh").write_text(RECORD)
    subprocess.run(["bash", "-n", tmp_path / "record.sh"], check=True)
    assert STEPS["Record"]["with"]["script"] == "bash .github/record.sh"
    assert set(re.findall(r"--set (pinprobe_\w+)=", RECORD)) <= {option.name for option in OPTIONS}


@pytest.mark.live
@pytest.mark.parametrize("tests_pass", [True, False], ids=["tests pass", "tests fail"])
def test_the_script_records_and_puts_the_device_back(tmp_path: Path, tests_pass: bool) -> None:
    (tmp_path / "pinprobe-policy.yaml").write_text(MET)
    phone = models.phone(tmp_path / "phones", 33)
    before = phone.read_text()
    write_program(tmp_path / "bin")
    program(tmp_path / "gradlew", f"adb shell settings get global http_proxy >>seen; exit {0 if tests_pass else 1}")
    port = str(free_port())
    ended = bash(RECORD.replace("8080", port), tmp_path, HOME=str(tmp_path), FAKE_ADB=str(tmp_path / "phones"))
    assert ended.returncode == (0 if tests_pass else 1), ended.stderr
    assert (tmp_path / "seen").read_text().split() == [f"10.0.2.2:{port}"] * (3 if tests_pass else 1), ended.stderr
    kept = [json.loads(text) for text in (before, phone.read_text())]
    assert all(one["settings"] == kept[0]["settings"] and one["mounts"] == kept[0]["mounts"] for one in kept)
    (session,) = (tmp_path / "reports" / APP).iterdir()
    assert (session / "report.json").exists() and "SessionEnded" in (session / "journal.jsonl").read_text()


def test_the_page_says_what_was_not_run() -> None:
    assert "The part with the emulator was **not run** by this project" in PAGE
