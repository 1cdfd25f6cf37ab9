"""What each exit code means, and that every way to fail is a sentence and no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.builders import accepted, cleartext, journal, session
from tests.cli.disk import EVENTS, Output, lines, run

from pinprobe import __version__
from pinprobe.cli import EXIT_CODES, Exit
from pinprobe.events import SCHEMA_VERSION, to_json

ROOT = Path(__file__).parents[2]


def test_version_and_help(capsys: Output) -> None:
    assert run("--version") == Exit.DONE
    assert capsys.readouterr().out == f"pinprobe {__version__}\n"
    assert run("--help") == Exit.DONE
    said = capsys.readouterr().out
    assert all(f"{code.value}  {meaning}" in said for code, meaning in EXIT_CODES)
    assert [int(code) for code, _ in EXIT_CODES] == [0, 1, 2, 3, 4, 5]


# -- 2: wrong usage, or nowhere to write ------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["show"],
        ["report"],
        ["show", "--colour", "x"],
        ["path", "somewhere"],
        ["diff", "one"],
        ["check", "."],
        ["check", ".", "--policy", "p.yaml", "--format", "pdf"],
        ["init"],
        ["report", ".", "--format", "json"],
        ["mark"],
        ["mark", "sleep"],
        ["mark", "test", "--timeout", "0"],
    ],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)
def test_wrong_usage(arguments: Sequence[str], capsys: Output) -> None:
    assert run(*arguments) == Exit.USAGE
    assert "usage: pinprobe" in capsys.readouterr().err


def test_nowhere_to_write(folder: Path, tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "file").write_text("")
    assert run("report", folder, "--out", tmp_path / "file" / "below") == Exit.USAGE
    assert "Traceback" not in (said := capsys.readouterr().err)
    assert str(tmp_path / "file") in said


# -- 3: nothing observed --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["show", "report"])
def test_nothing_observed(folder: Path, command: str) -> None:
    (folder / "journal.jsonl").write_bytes(lines([session()]))
    assert run(command, folder) == Exit.NOTHING_OBSERVED


def test_cleartext_is_something(folder: Path) -> None:
    (folder / "journal.jsonl").write_bytes(lines(journal(cleartext())))
    assert run("show", folder) == Exit.DONE


# -- 4: unreadable --------------------------------------------------------------------------------------


def newer() -> bytes:
    record = json.loads(to_json(session())) | {"schema_version": SCHEMA_VERSION + 1, "colour": "red"}
    return json.dumps(record).encode() + b"\n"


UNREADABLE = {
    "a newer pinprobe's": (newer(), "newer pinprobe"),
    "another tool's": (b'{"log":{"version":"1.2"}}\n', "not a pinprobe journal"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a pinprobe journal"),
    "damaged in its middle": (lines(EVENTS[:3]) + b"\0\0\0\n" + lines(EVENTS[3:]), "line 4 is damaged"),
    "two journals in one": (lines(EVENTS) + lines(EVENTS), "begins with one SessionStarted"),
    "empty": (b"", "holds no event"),
    "half a line": (lines(EVENTS)[:40], "holds no event"),
}


@pytest.mark.parametrize(
    "command", [["show"], ["report"], ["diff", "."], ["check", "--policy", "p"], ["init"]], ids=" ".join
)
@pytest.mark.parametrize(("content", "says"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable(
    folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch, command: list[str], content: bytes, says: str
) -> None:
    (folder / "journal.jsonl").write_bytes(content)
    monkeypatch.chdir(folder)
    assert run(*command, folder) == Exit.UNREADABLE
    output = capsys.readouterr()
    assert output.err.startswith("pinprobe: ") and says in output.err
    assert output.out == ""
    assert [path.name for path in folder.iterdir()] == ["journal.jsonl"], "nothing is written"


@pytest.mark.parametrize("name", ["missing.jsonl", "missing-folder"])
def test_missing(tmp_path: Path, capsys: Output, name: str) -> None:
    assert run("show", tmp_path / name) == Exit.UNREADABLE
    assert name in capsys.readouterr().err


def test_a_folder_without_a_journal(tmp_path: Path, capsys: Output) -> None:
    assert run("show", tmp_path) == Exit.UNREADABLE
    assert "journal.jsonl" in capsys.readouterr().err


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(at=st.floats(0, 1), junk=st.binary(min_size=1, max_size=20))
def test_any_damage_is_a_sentence(folder: Path, at: float, junk: bytes) -> None:
    whole = lines(EVENTS)
    place = int(at * len(whole))
    path = folder / "journal.jsonl"
    path.write_bytes(whole[:place] + junk + whole[place + len(junk) :])
    assert run("show", path) in {Exit.DONE, Exit.NOTHING_OBSERVED, Exit.UNREADABLE}


# -- as a program ---------------------------------------------------------------------------------------


def test_python_dash_m_ends_with_the_code(folder: Path) -> None:
    def program(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "pinprobe", *arguments],
            cwd=ROOT / "addon",
            capture_output=True,
            text=True,
            check=False,
        )

    done = program("show", folder)
    assert (done.returncode, done.stderr) == (Exit.DONE, "")
    failed = program("show", "nowhere.jsonl")
    assert failed.returncode == Exit.UNREADABLE
    assert failed.stderr.startswith("pinprobe: nowhere.jsonl")


def test_reading_journals_does_not_load_the_proxy(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_bytes(lines(journal(accepted(), session_id="another")))
    code = "import sys; from pinprobe.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    commands: list[list[str | Path]] = [["show", folder], ["show", folder, other], ["diff", folder, folder]]
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-c", code, *command], cwd=ROOT / "addon", capture_output=True, text=True, check=True
        )
        loaded = {name.partition(".")[0] for name in done.stderr.split()}
        assert not loaded & {"mitmproxy", "OpenSSL", "cryptography", "yaml", "publicsuffix2"}
