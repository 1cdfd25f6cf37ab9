"""PIN-211: pins that come at run time over a connection that can be intercepted."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.findings.found import found, level

from pinprobe.findings import Level

API, CONFIG = "api.example.com", "config.example.net"
NO = b.refused_alert(API)
LATE = [b.accepted(API), b.accepted(API), NO, NO]


def fetched(kind: str) -> Events:
    return b.inside(b.accepted(CONFIG), b.pin_material(CONFIG, kind=kind, count=3))


@pytest.mark.parametrize(
    ("connections", "hosts"),
    [
        ([b.accepted(CONFIG)], None),
        ([fetched("document")], [CONFIG]),
        ([fetched("strings")], [CONFIG]),
        ([fetched("document"), *LATE], [CONFIG, API]),
        ([fetched("strings"), *LATE], [CONFIG]),
        (LATE, None),
    ],
)
def test_fetched(connections: list[Events], hosts: list[str] | None) -> None:
    said = found(b.journal(*connections)).get("PIN-211")
    assert (said[0] if said else None) == hosts


def test_mere_strings_are_a_note() -> None:
    assert level(b.journal(fetched("document")), "PIN-211") is Level.WARNING
    assert level(b.journal(fetched("strings")), "PIN-211") is Level.NOTE


def test_what_was_refused_later_is_told_with_it() -> None:
    _, evidence = found(b.journal(fetched("document"), *LATE))["PIN-211"]
    assert "config.example.net:443: 3 pins in decrypted answers" in evidence
    assert "accepted 2, then refused 2 for good, as pins that came meanwhile would have it" in evidence
