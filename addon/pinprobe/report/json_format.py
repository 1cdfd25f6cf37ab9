"""The report as JSON, for programs: everything that the model holds, in a stable order, described by schema.json.

Strings stand as they were seen, escaped to ASCII, so that no terminal or viewer acts on them. Over 300 lines, so that the
whole document is read in one place.
"""

from collections.abc import Sequence
from typing import Any

from pinprobe.attempts import Endpoint
from pinprobe.findings import Finding
from pinprobe.report.attribution import OtherApp, beyond_option
from pinprobe.report.declared import agreement
from pinprobe.report.fallbacks import FallbackGroup, FallbackReport
from pinprobe.report.json_chain import certificate_json, chain_json
from pinprobe.report.json_declared import app_json, host_json
from pinprobe.report.json_evidence import attempt_json, pattern_json, replay_json
from pinprobe.report.json_layout import LaidOut, laid_out
from pinprobe.report.json_policy import ruling_json
from pinprobe.report.model import EndpointReport, PatternReport, Report
from pinprobe.report.notices import Notice
from pinprobe.report.remembered import Remembered
from pinprobe.report.run_model import EndpointRun, RunReport
from pinprobe.report.times import iso
from pinprobe.signals import Signal, State
from pinprobe.verdicts import StackJudgement, Verdict

Json = dict[str, Any]

_LAID_OUT = Remembered[LaidOut]()

_BESIDE = frozenset({"diagnosed_pin", "diagnosed_other_cause", "refusals_unattributed"})
_OF_THE_PACKAGE = frozenset(
    {
        "declared_pin",
        "same_anchors_declared",
        "ct_excluded",
        "exemption_excluded",
        "distrust_declared",
        "debuggable_build",
        "declared_but_not_enforced",
    }
)
"""Signals that the app's log, package or unattributed connections answer: without them the same "unknown" at every endpoint says nothing."""


def render(report: Report) -> str:
    """The whole report."""
    return laid_out(_document(report, [_laid_out(endpoint) for endpoint in report.endpoints])) + "\n"


def document(report: Report) -> Json:
    """The report as plain dictionaries and lists."""
    return _document(report, [_endpoint(endpoint) for endpoint in report.endpoints])


def _laid_out(endpoint: EndpointReport) -> LaidOut:
    """As it stands in the list in the document. A report is made anew every few seconds, and most of it says the same."""
    name = endpoint.judgement.endpoint
    return _LAID_OUT.of(name, endpoint, lambda: laid_out(_endpoint(endpoint), depth=2))


def _document(report: Report, endpoints: list[Json] | list[LaidOut]) -> Json:
    return {
        "schema_version": report.schema_version,
        "app": {"id": report.app.id, "label": report.app.label},
        "session": _session(report),
        "summary": {
            "sentence": report.summary.sentence,
            "endpoints": report.summary.endpoints,
            "connections": report.summary.connections,
            "verdicts": {verdict.value: report.summary.verdicts[verdict] for verdict in Verdict},
            "accepts_untrusted": report.summary.accepts_untrusted,
            "pinned_unproven": report.summary.pinned_unproven,
            "devices_own": report.summary.devices_own,
        },
        "notices": [_notice(notice) for notice in report.notices],
        "findings": [_finding(finding) for finding in report.findings],
        "endpoints": endpoints,
        **_declared(report),
        **({"fallback_groups": [_group(g) for g in report.fallback_groups]} if report.fallback_groups else {}),
        **({"other_apps": [_other(other) for other in report.others]} if report.others else {}),
        **({"runs": [_run(run) for run in report.runs]} if report.runs else {}),
        **({"policy": ruling_json(report.policy)} if report.policy is not None else {}),
    }


def _declared(report: Report) -> Json:
    if report.declared is None:
        return {}
    return {"declared": app_json(report.declared, [one.judgement.endpoint.host for one in report.endpoints])}


def _session(report: Report) -> Json:
    session = report.session
    return {
        "id": session.session_id,
        "started_at": iso(session.at_s),
        "ended_at": iso(report.ended_s),
        "mode": session.mode,
        "ca_store": session.ca_store,
        "ca_pin_sha256": session.ca_pin_sha256,
        "first_party": list(session.first_party),
        "connection_strategy": session.connection_strategy,
        "seed": session.seed,
        "probes": list(session.probes),
        "contrasts": session.contrasts,
        "label": session.label,
        "device": session.device,
        **({"android_api": session.android_api} if session.android_api is not None else {}),
        **({"backup_pins": list(session.backup_pins)} if session.backup_pins else {}),
        "phases": [
            {"phase": one.phase, "seconds": round(one.seconds, 3), "connections": one.connections}
            for one in report.phases
        ],
        "versions": {
            "pinprobe": session.tool_version,
            "mitmproxy": session.mitmproxy_version,
            "openssl": session.openssl_version,
            "python": session.python_version,
        },
        "journal_sha256": report.journal_sha256,
    }


def _run(run: RunReport) -> Json:
    return {
        "session_id": run.session_id,
        "role": run.role.value,
        "label": run.label,
        "ca_store": run.ca_store,
        "mode": run.mode,
        "started_at": iso(run.started_s),
        "ended_at": iso(run.ended_s),
        "connections": run.connections,
        "verdicts": {verdict.value: run.verdicts[verdict] for verdict in Verdict},
        "journal_sha256": run.journal_sha256,
    }


