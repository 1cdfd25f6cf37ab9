"""What a report.json says of each endpoint, as far as a comparison needs it: read with care, since a file may hold anything. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pinprobe.attempts import TRUSTED_CA, Outcome
from pinprobe.report.careful import NoReport, check_version, count_in, list_in, text_in
from pinprobe.verdicts import Confidence, Verdict

__all__ = ["EndpointSaid", "FindingSaid", "Name", "NoReport", "ReportSaid", "said_by"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Name:
    """An endpoint, apart from its app."""

    host: str
    port: int
    transport: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSaid:
    """One endpoint's verdict and counts."""

    verdict: Verdict
    confidence: Confidence
    rule_id: str
    reason: str
    refused: int
    """Under trusted_ca."""
    accepted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSaid:
    """One finding at one endpoint, or about the app as a whole."""

    id: str
    level: str
    title: str
    endpoint: Name | None
    """None where it is about the app as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSaid:
    """One report."""

    app_id: str
    session_id: str
    endpoints: Mapping[Name, EndpointSaid]
    findings: tuple[FindingSaid, ...]


def said_by(document: Any) -> ReportSaid:
    """Read a report's JSON form. Raises NoReport for what is none, or was written by a newer version."""
    check_version(document)
    try:
        return ReportSaid(
            app_id=text_in(document["app"]["id"]),
            session_id=text_in(document["session"]["id"]),
            endpoints={_name(one["endpoint"]): _endpoint(one) for one in list_in(document["endpoints"])},
            findings=tuple(
                FindingSaid(
                    id=text_in(one["id"]),
                    level=text_in(one["level"]),
                    title=text_in(one["title"]),
                    endpoint=None if name is None else _name(name),
                )
                for one in list_in(document["findings"])
                for name in list_in(one["endpoints"]) or [None]
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise NoReport(f"not a pinprobe report: {error!r}") from error


def _endpoint(one: dict[str, Any]) -> EndpointSaid:
    try:
        verdict, confidence = Verdict(one["verdict"]), Confidence(one["confidence"])
    except ValueError as error:
        raise NoReport(f"not a pinprobe report: {error}") from error
    outcomes = one["outcomes"].get(TRUSTED_CA, {})
    accepted = count_in(outcomes.get(Outcome.DATA_EXCHANGED.value, 0))
    counted = list(_ALERTS)
    if not accepted and _closes_count(one):
        counted += _CLOSES
    return EndpointSaid(
        verdict=verdict,
        confidence=confidence,
        rule_id=text_in(one["rule_id"]),
        reason=text_in(one["reason"]),
        refused=sum(count_in(outcomes.get(outcome.value, 0)) for outcome in counted),
        accepted=accepted,
    )


_ALERTS = (Outcome.ALERT_DURING_HANDSHAKE, Outcome.ALERT_AFTER_HANDSHAKE)
_CLOSES = (Outcome.CLOSED_WITHOUT_DATA, Outcome.CLOSED_DURING_HANDSHAKE, Outcome.PREFACE_ONLY)
"""Refusals only where nothing was accepted and they were judged to be some: a spare connection ends so too."""


def _closes_count(one: dict[str, Any]) -> bool:
    return any(signal["id"] == "refused" and signal["state"] == "present" for signal in list_in(one["signals"]))


def _name(name: dict[str, Any]) -> Name:
    return Name(host=text_in(name["host"]), port=count_in(name["port"]), transport=text_in(name["transport"]))
