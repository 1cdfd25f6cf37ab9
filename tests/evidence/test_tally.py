"""Attempts that look the same are counted together, and taken back one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests import builders as b
from tests.rooms import attempt_of

from pinprobe.attempts import Outcome
from pinprobe.evidence.tally import Pattern, Tally, look_alike, pattern_of
from pinprobe.thresholds import EXAMPLES_KEPT

REFUSED = attempt_of(b.refused_alert(alert=48))


def test_what_an_attempt_looks_like() -> None:
    assert pattern_of(REFUSED) == Pattern(
        probe_id="trusted_ca", outcome=Outcome.ALERT_DURING_HANDSHAKE, alert=48, tls_version="TLSv1.3"
    )
    mute = pattern_of(replace(attempt_of(b.closed_before_certificate()), tls_version=None))
    assert (mute.alert, mute.tls_version) == (-1, "")


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({"alert": 46}, False),
        ({"alert": None}, False),
        ({"tls_version": "TLSv1.2"}, False),
        ({"outcome": Outcome.SILENT}, False),
        ({"probe_id": "unknown_ca"}, False),
        ({"connection_id": 9, "requests": 3, "ended_s": 5.0, "line": 7, "trouble": True}, True),
    ],
)
def test_attempts_look_alike_where_they_have_one_pattern(change: dict[str, Any], alike: bool) -> None:
    other = replace(REFUSED, **change)
    assert look_alike(REFUSED, other) is look_alike(other, REFUSED) is alike
    assert (pattern_of(REFUSED) == pattern_of(other)) is alike


def test_a_tally_keeps_the_first_and_last_time_and_a_few_examples() -> None:
    tally = Tally()
    for number in (5, 3, 9, 7):
        tally.add(replace(REFUSED, connection_id=number, opened_s=float(number)))
    assert (tally.count, tally.first_s, tally.last_s) == (4, 3.0, 9.0)
    assert [example.connection_id for example in tally.examples] == [5, 3, 9][:EXAMPLES_KEPT]


def test_what_turned_out_otherwise_is_taken_back() -> None:
    tally = Tally()
    tally.add(REFUSED)
    tally.add(replace(REFUSED, connection_id=2))
    tally.take_back(REFUSED)
    assert tally.count == 1
    assert [example.connection_id for example in tally.examples] == [2]
