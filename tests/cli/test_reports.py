"""A report named on the command line: from its file, from a journal, or from a folder with either."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.disk import APP, run

from pinprobe.cli.exits import Exit, Failed
from pinprobe.cli.reports import read_report
from pinprobe.report.outline_reader import outline_by


def test_every_way_to_name_it(folder: Path) -> None:
    from_journal = read_report(folder / "journal.jsonl", outline_by)
    assert from_journal.app_id == APP
    assert read_report(folder, outline_by) == from_journal
    run("report", folder)
    assert read_report(folder, outline_by) == read_report(folder / "report.json", outline_by) == from_journal


def test_a_folder_is_its_report_where_it_has_one(folder: Path) -> None:
    run("report", folder)
    document = json.loads((folder / "report.json").read_bytes())
    document["summary"]["sentence"] = "changed"
    (folder / "report.json").write_text(json.dumps(document))
    assert read_report(folder, outline_by).sentence == "changed"


def test_what_is_none_says_what_to_give(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("[]")
    with pytest.raises(Failed, match=r"give a report\.json, a journal\.jsonl or a session's folder") as caught:
        read_report(tmp_path, outline_by)
    assert caught.value.code == Exit.UNREADABLE
