"""The report as JSON, for programs: everything that the model holds, in a stable order, described by schema.json.

Strings stand as they were seen, escaped to ASCII, so that no terminal or viewer acts on them.
"""

from collections.abc import Sequence
from typing import Any

from pinprobe import events as ev
from pinprobe.attempts import Attempt, Endpoint, alert_name
from pinprobe.findings import Finding
from pinprobe.report.fallbacks import FallbackGroup, FallbackReport
from pinprobe.report.json_layout import laid_out
from pinprobe.report.json_policy import ruling_json
from pinprobe.report.model import EndpointReport, PatternReport, Report
from pinprobe.report.notices import Notice
from pinprobe.report.replays import ReplayedChain, ReplayReport
from pinprobe.report.run_model import EndpointRun, RunReport
from pinprobe.report.times import iso
from pinprobe.signals import Signal
from pinprobe.signals.awaited import AWAITED
from pinprobe.verdicts import StackJudgement, Verdict

Json = dict[str, Any]

_AWAITED = frozenset(card.id for card in AWAITED)
"""Signals that this version cannot answer: the same "unknown" at every endpoint would be half of the file."""


def render(report: Report) -> str:
    """The whole report."""
    return laid_out(document(report)) + "\n"


def document(report: Report) -> Json:
    """The report as plain dictionaries and lists."""
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
        },
        "notices": [_notice(notice) for notice in report.notices],
        "findings": [_finding(finding) for finding in report.findings],
        "endpoints": [_endpoint(endpoint) for endpoint in report.endpoints],
        **({"fallback_groups": [_group(g) for g in report.fallback_groups]} if report.fallback_groups else {}),
        **({"runs": [_run(run) for run in report.runs]} if report.runs else {}),
        **({"policy": ruling_json(report.policy)} if report.policy is not None else {}),
    }


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
            "device": owner.device,
        },
        "outcomes": _outcomes(endpoint.patterns),
        "signals": [_signal(signal) for signal in judgement.signals if signal.id not in _AWAITED],
        "stacks": [_stack(stack) for stack in judgement.stacks],
        "patterns": [_pattern(pattern) for pattern in endpoint.patterns],
        "replays": [_replay(replay) for replay in endpoint.replays],
        "attempts_total": endpoint.attempts_total,
        "attempts": [
            _attempt(attempt)
            for attempt in sorted((a for p in endpoint.patterns for a in p.examples), key=lambda a: a.connection_id)
        ],
        "server_chains_seen": endpoint.server_chains_seen,
        "server_chain": [_certificate(certificate) for certificate in endpoint.server_chain],
        "upstream_errors": [{"error": error, "count": count} for error, count in endpoint.upstream_errors],
        "cleartext": endpoint.cleartext,
        "datagrams": endpoint.datagrams,
        "coalesced": endpoint.coalesced,
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


def _pattern(pattern: PatternReport) -> Json:
    return {
        "probe_id": pattern.probe_id,
        "outcome": pattern.outcome.value,
        "alert": _alert(pattern.alert),
        "tls_version": pattern.tls_version,
        "stack": pattern.stack,
        "count": pattern.count,
        "first_at": iso(pattern.first_s, milliseconds=True),
        "last_at": iso(pattern.last_s, milliseconds=True),
    }


def _replay(replay: ReplayReport) -> Json:
    return {
        "stack": replay.stack,
        "element": replay.element.value,
        "words": replay.words,
        "because": replay.because,
        "tls_version": replay.tls_version,
        "normal_alert": _alert(replay.normal),
        "signature_alert": _alert(replay.signature),
        "references": list(replay.references),
        "chains": [_replayed_chain(chain) for chain in replay.chains],
    }


def _replayed_chain(chain: ReplayedChain) -> Json:
    return {
        "probe_id": chain.probe_id,
        "chain_id": chain.chain_id,
        "host": chain.host,
        "source": chain.source,
        "tls_version": chain.tls_version,
        "answers": [
            {"alert": _alert(answer.alert), "count": answer.count, "words": answer.words} for answer in chain.answers
        ],
    }


def _attempt(attempt: Attempt) -> Json:
    return {
        "connection_id": attempt.connection_id,
        "journal_line": attempt.line,
        "client": attempt.client,
        "listener": attempt.listener,
        "probe_id": attempt.probe_id,
        "leaf_pin_sha256": attempt.leaf_pin_sha256,
        "chain_id": attempt.chain_id,
        "outcome": attempt.outcome.value,
        "alert": _alert(attempt.alert),
        "tls_version": attempt.tls_version,
        "stack": attempt.stack,
        "ja4": attempt.ja4,
        "opened_at": iso(attempt.opened_s, milliseconds=True),
        "ended_at": None if attempt.ended_s is None else iso(attempt.ended_s, milliseconds=True),
        "requests": attempt.requests,
        "protocol": attempt.protocol,
        "name_doubt": attempt.name_doubt,
        "tls_mismatch": list(attempt.tls_mismatch),
        "mutual_tls": attempt.mutual_tls,
        "error": attempt.error,
        "upstream_error": attempt.upstream_error,
        "steps": [{"ms": step.ms, "what": step.what} for step in attempt.steps],
    }


def _alert(number: int | None) -> Json | None:
    return None if number is None else {"number": number, "name": alert_name(number)}


def _certificate(certificate: ev.Certificate) -> Json:
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "pin_sha256": certificate.pin_sha256,
        "not_before": iso(certificate.not_before_s),
        "not_after": iso(certificate.not_after_s),
        "is_ca": certificate.is_ca,
    }
