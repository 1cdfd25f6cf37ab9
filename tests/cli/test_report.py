"""pinprobe report."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.builders import accepted, attributed, journal, refused_alert, relayed_ok
from tests.cli.disk import Output, made, recorded, run

from pinprobe.cli import Exit

REFUSING = (refused_alert(), refused_alert(), relayed_ok())


def test_it_writes_beside_the_journal_and_says_where(folder: Path, capsys: Output) -> None:
    assert run("report", folder) == Exit.DONE
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert {path.name for path in written} == {"report.html", "report.json"}
    assert all(path.parent == folder and path.is_file() for path in written)
    digest = hashlib.sha256((folder / "journal.jsonl").read_bytes()).hexdigest()
    assert digest in (folder / "report.json").read_text()
    assert (folder.parent.parent / "index.html").is_file()


def test_it_writes_where_it_is_told(folder: Path, tmp_path: Path) -> None:
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


def test_each_app_of_a_session_gets_its_report(tmp_path: Path, capsys: Output) -> None:
    two, nobody = attributed("com.example.two", accepted()), attributed("unattributed", accepted())
    folder = made(tmp_path / "reports", journal(accepted(), two, nobody), "20231114T221320Z")
    assert run("report", folder) == Exit.DONE
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    apps = {path.parent.relative_to(folder).as_posix(): path for path in written if path.suffix == ".json"}
    assert set(apps) == {".", "apps/com.example.two", "apps/unattributed"}
    for name, path in apps.items():
        document = json.loads(path.read_text())
        app = document["app"]["id"]
        assert name.endswith(app) or (name, app) == (".", "com.example.app")
        assert {one["endpoint"]["app"] for one in document["endpoints"]} == {app}
    index = (tmp_path / "reports" / "index.html").read_text()
    assert all(
        f'href="com.example.app/20231114T221320Z/{name}' in index
        for name in ("report.html", "apps/unattributed/report.html")
    )


def test_several_runs_make_one_report(tmp_path: Path, capsys: Output) -> None:
    reports = tmp_path / "reports"
    folders = [
        recorded(reports, "user", *REFUSING, number=0),
        recorded(reports, "system", accepted(), accepted(), number=1),
    ]
    assert run("report", *folders) == Exit.DONE
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    document = json.loads(next(path for path in written if path.suffix == ".json").read_text())
    assert [one["role"] for one in document["runs"]] == ["R2", "R3"]
    assert document["endpoints"][0]["rule_id"] == "distrusts_user_cas"
    index = (reports / "index.html").read_text()
    assert "2 runs together" in index and written[0].parent.name in index
    assert [path.name for path in folders[0].iterdir()] == ["journal.jsonl"], "the runs' own reports stay theirs"


def test_several_runs_go_where_they_are_told(tmp_path: Path) -> None:
    folders = [recorded(tmp_path / "r", store, accepted(), number=n) for n, store in enumerate(("user", "system"))]
    assert run("report", *folders, "--out", tmp_path / "out") == Exit.DONE
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.html", "report.json"]
    assert not list(tmp_path.rglob("runs-*"))


def test_different_apps(tmp_path: Path, capsys: Output) -> None:
    folders = [recorded(tmp_path, "system", accepted(), number=n, app_id=f"app{n}") for n in range(2)]
    assert run("report", *folders) == Exit.USAGE
    assert "different apps (app0, app1)" in capsys.readouterr().err


def test_other_forms_are_written_when_asked_for(folder: Path, capsys: Output) -> None:
    assert run("report", folder, "--format", "sarif", "--format", "csv") == Exit.DONE
    written = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert written == ["report.html", "report.json", "report.sarif", "report.csv"]
    assert {path.name for path in folder.iterdir()} == {"journal.jsonl", *written}


def test_a_policy_is_judged_as_of_the_journals_own_day(folder: Path, tmp_path: Path, capsys: Output) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\ncoverage: [gone.example.com]\n")
    assert run("report", folder, "--policy", policy) == Exit.DONE
    ruling = json.loads((folder / "report.json").read_text())["policy"]
    assert (ruling["standing"], ruling["judged_as_of"]) == ("broken", "2023-11-14")
    assert "Policy broken" in (folder / "report.html").read_text()
    policy.write_text("version: 2\n")
    assert run("report", folder, "--policy", policy) == Exit.USAGE
    assert "write 1" in capsys.readouterr().err
