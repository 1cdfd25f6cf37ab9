"""Reports with a ruling, plain and hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.policy.written import policy
from tests.report.samples import every_verdict, hostile

from pinprobe.policy import ruled
from pinprobe.report.model import Report
from pinprobe.report.ruling import Breach, Ruling, Standing, Waived

TODAY = date(2026, 11, 26)
TEXT = """\
masvs: L2
expect:
  - {host: api.example.com, verdict: unpinned}
  - {host: nowhere.example, verdict: pinned}
  - {host: flutter.example.net, verdict: pinned}
coverage: [video.example.net]
waivers:
  - {what: PIN-107, host: "*", reason: ticket 1, until: 2027-01-31}
  - {what: coverage, host: "*", reason: ticket 2, until: 2027-01-31}
  - {what: PIN-101, host: "*", reason: ticket 3, until: 2026-01-31}
"""
"""Breaks in three ways beside a finding, waives two things, and one of its waivers has expired."""


def broken_policy() -> Report:
    """Every verdict, and a policy that is broken in every way."""
    return ruled(policy(TEXT), every_verdict(), TODAY)


def met_policy() -> Report:
    """Every verdict, and a policy that is met."""
    return ruled(policy("fail_on: []\ncoverage: [api.example.com]"), every_verdict(), TODAY)


def hostile_policy(text: str) -> Report:
    """A report where every word that comes from elsewhere is this one, with a ruling where every word is too."""
    report = hostile(text)
    names = [one.judgement.endpoint for one in report.endpoints]
    breaches = tuple(
        Breach(what=what, endpoint=endpoint, pattern=text, text=text)
        for what in ("expect", "coverage", "PIN-107")
        for endpoint in (None, *names)
    )
    return replace(
        report,
        policy=Ruling(
            policy=text,
            masvs="L1",
            day="2026-11-26",
            standing=Standing.BROKEN,
            checks=99,
            broken=breaches,
            waived=tuple(Waived(breach=one, reason=text, until="2027-01-31") for one in breaches),
            remarks=(text, text),
        ),
    )
