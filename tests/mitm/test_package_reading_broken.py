"""Packages that are none, or not whole, beside the proxy: refused with the fix, or told with what is missing."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import exceptions
from tests.mitm.hooks import of, stage
from tests.mitm.package_stage import Gate, session_of, small_apk

from pinprobe import declared
from pinprobe import events as ev
from pinprobe.declared import Declared, PackageError, naming
from pinprobe.mitm import package_reading


@pytest.fixture
def apk(tmp_path: Path) -> Path:
    return small_apk(tmp_path)


def nothing(folder: Path) -> Path:
    return folder / "missing.apk"


def text(folder: Path) -> Path:
    (folder / "app.apk").write_text("no archive")
    return folder / "app.apk"


def archive(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "app.apk", "w") as made:
        made.writestr("notes.txt", "no app")
    return folder / "app.apk"


def no_manifest(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "app.apk", "w") as made:
        made.writestr("AndroidManifest.xml", "<manifest/>")
    return folder / "app.apk"


def empty(folder: Path) -> Path:
    (folder / "none").mkdir()
    return folder / "none"


@pytest.mark.parametrize("made", [nothing, text, archive, no_manifest, empty], ids=lambda made: made.__name__)
def test_what_is_no_package_is_refused_before_anything_begins(
    tmp_path: Path, made: Callable[[Path], Path], caplog: pytest.LogCaptureFixture
) -> None:
    path = made(tmp_path)
    with (
        pytest.raises(exceptions.OptionsError, match=r"pinprobe_apk=.*: ") as caught,
        stage(tmp_path / "r", begun=False, apk=[str(path)]),
    ):
        pass
    assert caught.value.__suppress_context__
    assert str(path) in str(caught.value)


def test_a_package_that_is_not_whole_is_told_with_what_is_missing(
    tmp_path: Path, apk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = tmp_path / "damaged.apk"
    with zipfile.ZipFile(apk) as whole, zipfile.ZipFile(damaged, "w") as part:
        for entry in whole.namelist():
            content = whole.read(entry)
            part.writestr(entry, content[: len(content) // 2] if "security" in entry else content)
    with stage(tmp_path / "r", apk=[str(damaged)]) as s:
        session_of(s).host_seen("api.example.com")
        journal = s.end()
    (app,) = of(ev.AppDeclared, journal)
    assert app.problems
    assert of(ev.HostDeclared, journal) == [], "what Android would hold for a host is not known"
    assert of(ev.ToolFailed, journal) == []
    assert "The session goes on." in caplog.text


def test_a_bug_met_for_the_name_alone_refuses_nothing(
    tmp_path: Path, apk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> str:
        raise IndexError("an error of ours")

    monkeypatch.setattr(naming, "package_name", fails)
    with stage(tmp_path / "r", apk=[str(apk)], app="") as s:
        journal = s.end()
    assert [event.app_id for event in of(ev.SessionStarted, journal)] == [None]
    assert len(of(ev.AppDeclared, journal)) == 1


def test_a_package_that_goes_away_is_a_notice(
    tmp_path: Path, apk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate(monkeypatch)
    with stage(tmp_path / "r", apk=[str(apk)]) as s:
        apk.unlink()
        session_of(s).host_seen("api.example.com")
        gate.open(s)
        session_of(s).host_seen("b.example.com")
        journal = s.end()
    (failed,) = of(ev.ToolFailed, journal)
    assert (failed.where, failed.error) == (
        "app package",
        "app.apk does not exist, or is no file: check the path",
    )
    assert (of(ev.AppDeclared, journal), of(ev.HostDeclared, journal)) == ([], [])
    assert "`pinprobe report --apk FILE JOURNAL`" in caplog.text


def test_a_bug_of_the_reader_is_a_notice(tmp_path: Path, apk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> Declared:
        raise RecursionError("too deep")

    monkeypatch.setattr(declared, "read_app", fails)
    with stage(tmp_path / "r", apk=[str(apk)]) as s:
        journal = s.end()
    assert [event.error.split(" at ")[0] for event in of(ev.ToolFailed, journal)] == ["RecursionError"]


def test_a_session_that_ends_first_takes_what_was_read(
    tmp_path: Path, apk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader is told that time is over, and says what it left out."""
    monkeypatch.setattr(package_reading, "LAST_S", 0.0)
    Gate(monkeypatch)
    with stage(tmp_path / "r", apk=[str(apk)]) as s:
        journal = s.end()
    facts = of(ev.AppDeclared, journal) + of(ev.ToolFailed, journal)
    assert len(facts) == 1
    assert isinstance(journal[-1], ev.SessionEnded)


def test_a_reader_that_does_not_stop_is_left_behind(tmp_path: Path, apk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LAST_S", "STOPPING_S"):
        monkeypatch.setattr(package_reading, name, 0.0)
    released = threading.Event()

    def hangs(*_: Any, **__: Any) -> Declared:
        released.wait(20)
        raise PackageError("late")

    monkeypatch.setattr(declared, "read_app", hangs)
    with stage(tmp_path / "r", apk=[str(apk)]) as s:
        reading = session_of(s).package
        journal = s.end()
        released.set()
        assert reading._done.wait(5)
        s.let_it_run(0.05)
        assert s.journal() == journal, "what comes late is nobody's"
    assert [event.error for event in of(ev.ToolFailed, journal)] == ["the session ended before it was read"]
