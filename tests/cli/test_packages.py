"""The app's package beside journals that were recorded without it: added, said, and never taken for the journal's word."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.android.builder import build_apk
from tests.builders import accepted, attributed, declares, host_known, package, refused_alert, relayed_ok
from tests.cli.disk import Output, recorded, run

from pinprobe.cli import Exit, packages, progress
from pinprobe.cli.exits import Failed
from pinprobe.cli.journals import rebuild

PIN = "7HIpactkIAq2Y49orFOOQKurWxmmSFZhBCoQYcRhJ3Y="
OTHER_PIN = "d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="
NSC = f"""<network-security-config><domain-config><domain>api.example.com</domain>
<pin-set><pin digest="SHA-256">{PIN}</pin></pin-set></domain-config></network-security-config>"""


@pytest.fixture
def apk(tmp_path: Path) -> Path:
    return build_apk(tmp_path / "apk", nsc=NSC)


def report(folder: Path, *options: str | Path) -> dict[str, Any]:
    out = folder.parent.parent.parent / "out"
    assert run("report", folder, "--out", out, *options) == Exit.DONE
    read: dict[str, Any] = json.loads((out / "report.json").read_text())
    return read


def test_an_old_journal_is_held_against_the_package(tmp_path: Path, apk: Path) -> None:
    folder = recorded(tmp_path / "r", "system", accepted(), accepted(), accepted("cdn.example.net"))
    by_itself = report(folder)
    held = report(folder, "--apk", apk)
    assert [one["verdict"] for one in by_itself["endpoints"]] == ["unpinned", "unpinned"]
    verdicts = {one["endpoint"]["host"]: one["verdict"] for one in held["endpoints"]}
    assert verdicts == {"api.example.com": "suspicious", "cdn.example.net": "unpinned"}
    signal = next(s for s in held["endpoints"][0]["signals"] if s["id"] == "declared_but_not_enforced")
    assert signal["state"] == "present"


def test_the_report_says_so_and_keeps_the_journals_digest(tmp_path: Path, apk: Path) -> None:
    folder = recorded(tmp_path / "r", "system", accepted())
    journal = (folder / "journal.jsonl").read_bytes()
    held = report(folder, "--apk", apk)
    assert held["session"]["journal_sha256"] == hashlib.sha256(journal).hexdigest()
    (notice,) = [one for one in held["notices"] if one["id"] == "package_added"]
    assert hashlib.sha256(apk.read_bytes()).hexdigest() in notice["text"]
    assert "com.example.app 1.0" in notice["text"] and "not the journal's word" in notice["text"]
    assert (folder / "journal.jsonl").read_bytes() == journal
    assert "package_added" not in {one["id"] for one in report(folder)["notices"]}


def test_it_takes_the_place_of_what_the_journal_says(tmp_path: Path, apk: Path) -> None:
    """Of every host, also of those that the other package does not tell of."""
    theirs = (*package(), *declares("api.example.com", OTHER_PIN), *declares("gone.example.com", OTHER_PIN))
    folder = recorded(tmp_path / "r", "system", theirs, accepted())
    evidence = _evidence(folder, apk)
    assert {about[1]: fact.pins for about, fact in evidence.hosts_declared.items()} == {"api.example.com": (PIN,)}
    assert [one.apk_sha256 for one in evidence.declared.values()] == [hashlib.sha256(apk.read_bytes()).hexdigest()]


def _evidence(folder: Path, apk: Path) -> Any:
    from pinprobe.cli import journals

    held = journals._run(folder / "journal.jsonl")
    packages.hold(packages.read_package([apk]), held.evidence)
    return held.evidence


def test_hosts_without_an_endpoint_are_told_of_too(tmp_path: Path, apk: Path) -> None:
    folder = recorded(tmp_path / "r", "system", accepted(), host_known("looked-up.example.com", "example.com"))
    assert {host for _, host in _evidence(folder, apk).hosts_declared} == {"api.example.com", "looked-up.example.com"}


def test_several_runs_are_all_held_against_it(tmp_path: Path, apk: Path) -> None:
    folders = [recorded(tmp_path / "r", "system", accepted(), accepted(), number=number) for number in range(2)]
    joint = rebuild(folders, [apk]).report
    assert [one.judgement.verdict for one in joint.endpoints] == ["suspicious"]
    (notice,) = [one for one in joint.notices if one.id == "package_added"]
    assert "not the journals' word" in notice.text


def test_the_table_takes_it_too(tmp_path: Path, apk: Path, capsys: Output) -> None:
    folder = recorded(tmp_path / "r", "system", refused_alert(), refused_alert(), relayed_ok())
    assert run("show", folder, "--apk", apk) == Exit.DONE
    assert "api.example.com:443" in capsys.readouterr().out


def test_what_is_no_package_is_refused(tmp_path: Path, folder: Path, capsys: Output) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("no app")
    for path in (notes, tmp_path / "missing.apk"):
        assert run("report", folder, "--apk", path) == Exit.UNREADABLE
        assert f"pinprobe: {path.name} " in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["journal.jsonl"]


def test_a_package_of_another_app_is_told(tmp_path: Path) -> None:
    other = build_apk(tmp_path / "other", package="com.example.other")
    folder = recorded(tmp_path / "r", "system", accepted())
    (app,) = _evidence(folder, other).declared.values()
    assert app.problems == ("the package is com.example.other, and the app under test com.example.app",)


def with_code(beside: Path) -> Path:
    return build_apk(beside.parent, name="code.apk", assets={"pins.json": b"{}" * 1000})


def test_who_waits_long_is_told_so(apk: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr(progress, "QUIET_S", -1.0)
    packages.read_package([with_code(apk)])
    assert capsys.readouterr().err.startswith("reading the package: ")


def test_it_is_not_read_for_ever(apk: Path) -> None:
    assert packages.read_package([with_code(apk)], 60.0).problems == ()
    with pytest.raises(Failed, match="time is over"):
        packages.read_package([with_code(apk)], 0.0)


@pytest.mark.parametrize("named", [None, "my app", "com.example.other"])
def test_where_apps_are_told_apart_it_speaks_for_its_own(tmp_path: Path, apk: Path, named: str | None) -> None:
    """And not for whatever else the session saw."""
    theirs, its = accepted(), attributed("com.example.app", accepted())
    folder = recorded(tmp_path / "r", "system", theirs, its, its, app_id=named)
    rebuilt = rebuild([folder], [apk])
    (other,) = [report for _, report in rebuilt.others]
    assert other.app.id == "com.example.app"
    assert [one.judgement.verdict for one in other.endpoints] == ["suspicious"]
    assert [one.judgement.verdict for one in rebuilt.report.endpoints] == ["unpinned"]
    for report in (rebuilt.report, other):
        assert "package_added" in {notice.id for notice in report.notices}
