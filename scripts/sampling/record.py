"""Runs the demo, and makes of its journal the sample: journal.jsonl, and report.html and report.json from that."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from demonstration.world import APP
from pinprobe.events import Event, to_json
from pinprobe.evidence import evidence_of
from pinprobe.journal import JournalReader
from pinprobe.private import replace_file
from pinprobe.report.html import render as page
from pinprobe.report.json_format import render as document
from pinprobe.report.model import Report, build_report
from sampling.normal import normalised

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "reports" / "sample"
JOURNAL = "journal.jsonl"
LIMIT_S = 180


def recorded() -> list[Event]:
    """The normalised journal of a fresh run. Raises CalledProcessError where a verdict of the demo is wrong."""
    path = os.pathsep.join((str(ROOT / "scripts"), str(ROOT / "addon")))
    with tempfile.TemporaryDirectory(prefix="pinprobe-sample-") as folder:
        command = [sys.executable, "-m", "demonstration", "--reports", folder]
        subprocess.run(
            command, check=True, env={**os.environ, "PYTHONPATH": path}, timeout=LIMIT_S, stdout=subprocess.DEVNULL
        )
        (journal,) = (Path(folder) / APP).glob(f"*/{JOURNAL}")
        return normalised(JournalReader(journal))


def write_journal(events: list[Event], folder: Path) -> None:
    """The journal as a file, a line per event."""
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / JOURNAL, "".join(f"{to_json(event)}\n" for event in events))


def report_in(folder: Path) -> Report:
    """The report of the journal in this folder."""
    reader = JournalReader(folder / JOURNAL)
    return build_report(evidence_of(reader), APP, reader.sha256)


def rebuilt(folder: Path) -> dict[str, str]:
    """By file name, what the journal in this folder gives."""
    report = report_in(folder)
    return {"report.html": page(report), "report.json": document(report)}


def write_report(folder: Path) -> None:
    """Write both, readable for everybody: there is nothing private in a sample."""
    for name, text in rebuilt(folder).items():
        replace_file(folder / name, text)
    for name in (JOURNAL, "report.html", "report.json"):
        (folder / name).chmod(0o644)
