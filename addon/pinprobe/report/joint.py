"""One report of several sessions: each judged by itself, read together, and the evidence side by side. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pinprobe import events as ev
from pinprobe.advice import Chain
from pinprobe.attempts import Endpoint
from pinprobe.findings import Level
from pinprobe.report.chains import without_repeats
from pinprobe.report.fallbacks import groups_of
from pinprobe.report.model import (
    App,
    EndpointReport,
    PatternReport,
    Report,
    apart_of,
    endpoint_report,
    findings_about,
    in_order,
    most_frequent_first,
    summary_of,
)
from pinprobe.report.notices import Notice, notices_of
from pinprobe.report.owning import guessed_domain
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
    apart = apart_of(endpoints)
    declared = next((d for run in reversed(experiment.runs) if (d := run.evidence.declared.get(app_id))), None)
    return Report(
        schema_version=ev.SCHEMA_VERSION,
        app=App(id=app_id, label=app_id),
        session=latest.session,
        ended_s=latest.evidence.last_s,
        journal_sha256=experiment.journals_sha256,
        summary=summary_of(endpoints, sum(run.evidence.connections for run in experiment.runs)),
        endpoints=endpoints,
        findings=findings_about(endpoints, declared, latest.session.at_s),
        notices=tuple(_notices(experiment, own, apart)),
        fallback_groups=groups_of({e.judgement.endpoint: e.fallbacks for e in endpoints}),
        declared=declared,
        runs=tuple(
            run_report(run, [one for one in own[run.session.session_id] if one.endpoint not in apart])
            for run in experiment.runs
        ),
    )


def _own(readings: Sequence[Reading], run: Run) -> list[Judgement]:
    """The run's own judgements."""
    return [
        seen.judgement for reading in readings for seen in reading.runs if seen.session_id == run.session.session_id
    ]


def _shown(run: Run, own: Sequence[Judgement]) -> dict[Endpoint, EndpointReport]:
    """The run's endpoints, as its own report has them."""
    peers = peers_of(run.evidence)
    guessed = guessed_domain(run.evidence, own[0].endpoint.app_id) if own else None
    return {
        one.endpoint: endpoint_report(run.evidence, run.evidence.endpoints[one.endpoint], one, peers, guessed)
        for one in own
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
    shown_chains = without_repeats(
        chain
        for part in reversed(reports)
        for chain in (Chain(certificates=part.server_chain, root=part.server_root), *part.other_chains)
    )
    return EndpointReport(
        judgement=reading.judgement,
        owner=replace(
            reports[-1].owner,
            device=all(part.owner.device for part in reports),
            devices_own=all(part.owner.devices_own for part in reports),
        ),
        patterns=merged(pattern for part in reports for pattern in part.patterns),
        attempts_total=sum(part.attempts_total for part in reports),
        replays=(*lead.replays, *(replay for part in reports if part is not lead for replay in part.replays)),
        server_chain=shown_chains[0].certificates if shown_chains else (),
        server_root=shown_chains[0].root if shown_chains else None,
        other_chains=shown_chains[1:],
        server_chains_seen=len(chains),
        upstream_errors=_added(pair for part in reports for pair in part.upstream_errors),
        cleartext=sum(part.cleartext for part in reports),
        attributed_by=_added(pair for part in reports for pair in part.attributed_by),
        datagrams=sum(part.datagrams for part in reports),
        coalesced=sum(part.coalesced for part in reports),
        declared=lead.declared
        or next((part.declared for part in reversed(reports) if part.declared is not None), None),
        pin_material=_added(pair for part in reports for pair in part.pin_material),
        fallbacks=tuple(sorted({fallback for part in reports for fallback in part.fallbacks})),
        runs=tuple(map(endpoint_run, reading.runs)),
    )


def _added(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for name, count in pairs:
        counts[name] = counts.get(name, 0) + count
    return tuple(sorted(counts.items()))


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


def _notices(experiment: Experiment, own: dict[str, list[Judgement]], apart: frozenset[Endpoint]) -> list[Notice]:
    """What each run must be known for, as far as it is a warning at least: by role, and once."""
    found: dict[Notice, None] = {}
    for run in experiment.runs:
        for notice in notices_of(run.evidence, own[run.session.session_id], apart):
            if notice.level in LOUD:
                found[replace(notice, text=f"{ROLE_WORDS[run.role]}: {notice.text}")] = None
    return list(found)
