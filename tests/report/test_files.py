"""Reports as files: private, whole, and under safe names."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path
from time import process_time

import pytest
from tests.report.samples import every_verdict, report_of

from pinprobe.report import FORMATS
from pinprobe.report.files import STALE_S, refresh_index, write_reports
from pinprobe.report.json_format import render


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_format_is_written_for_the_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "app" / "session"
    written = write_reports(folder, every_verdict(), {format.id for format in FORMATS})
    assert [path.name for path in written] == [format.file_name for format in FORMATS]
    for format, path in zip(FORMATS, written, strict=True):
        assert path.read_bytes().decode("utf-8") == format.render(every_verdict())
        assert mode(path) == 0o600
    assert {mode(path) for path in (folder, folder.parent, folder.parent.parent)} == {0o700}
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in written)


def test_only_what_is_always_written_or_asked_for_is(tmp_path: Path) -> None:
    assert [path.name for path in write_reports(tmp_path, report_of())] == ["report.html", "report.json"]
    asked = write_reports(tmp_path, report_of(), ("markdown",))
    assert [path.name for path in asked] == ["report.html", "report.json", "report.md"]


def test_what_a_killed_process_left_half_written_goes_with_the_next_list(tmp_path: Path) -> None:
    """Not what somebody may be writing now."""
    session = tmp_path / "app" / "session"
    folders = (tmp_path, session, session / "apps" / "other")
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (".report.json.0.tmp", ".report.html.0.tmp", "notes.tmp", ".mine"):
            (folder / name).write_text("half")
        for name in (".report.json.0.tmp", "notes.tmp", ".mine"):
            os.utime(folder / name, times=(time.time() - 2 * STALE_S,) * 2)
    refresh_index(tmp_path)
    for folder in folders:
        left = {path.name for path in folder.iterdir() if path.name[0] == "." or path.suffix == ".tmp"}
        assert left - {".index.json"} == {".report.html.0.tmp", "notes.tmp", ".mine"}


def test_the_system_s_refusal_is_raised(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        write_reports(tmp_path / "file" / "session", report_of())


def test_the_index_lists_what_it_can_read(tmp_path: Path) -> None:
    write_reports(tmp_path / "app" / "s1", report_of())
    write_reports(tmp_path / "app" / "s2", every_verdict())
    for number, damage in enumerate(("{", "[]", "[" * 100_000, "\udcff")):
        folder = tmp_path / "broken" / str(number)
        folder.mkdir(parents=True)
        (folder / "report.json").write_text(damage, errors="surrogateescape")
    (tmp_path / "killed" / "s1").mkdir(parents=True)
    (tmp_path / "killed" / "s1" / "journal.jsonl").touch()
    page = refresh_index(tmp_path)
    assert page == tmp_path / "index.html" and mode(page) == 0o600
    text = page.read_text()
    assert 'href="app/s1/report.html"' in text and 'href="app/s2/report.html"' in text
    assert text.count("<b>not read</b>") == 5
    assert "broken/1</bdi>: report.json: not a pinprobe report" in text
    assert "killed/s1</bdi>: a journal without report.json" in text


def test_an_index_of_nothing(tmp_path: Path) -> None:
    assert "No report yet" in refresh_index(tmp_path).read_text()


def test_two_hundred_sessions_are_listed_soon(tmp_path: Path) -> None:
    """In two seconds of processor time, since it is done while the proxy runs."""
    reports = [render(every_verdict(ca_store=store, session_id="$")) for store in ("user", "system")]
    for number in range(200):
        folder = tmp_path / "app" / f"s{number:03}"
        folder.mkdir(parents=True)
        (folder / "report.json").write_text(reports[number % 2].replace('"$"', f'"s{number:03}"'))
    started_s = process_time()
    text = refresh_index(tmp_path).read_text()
    assert process_time() - started_s < 2
    assert text.count("against <bdi>") == 199 and text.count("The first session of this app") == 1
    assert len(text) < 1_000_000
