"""pinprobe check: its exit codes, its forms, and what it says of a policy that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.builders import accepted, journal, refused_alert, relayed_ok
from tests.cli.disk import APP, Output, lines, recorded, run

from pinprobe.cli import Exit
from pinprobe.cli.check import EXITS
from pinprobe.report.check_formats import FORMATS
from pinprobe.report.ruling import Standing

MET = "version: 1\nexpect: [{host: api.example.com, verdict: unpinned}]\n"
BROKEN = "version: 1\nexpect: [{host: api.example.com, verdict: pinned}]\n"


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A session with an unpinned host and one that refuses for an unknown reason."""
    refusing = [refused_alert("login.example.com"), refused_alert("login.example.com"), relayed_ok("login.example.com")]
    return recorded(tmp_path / "reports", "system", accepted(), accepted(), *refusing)


def policy(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (MET, Exit.DONE, "Policy met: 2 checks, none failed."),
        (
            BROKEN,
            Exit.DIFFERS,
            "BROKEN expect api.example.com:443: expected pinned, probable or better; it is unpinned,",
        ),
        ("version: 1\ncoverage: [gone.example.com]\n", Exit.DIFFERS, "it was not seen"),
        ("version: 1\nexpect: [{host: login.example.com, verdict: pinned}]\n", Exit.DIFFERS, "it is pinned, unproven"),
    ],
    ids=["met", "broken", "not covered", "unproven"],
)
def test_the_answer(session: Path, tmp_path: Path, capsys: Output, text: str, code: Exit, says: str) -> None:
    assert run("check", session, "--policy", policy(tmp_path, text)) == code
    said = capsys.readouterr()
    assert says in " ".join(said.out.split())
    assert said.err == ""


def test_every_standing_has_its_exit_code() -> None:
    assert set(EXITS) == set(Standing)
    assert [int(code) for code in EXITS.values()] == [0, 1, 3]


@pytest.mark.parametrize("connections", [[], [relayed_ok()]], ids=["nothing", "nothing tested"])
def test_nothing_observed(tmp_path: Path, capsys: Output, connections: list[list[object]]) -> None:
    silent = recorded(tmp_path / "reports", "system", *connections)
    for text in (MET, "version: 1\nfail_on: []\n"):
        assert run("check", silent, "--policy", policy(tmp_path, text)) == Exit.NOTHING_OBSERVED
        assert "that is no pass" in capsys.readouterr().out


def test_reports_journals_and_folders_are_the_same(session: Path, tmp_path: Path, capsys: Output) -> None:
    asked = policy(tmp_path, BROKEN)
    run("report", session, "--out", tmp_path / "made")
    capsys.readouterr()
    answers = set()
    for report in (session, session / "journal.jsonl", tmp_path / "made", tmp_path / "made" / "report.json"):
        assert run("check", report, "--policy", asked) == Exit.DIFFERS
        answers.add(capsys.readouterr().out)
    assert len(answers) == 1


@pytest.mark.parametrize("format", FORMATS)
def test_every_form_has_the_same_exit_code(session: Path, tmp_path: Path, capsys: Output, format: str) -> None:
    out = tmp_path / "new" / "answer"
    for text, code in ((MET, Exit.DONE), (BROKEN, Exit.DIFFERS)):
        asked = policy(tmp_path, text)
        assert run("check", session, "--policy", asked, "--format", format) == code
        printed = capsys.readouterr().out
        assert run("check", session, "--policy", asked, "--format", format, "--out", out) == code
        assert out.read_text() == printed
        assert capsys.readouterr().out.startswith(f"{out}: Policy {'met' if code == Exit.DONE else 'broken'}: ")


def test_sarif_can_point_at_a_file(session: Path, tmp_path: Path, capsys: Output) -> None:
    asked = policy(tmp_path, BROKEN)
    run("check", session, "--policy", asked, "--format", "sarif", "--location", "app/AndroidManifest.xml")
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "app/AndroidManifest.xml"


def test_waivers_are_judged_as_of_a_day(session: Path, tmp_path: Path, capsys: Output) -> None:
    waiver = "waivers: [{what: expect, host: api.example.com, reason: r, until: 2026-11-26}]\n"
    asked = policy(tmp_path, BROKEN + waiver)
    assert run("check", session, "--policy", asked, "--today", "2026-11-26") == Exit.DONE
    assert run("check", session, "--policy", asked, "--today", "2026-11-27") == Exit.DIFFERS
    assert "expired on 2026-11-26" in " ".join(capsys.readouterr().out.split())
    assert run("check", session, "--policy", asked, "--today", "tomorrow") == Exit.USAGE


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "policy.yaml:1: the file is empty"),
        ("version: 1\nexpct: []\n", "policy.yaml:2: unknown key 'expct'"),
        ("version: [1\n", "not YAML"),
        ("version: 1\napp: org.example.other\n", f"about org.example.other, the report about {APP}"),
    ],
)
def test_a_policy_that_cannot_be_used(session: Path, tmp_path: Path, capsys: Output, text: str, says: str) -> None:
    assert run("check", session, "--policy", policy(tmp_path, text)) == Exit.USAGE
    said = capsys.readouterr()
    assert says in said.err and said.out == ""


def test_what_is_not_there(session: Path, tmp_path: Path, capsys: Output) -> None:
    assert run("check", session, "--policy", tmp_path / "none.yaml") == Exit.USAGE
    assert "none.yaml: cannot be read" in capsys.readouterr().err
    assert run("check", tmp_path / "none.json", "--policy", policy(tmp_path, MET)) == Exit.UNREADABLE
    assert run("check", session) == Exit.USAGE


@pytest.mark.parametrize("content", [b"", b"{}", b'{"schema_version": 99}', b'{"schema_version": 1}'])
def test_what_is_no_report(tmp_path: Path, capsys: Output, content: bytes) -> None:
    (tmp_path / "report.json").write_bytes(content)
    assert run("check", tmp_path, "--policy", policy(tmp_path, MET)) == Exit.UNREADABLE
    assert "give a report.json, a journal.jsonl or a session's folder" in capsys.readouterr().err


def test_a_torn_journal_is_judged_as_far_as_it_goes(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "journal.jsonl").write_bytes(lines(journal(accepted(), accepted()))[:-9])
    assert run("check", tmp_path, "--policy", policy(tmp_path, "version: 1\n")) == Exit.DONE
    assert "torn" in capsys.readouterr().err
