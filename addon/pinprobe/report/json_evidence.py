"""Attempts and replayed chains as JSON: the evidence beneath a verdict. Pure."""

from typing import Any

from pinprobe.attempts import Attempt, alert_name
from pinprobe.report.model import PatternReport
from pinprobe.report.replays import ReplayedChain, ReplayReport
from pinprobe.report.times import iso

Json = dict[str, Any]


def pattern_json(pattern: PatternReport) -> Json:
    """Attempts that look the same."""
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


def replay_json(replay: ReplayReport) -> Json:
    """What replayed chains showed of one stack."""
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


def attempt_json(attempt: Attempt) -> Json:
    """One attempt in full."""
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
