"""From journals named on the command line to one report."""

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pinprobe.cli.exits import Exit, Failed
from pinprobe.cli.packages import added, hold, read_package
from pinprobe.evidence import evidence_of
from pinprobe.journal import JournalReader
from pinprobe.report.joint import build_joint_report
from pinprobe.report.model import Report, build_report
from pinprobe.report.notices import Notice
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.runs import Run, experiment_of

JOURNAL = "journal.jsonl"
HASH_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """A report, and where it belongs unless told otherwise."""

    report: Report
    folder: Path
    others: tuple[tuple[str, Report], ...] = ()
    """Of the session's other apps, each with its folder inside this one."""
    reports: Path | None
    """The folder of all reports, where the journals lie in one."""

    @property
    def outcome(self) -> Exit:
        """How the command ends that made it."""
        return Exit.DONE if self.report.endpoints else Exit.NOTHING_OBSERVED


def journal_in(path: Path) -> Path:
    """A journal, or the one in a session's folder."""
    return path / JOURNAL if path.is_dir() else path


def rebuild(paths: Sequence[Path], apk: Sequence[Path] = ()) -> Rebuilt:
    """One session's report, byte for byte as the proxy wrote it; of several sessions one report together.

    `apk`: the app's package, whose declarations are added.
    """
    journals = list(dict.fromkeys(journal_in(path) for path in paths))
    runs = [(path, _run(path)) for path in journals]
    declared = read_package(apk) if apk else None
    if declared is None:
        return _rebuilt(runs)
    for _, run in runs:
        hold(declared, run.evidence)
    rebuilt = _rebuilt(runs)
    notice = added(declared, len(runs))
    return replace(
        rebuilt,
        report=_with(notice, rebuilt.report),
        others=tuple((folder, _with(notice, report)) for folder, report in rebuilt.others),
    )


def _with(notice: Notice, report: Report) -> Report:
    return replace(report, notices=(*report.notices, notice))


def _rebuilt(runs: Sequence[tuple[Path, Run]]) -> Rebuilt:
    experiment = experiment_of(run for _, run in runs)
    if len(experiment.app_ids) > 1:
        named = ", ".join(safe_text(app_id, NAME_LIMIT) for app_id in experiment.app_ids)
        raise Failed(
            Exit.USAGE,
            f"these journals are of different apps ({named}); give those of one app, and each app in a command of "
            "its own.",
        )
    path, first = next((path, run) for path, run in runs if run is experiment.runs[0])
    folder = path.parent
    sorted_away = folder.name == first.session.session_id
    reports = folder.parent.parent if sorted_away else None
    (app_id,) = experiment.app_ids
    if len(experiment.runs) == 1:
        report = build_report(first.evidence, app_id, first.journal_sha256)
        others = tuple(
            (one.folder, build_report(first.evidence, one.id, first.journal_sha256)) for one in report.others
        )
        return Rebuilt(report=report, folder=folder, reports=reports, others=others)
    report = build_joint_report(experiment, app_id)
    beside = folder.parent if sorted_away else folder
    return Rebuilt(report=report, folder=beside / f"runs-{experiment.ids_sha256[:HASH_LENGTH]}", reports=reports)


def _run(path: Path) -> Run:
    reader = JournalReader(path)
    with _no_collection():
        evidence = evidence_of(reader)
    if reader.torn:
        print(f"pinprobe: {path}: the last line is torn and left out; everything before it is there.", file=sys.stderr)
    assert evidence.session is not None, "a journal without its first event is refused by the reader"
    return Run(evidence=evidence, journal_sha256=reader.sha256)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Events and evidence refer to one another in no circle: to look for circles takes a twentieth of the time, and
    finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