def _fallback(fallback: FallbackReport) -> Json:
    return {
        "target": _name(fallback.target),
        "how": fallback.how,
        "count": fallback.count,
        "refused": fallback.refused,
        "worked": fallback.worked,
        "delay_ms": fallback.delay_ms,
        "same": fallback.same,
    }


def _group(group: FallbackGroup) -> Json:
    return {
        "endpoints": [_name(endpoint) for endpoint in group.endpoints],
        "steps": [{"source": _name(source), "fallback": _fallback(step)} for source, step in group.steps],
    }


def _endpoint_run(run: EndpointRun) -> Json:
    return {
        "session_id": run.session_id,
        "role": run.role.value,
        "label": run.label,
        "verdict": run.verdict.value,
        "confidence": run.confidence.value,
        "reason": run.reason,
    }


def _notice(notice: Notice) -> Json:
    return {"id": notice.id, "level": notice.level.value, "text": notice.text}


def _other(other: OtherApp) -> Json:
    return {"id": other.id, "endpoints": other.endpoints, "folder": other.folder}


def _finding(finding: Finding) -> Json:
    return {
        "id": finding.id,
        "level": finding.level.value,
        "title": finding.title,
        "evidence": finding.evidence,
        "remedy": finding.remedy,
        "references": list(finding.references),
        "endpoints": [_name(endpoint) for endpoint in finding.endpoints],
    }


def _name(endpoint: Endpoint) -> Json:
    return {"app": endpoint.app_id, "host": endpoint.host, "port": endpoint.port, "transport": endpoint.transport}


def _endpoint(endpoint: EndpointReport) -> Json:
    judgement, owner = endpoint.judgement, endpoint.owner
    return {
        "endpoint": _name(judgement.endpoint),
        "verdict": judgement.verdict.value,
        "confidence": judgement.confidence.value,
        "rule_id": judgement.rule_id,
        "reason": judgement.reason,
        "missing": list(judgement.missing),
        "owner": {
            "registrable_domain": owner.registrable_domain,
            "category": owner.category,
            "vendor": owner.vendor,
            "first_party": owner.first_party,
            "first_party_guessed": owner.first_party_guessed,
            "devices_own": owner.devices_own,
            "device": owner.device,
        },
        "outcomes": _outcomes(endpoint.patterns),
        "signals": [
            _signal(signal)
            for signal in judgement.signals
            if signal.state is not State.UNKNOWN
            or signal.id not in (_BESIDE if endpoint.declared is not None else _BESIDE | _OF_THE_PACKAGE)
        ],
        "stacks": [_stack(stack) for stack in judgement.stacks],
        "patterns": [pattern_json(pattern) for pattern in endpoint.patterns],
        "replays": [replay_json(replay) for replay in endpoint.replays],
        "attempts_total": endpoint.attempts_total,
        "attempts": [
            attempt_json(attempt)
            for attempt in sorted((a for p in endpoint.patterns for a in p.examples), key=lambda a: a.connection_id)
        ],
        "server_chains_seen": endpoint.server_chains_seen,
        "server_chain": [certificate_json(certificate) for certificate in endpoint.server_chain],
        "server_root": None if endpoint.server_root is None else certificate_json(endpoint.server_root),
        **({"other_chains": [chain_json(chain) for chain in endpoint.other_chains]} if endpoint.other_chains else {}),
        "upstream_errors": [{"error": error, "count": count} for error, count in endpoint.upstream_errors],
        "cleartext": endpoint.cleartext,
        "datagrams": endpoint.datagrams,
        "coalesced": endpoint.coalesced,
        **(
            {"declared": host_json(endpoint.declared, agreement(endpoint.declared, judgement))}
            if endpoint.declared is not None
            else {}
        ),
        **({"pin_material": dict(endpoint.pin_material)} if endpoint.pin_material else {}),
        **({"attributed_by": dict(endpoint.attributed_by)} if beyond_option(endpoint.attributed_by) else {}),
        **({"fallbacks": [_fallback(one) for one in endpoint.fallbacks]} if endpoint.fallbacks else {}),
        **({"runs": [_endpoint_run(run) for run in endpoint.runs]} if endpoint.runs else {}),
    }


def _outcomes(patterns: Sequence[PatternReport]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for pattern in sorted(patterns, key=lambda p: (p.probe_id, p.outcome)):
        of_probe = counts.setdefault(pattern.probe_id, {})
        of_probe[pattern.outcome.value] = of_probe.get(pattern.outcome.value, 0) + pattern.count
    return counts


def _signal(signal: Signal) -> Json:
    return {
        "id": signal.id,
        "state": signal.state.value,
        "count": signal.count,
        "of": signal.of,
        "note": signal.note,
        **({"cause": signal.cause} if signal.cause else {}),
    }


def _stack(stack: StackJudgement) -> Json:
    return {
        "stack": stack.stack,
        "ja4s": list(stack.ja4s),
        "verdict": stack.verdict.value,
        "confidence": stack.confidence.value,
        "rule_id": stack.rule_id,
        "reason": stack.reason,
    }
