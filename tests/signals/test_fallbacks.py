"""Every place that refusals were followed by, whichever card it belongs to; none that may be an accident."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT, Events
from tests.rooms import HOST, endpoint_in
from tests.rounds import rounds, story, times, told

from pinprobe.evidence import How, evidence_of
from pinprobe.signals import Asked, peers_of
from pinprobe.signals.fallbacks import fallbacks_here

NO, OK, HTTP = b.refused_alert(), b.relayed_ok(), b.cleartext()
THERE, QUIC = b.accepted("backup.example.net"), b.quic(HOST)
Places = list[tuple[str, int, How]]


def places(events: Events) -> Places:
    evidence = evidence_of(events)
    about = endpoint_in(evidence)
    asked = Asked(evidence=evidence, endpoint=about, stack=about.stacks[CONSCRYPT], peers=peers_of(evidence))
    return [(follow.target.host, follow.target.port, follow.how) for follow in fallbacks_here(asked)]


CASES: dict[str, tuple[Events, Places]] = {
    "none": (told(*times(3, NO), *times(6, OK)), []),
    "cleartext": (told(*times(3, NO, HTTP), *times(6, OK)), [(HOST, 80, How.HTTP)]),
    "of every kind": (
        told(*times(3, NO, HTTP, THERE, QUIC), *times(6, OK)),
        [(HOST, 80, How.HTTP), (HOST, 443, How.QUIC), ("backup.example.net", 443, How.TLS)],
    ),
    "one of them may be an accident": (
        told((NO, HTTP, THERE), *times(2, NO, THERE), *times(6, OK)),
        [("backup.example.net", 443, How.TLS)],
    ),
    "no control": (told(*times(3, NO, HTTP)), []),
    "one that takes reports": (
        story(
            (0, b.host_known("backup.example.net", "example.net", category="crash-reporting")),
            *rounds(*times(3, NO, THERE), *times(6, OK)),
        ),
        [],
    ),
    "a push socket": (told(*times(3, NO, b.accepted(port=5228)), *times(6, OK)), []),
    "nothing was refused": (told(*times(3, b.accepted(), HTTP), *times(6, OK)), []),
}


@pytest.mark.parametrize(("events", "found"), CASES.values(), ids=CASES.keys())
def test_places(events: Events, found: Places) -> None:
    assert places(events) == found
