"""The command line: what each exit code means, and that every way to fail is a sentence and no traceback."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinprobe import __version__
from pinprobe.cli import EXIT_CODES, Exit, main
from pinprobe.events import SCHEMA_VERSION, to_json
from tests.builders import Events, accepted, cleartext, journal, refused_alert, relayed_ok, session

ROOT = Path(__file__).parents[1]
EVENTS = journal(accepted(), accepted(), refused_alert("login.example.com"), relayed_ok("login.example.com"))
Output = pytest.CaptureFixture[str]


def lines(events: Events) -> bytes:
    return b"".join(to_json(event).encode() + b"\n" for event in events)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session's folder, as the proxy leaves it."""
    made = tmp_path / "reports" / "com.example.app" / session().session_id
    made.mkdir(parents=True)
    (made / "journal.jsonl").write_bytes(lines(EVENTS))
    return made


def run(*arguments: str | Path) -> int:
    """The exit code, also where argparse itself ends the program."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as end:
        assert isinstance(end.code, int)
        return end.code


# -- 0: done ----------------------------------------------------------------------------------------


def test_show_prints_the_verdicts(folder: Path, capsys: Output) -> None:
    assert run("show", folder / "journal.jsonl") == Exit.DONE
    output = capsys.readouterr()
    assert "api.example.com:443" in output.out and "unpinned" in output.out
    assert output.err == ""


def test_a_sessions_folder_stands_for_its_journal(folder: Path, capsys: Output) -> None:
    assert run("show", folder) == Exit.DONE
    by_folder = capsys.readouterr().out
    assert run("show", folder / "journal.jsonl") == Exit.DONE
    assert capsys.readouterr().out == by_folder


def test_several_journals_are_shown_one_after_another(folder: Path, capsys: Output) -> None:
    assert run("show", folder, folder) == Exit.DONE
    assert capsys.readouterr().out.count("api.example.com:443") == 2


def test_report_writes_beside_the_journal_and_says_where(folder: Path, capsys: Output) -> None:
    assert run("report", folder) == Exit.DONE
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert {path.name for path in written} == {"report.html", "report.json"}
    assert all(path.parent == folder and path.is_file() for path in written)
    digest = hashlib.sha256((folder / "journal.jsonl").read_bytes()).hexdigest()
    assert digest in (folder / "report.json").read_text()
    assert (folder.parent.parent / "index.html").is_file()


def test_report_writes_where_it_is_told(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "place"
    assert run("report", folder, "--out", out) == Exit.DONE
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "report.json"]
    assert [path.name for path in folder.iterdir()] == ["journal.jsonl"]
    assert not list(tmp_path.rglob("index.html")), "the list of all reports is not about this one"


def test_a_report_is_the_same_every_time(folder: Path, tmp_path: Path) -> None:
    for place in ("one", "two"):
        assert run("report", folder, "--out", tmp_path / place) == Exit.DONE
    for name in ("report.html", "report.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_path_is_the_script_that_mitmdump_loads(capsys: Output) -> None:
    assert run("path") == Exit.DONE
    path = Path(capsys.readouterr().out.strip())
    assert path == ROOT / "addon" / "pinprobe_addon.py"
    assert path.is_file()


def test_version_and_help(capsys: Output) -> None:
    assert run("--version") == Exit.DONE
    assert capsys.readouterr().out == f"pinprobe {__version__}\n"
    assert run("--help") == Exit.DONE
    said = capsys.readouterr().out
    assert all(f"{code.value}  {meaning}" in said for code, meaning in EXIT_CODES)
    assert [int(code) for code, _ in EXIT_CODES] == [0, 2, 3, 4]


def test_a_torn_last_line_is_said_and_left_out(folder: Path, capsys: Output) -> None:
    path = folder / "journal.jsonl"
    path.write_bytes(path.read_bytes()[:-10])
    assert run("show", folder) == Exit.DONE
    output = capsys.readouterr()
    assert "the last line is torn" in output.err and str(path) in output.err
    assert "api.example.com:443" in output.out


# -- 2: wrong usage, or nowhere to write ------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [[], ["fly"], ["show"], ["report"], ["show", "--colour", "x"], ["path", "somewhere"]],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)
def test_wrong_usage(arguments: Sequence[str], capsys: Output) -> None:
    assert run(*arguments) == Exit.USAGE
    assert "usage: pinprobe" in capsys.readouterr().err


def test_one_place_for_two_journals(folder: Path, tmp_path: Path, capsys: Output) -> None:
    assert run("report", folder, folder, "--out", tmp_path / "out") == Exit.USAGE
    assert "--out takes one journal" in capsys.readouterr().err


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


def test_one_empty_journal_among_others_is_told(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(lines([session()]))
    assert run("show", folder, empty, folder) == Exit.NOTHING_OBSERVED


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


@pytest.mark.parametrize("command", ["show", "report"])
@pytest.mark.parametrize(("content", "says"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable(folder: Path, capsys: Output, command: str, content: bytes, says: str) -> None:
    (folder / "journal.jsonl").write_bytes(content)
    assert run(command, folder) == Exit.UNREADABLE
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


def test_reading_journals_does_not_load_the_proxy(folder: Path) -> None:
    code = "import sys; from pinprobe.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, "show", folder], cwd=ROOT / "addon", capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert not loaded & {"mitmproxy", "OpenSSL", "cryptography", "yaml", "publicsuffix2"}
