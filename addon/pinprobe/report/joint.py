"""One report of several sessions: each judged by itself, read together, and the evidence side by side. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pinprobe import events as ev
from pinprobe.attempts import Endpoint
from pinprobe.findings import Level
from pinprobe.report.fallbacks import groups_of
from pinprobe.report.model import (
    App,
    EndpointReport,
    PatternReport,
    Report,
    endpoint_report,
    findings_about,
    in_order,
    most_frequent_first,
    summary_of,
)
from pinprobe.report.notices import Notice, notices_of
from pinprobe.report.run_model import endpoint_run, run_report
from pinprobe.runs import ROLE_WORDS, Experiment, Reading, Run, judge_together
from pinprobe.signals import peers_of
from pinprobe.thresholds import EXAMPLES_KEPT
from pinprobe.verdicts import Judgement

LOUD = frozenset({Level.WARNING, Level.ERROR})


def build_joint_report(experiment: Experiment, app_id: str) -> Report:
    """Judge everything that was seen of an app in these runs, of which there is at least one.

    The facts of the session (settings, versions, first-party patterns) are the latest run's; `runs` has each run's own.
    """
    latest = experiment.runs[-1]
    readings = judge_together(experiment, app_id)
    own = {run.session.session_id: _own(readings, run) for run in experiment.runs}
    shown = {run.session.session_id: _shown(run, own[run.session.session_id]) for run in experiment.runs}
    endpoints = in_order(_endpoint(reading, experiment, shown) for reading in readings)
    return Report(
        schema_version=ev.SCHEMA_VERSION,
        app=App(id=app_id, label=app_id),
        session=latest.session,
        ended_s=latest.evidence.last_s,
        journal_sha256=experiment.journals_sha256,
        summary=summary_of(endpoints, sum(run.evidence.connections for run in experiment.runs)),
        endpoints=endpoints,
        findings=findings_about(endpoints),
        notices=tuple(_notices(experiment, own)),
        fallback_groups=groups_of({e.judgement.endpoint: e.fallbacks for e in endpoints}),
        runs=tuple(run_report(run, own[run.session.session_id]) for run in experiment.runs),
    )


def _own(readings: Sequence[Reading], run: Run) -> list[Judgement]:
    """The run's own judgements."""
    return [
        seen.judgement for reading in readings for seen in reading.runs if seen.session_id == run.session.session_id
    ]


def _shown(run: Run, own: Sequence[Judgement]) -> dict[Endpoint, EndpointReport]:
    """The run's endpoints, as its own report has them."""
    peers = peers_of(run.evidence)
    return {
        one.endpoint: endpoint_report(run.evidence, run.evidence.endpoints[one.endpoint], one, peers) for one in own
    }


def _endpoint(
    reading: Reading, experiment: Experiment, shown: dict[str, dict[Endpoint, EndpointReport]]
) -> EndpointReport:
    name = reading.judgement.endpoint
    reports = [shown[seen.session_id][name] for seen in reading.runs]
    lead = shown[reading.lead.session_id][name]
    chains = {
        chain_id
        for run in experiment.runs
        if name in shown[run.session.session_id]
        for chain_id in run.evidence.endpoints[name].chains
    }
    errors: dict[str, int] = {}
    for error, count in (pair for part in reports for pair in part.upstream_errors):
        errors[error] = errors.get(error, 0) + count
    return EndpointReport(
        judgement=reading.judgement,
        owner=replace(reports[-1].owner, device=all(part.owner.device for part in reports)),
        patterns=merged(pattern for part in reports for pattern in part.patterns),
        attempts_total=sum(part.attempts_total for part in reports),
        replays=(*lead.replays, *(replay for part in reports if part is not lead for replay in part.replays)),
        server_chain=next((part.server_chain for part in reversed(reports) if part.server_chain), ()),
        server_chains_seen=len(chains),
        upstream_errors=tuple(sorted(errors.items())),
        cleartext=sum(part.cleartext for part in reports),
        datagrams=sum(part.datagrams for part in reports),
        coalesced=sum(part.coalesced for part in reports),
        fallbacks=tuple(sorted({fallback for part in reports for fallback in part.fallbacks})),
        runs=tuple(map(endpoint_run, reading.runs)),
    )


def merged(patterns: Iterable[PatternReport]) -> tuple[PatternReport, ...]:
    """Attempts of all runs that look the same, counted together."""
    kept: dict[PatternReport, PatternReport] = {}
    for pattern in patterns:
        key = replace(pattern, count=0, first_s=0.0, last_s=0.0, examples=())
        known = kept.get(key)
        kept[key] = (
            pattern
            if known is None
            else replace(
                known,
                count=known.count + pattern.count,
                first_s=min(known.first_s, pattern.first_s),
                last_s=max(known.last_s, pattern.last_s),
                examples=(*known.examples, *pattern.examples)[:EXAMPLES_KEPT],
            )
        )
    return most_frequent_first(kept.values())


def _notices(experiment: Experiment, own: dict[str, list[Judgement]]) -> list[Notice]:
    """What each run must be known for, as far as it is a warning at least: by role, and once."""
    found: dict[Notice, None] = {}
    for run in experiment.runs:
        for notice in notices_of(run.evidence, own[run.session.session_id]):
            if notice.level in LOUD:
                found[replace(notice, text=f"{ROLE_WORDS[run.role]}: {notice.text}")] = None
    return list(found)
