"""Bad surroundings: only mitmproxy installed, folders that cannot be written, journals that were cut."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.live import bare_environment
from tests.live.trap import trap
from tests.live.world import ADDON, ROOT, World
from tests.waiting import eventually

pytestmark = pytest.mark.live


def pinprobe(*arguments: object, python: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python or sys.executable), "-m", "pinprobe", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "addon")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_of_the_readme(tmp_path: Path) -> None:
    """Nothing but the script and the app's name, in a home where mitmproxy never ran: it makes its CA then."""
    command = [Path(sys.executable).parent / "mitmdump", "-s", ADDON, "--set", "pinprobe_app=com.example.app"]
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*map(str, command), "--listen-host", "127.0.0.1", "--listen-port", "0"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        journals = tmp_path / "reports" / "com.example.app"
        assert eventually(lambda: process.poll() is not None or list(journals.glob("*/journal.jsonl")), 60.0)
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert (tmp_path / ".mitmproxy" / "mitmproxy-ca-cert.pem").exists()
    assert list(journals.glob("*/report.html")), output


def test_mitmproxy_alone_is_enough(world: World, tmp_path: Path) -> None:
    """mitmproxy's own binaries bring no PyYAML and no way to install it."""
    python = bare_environment.make(tmp_path / "venv")
    lacks = subprocess.run([python, "-c", "import yaml"], capture_output=True, check=False)
    assert lacks.returncode, "this environment has PyYAML after all"
    reports = tmp_path / "reports"
    with trap(world, reports, python=python) as t:
        t.run(attempts=4)
        t.run(technique="pin", attempts=10, host="canary.shop.test")
    assert t.endpoint("subject.shop.test")["verdict"] == "unpinned"
    assert t.endpoint("canary.shop.test")["verdict"] == "pinned"
    session = next(reports.glob("*/*/report.json")).parent
    assert (session / "report.html").exists()
    assert (reports / "index.html").exists()
    again = pinprobe("report", session / "journal.jsonl", python=python)
    assert again.returncode == 0, again.stderr


def test_yaml_without_its_library_says_what_to_install(world: World, tmp_path: Path) -> None:
    python = bare_environment.make(tmp_path / "venv")
    config = tmp_path / "pinprobe.yaml"
    config.write_text("mode: observe\n")
    with trap(world, tmp_path / "r", python=python, options={"pinprobe_config": str(config)}) as t:
        assert eventually(lambda: t.proxy.returncode)
    assert "pip install pyyaml" in t.output.lower()


def test_reports_folder_that_cannot_be_written(world: World, tmp_path: Path) -> None:
    """A clear message, the proxy goes on, and the session begins when it can. (A file is in the way: root may write
    anywhere.)"""
    (tmp_path / "file").write_text("in the way")
    with trap(world, tmp_path / "file" / "reports") as t:
        attempts = t.run(attempts=3)
        (tmp_path / "file").unlink()
        assert t.proxy.wait_for("recording to", 30.0)
        t.run(attempts=2, host="canary.shop.test")
    assert [a.result for a in attempts] == ["response"] * 3
    assert t.hosts() == {"canary.shop.test"}
    assert t.output.count("nothing is recorded until it can") == 1
    assert "pinprobe" in t.output
    assert str(tmp_path / "file") in t.output
    assert "Traceback" not in t.output


def test_reports_folder_that_vanishes(world: World, tmp_path: Path) -> None:
    """What was seen before and after is judged all the same, and the traffic never notices."""
    with trap(world, tmp_path / "reports") as t:
        t.run(attempts=3)
        assert eventually(lambda: t.events("RequestSeen"))
        (tmp_path / "reports").rename(tmp_path / "moved")
        attempts = t.run(attempts=3)
        assert [a.result for a in attempts] == ["response"] * 3
    assert "Traceback" not in t.output
    (kept,) = (tmp_path / "reports").rglob("journal.jsonl")
    (moved,) = (tmp_path / "moved").rglob("journal.jsonl")
    assert kept.read_bytes().startswith(moved.read_bytes())
    assert kept.read_bytes().count(b'"RequestSeen"') >= 4, "those from before, and those from after"


def test_report_is_rebuilt_byte_for_byte(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path / "reports") as t:
        t.run(attempts=6)
        t.run(technique="pin", attempts=10, host="canary.shop.test")
    session = next((tmp_path / "reports").glob("*/*/report.json")).parent
    for name in ("report.json", "report.html"):
        (session / name).rename(session / f"live-{name}")
    again = pinprobe("report", session / "journal.jsonl")
    assert again.returncode == 0, again.stderr
    for name in ("report.json", "report.html"):
        assert (session / name).read_bytes() == (session / f"live-{name}").read_bytes(), name


def test_torn_last_line_is_left_out(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path / "reports") as t:
        t.run(attempts=6)
    session = next((tmp_path / "reports").glob("*/*/report.json")).parent
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(session, elsewhere)
    (elsewhere / "report.json").unlink()
    journal = elsewhere / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])
    again = pinprobe("report", journal)
    assert again.returncode == 0, again.stderr
    assert '"unpinned"' in (elsewhere / "report.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["not json at all\n", '{"type": "Surprise", "at_s": 1.0}\n', "\x00\xff\n"])
def test_foreign_file_is_refused(tmp_path: Path, text: str) -> None:
    journal = tmp_path / "journal.jsonl"
    journal.write_text(text, encoding="latin-1")
    done = pinprobe("report", journal)
    assert done.returncode == 4, (done.stdout, done.stderr)
    assert "journal" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_journal_is_refused(tmp_path: Path) -> None:
    done = pinprobe("report", tmp_path / "nothing.jsonl")
    assert done.returncode == 4, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr


def test_nothing_observed_has_its_own_exit_code(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path):
        pass
    journal = next(tmp_path.glob("*/*/journal.jsonl"))
    done = pinprobe("report", journal)
    assert done.returncode == 3, (done.stdout, done.stderr)
