"""Several sessions that were judged together, as people read them: a line per run, and per endpoint. Pure."""

from dataclasses import dataclass

from pinprobe.report.faces import FACES, Face, sureness
from pinprobe.report.model import EndpointReport, Report
from pinprobe.report.run_model import EndpointRun, RunReport
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.report.times import minute, span
from pinprobe.runs import ROLE_WORDS
from pinprobe.verdicts import Confidence, Verdict

LABEL_LIMIT = 60
_FACE = {face.id: face for face in FACES}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One run: where the CA was, when, and its verdicts by itself."""

    where: str
    when: str
    verdicts: tuple[tuple[Verdict, str], ...]
    """Those that occur, with their counts in words."""
    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRunView:
    """What one run says of one endpoint by itself."""

    where: str
    face: Face
    sure: str
    reason: str
    session_id: str


def runs_of(report: Report) -> tuple[RunView, ...]:
    """The runs of a joint report, oldest first; none of a single session's."""
    return tuple(
        RunView(
            where=_where(run),
            when=f"{minute(run.started_s)}, {span(run.ended_s - run.started_s)}, {_connections(run.connections)}",
            verdicts=tuple(
                (verdict, f"{count} {verdict.value.replace('_', ' ')}")
                for verdict, count in run.verdicts.items()
                if count
            ),
            session_id=safe_text(run.session_id, NAME_LIMIT),
        )
        for run in report.runs
    )


def runs_words(report: Report) -> str:
    """The runs in a line."""
    first, last = report.runs[0], report.runs[-1]
    return (
        f"{len(report.runs)} runs judged together, {minute(first.started_s)} to {minute(last.started_s)}, "
        f"{_connections(report.summary.connections)}"
    )


def runs_at(endpoint: EndpointReport) -> tuple[EndpointRunView, ...]:
    """The endpoint in each run that saw it."""
    return tuple(
        EndpointRunView(
            where=_where(run),
            face=_face(run),
            sure=sureness(run.confidence),
            reason=safe_text(run.reason),
            session_id=safe_text(run.session_id, NAME_LIMIT),
        )
        for run in endpoint.runs
    )


def _where(run: RunReport | EndpointRun) -> str:
    words = ROLE_WORDS[run.role]
    return f"{words}, {safe_text(run.label, LABEL_LIMIT)}" if run.label else words


def _face(run: EndpointRun) -> Face:
    unproven = run.verdict is Verdict.PINNED and run.confidence is Confidence.UNPROVEN
    return _FACE["unproven" if unproven else run.verdict.value]


def _connections(count: int) -> str:
    return f"{count} connection{'' if count == 1 else 's'}"
