"""Short way from a journal to its findings."""

from __future__ import annotations

from collections.abc import Iterable

from pinprobe import events as ev
from pinprobe.evidence import declaration_of, evidence_of
from pinprobe.findings import Judged, Level, Seen, findings_of
from pinprobe.findings.card import Finding
from pinprobe.verdicts import judge_all

APP = "com.example.app"


def seen_in(events: Iterable[ev.Event]) -> Seen:
    """What checks are asked about; hosts below example.com are the developer's own."""
    evidence = evidence_of(events)
    assert evidence.session is not None
    return Seen(
        judged=tuple(
            Judged(
                judgement=one,
                first_party=one.endpoint.host.endswith("example.com"),
                declared=declaration_of(evidence, evidence.endpoints[one.endpoint]),
                pin_material=evidence.endpoints[one.endpoint].pin_material,
            )
            for one in judge_all(evidence, APP)
        ),
        app=evidence.declared.get(APP),
        at_s=evidence.session.at_s,
    )


def findings(events: Iterable[ev.Event]) -> dict[str, Finding]:
    """By id."""
    return {finding.id: finding for finding in findings_of(seen_in(events))}


def found(events: Iterable[ev.Event]) -> dict[str, tuple[list[str], str]]:
    """By id: the hosts, and the evidence in words."""
    return {id: ([at.host for at in one.endpoints], one.evidence) for id, one in findings(events).items()}


def level(events: Iterable[ev.Event], id: str) -> Level:
    """How loud a finding is."""
    return findings(events)[id].level
