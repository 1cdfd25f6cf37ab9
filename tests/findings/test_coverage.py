"""PIN-101, PIN-102 and PIN-301: which of the developer's own hosts are pinned. Never about a third party's host."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import all_judged

from pinprobe.findings import Judged, Seen, findings_of

API, WWW, ADS = "api.example.com", "www.example.com", "ads.example.net"
OPEN = [b.accepted(WWW)]
ADS_OPEN = [b.accepted(ADS)]
UNPROVEN = [*[b.refused_alert(API)] * 2, b.relayed_ok(API)]
PINNED = [*UNPROVEN, *[b.refused_unknown_ca(ADS)] * 2]
"""Beside ADS_OPEN, which is then its canary."""


def found(events: Events) -> dict[str, list[str]]:
    judged = [
        Judged(judgement=one, first_party=one.endpoint.host.endswith("example.com")) for one in all_judged(events)
    ]
    return {
        finding.id: [endpoint.host for endpoint in finding.endpoints]
        for finding in findings_of(Seen(judged=tuple(judged)))
    }


CASES: dict[str, tuple[list[Events], dict[str, list[str]]]] = {
    "own host open": (OPEN, {"PIN-101": [WWW]}),
    "third party's host open": (ADS_OPEN, {}),
    "own host pinned, third party's open": ([*ADS_OPEN, *PINNED], {}),
    "own hosts pinned and open": ([*ADS_OPEN, *PINNED, *OPEN], {"PIN-101": [WWW], "PIN-102": [WWW]}),
    "a failure without known cause is no coverage": ([*UNPROVEN, *OPEN], {"PIN-101": [WWW]}),
    "no validation is said elsewhere": (
        [b.accepted(WWW), b.accepted_unknown_ca(WWW)],
        {"PIN-107": [WWW], "PIN-101": [WWW]},
    ),
    "silent": ([b.silent(WWW)], {"PIN-301": [WWW]}),
    "a third party's silence": ([b.silent(ADS)], {}),
}


@pytest.mark.parametrize(("connections", "expected"), CASES.values(), ids=CASES.keys())
def test_coverage(connections: list[Events], expected: dict[str, list[str]]) -> None:
    assert found(journal(*connections, ca_store="system")) == expected
