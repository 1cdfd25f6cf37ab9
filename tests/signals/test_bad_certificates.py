"""accepts_…: one question per certificate that nobody should accept."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import journal
from tests.rooms import HOST, answer, judged, said

from pinprobe.probes import PROBES, Family
from pinprobe.signals import SIGNALS, Card, State
from pinprobe.signals.bad_certificates import ACCEPTS
from pinprobe.verdicts.rules import RULES

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
BY_PROBE = {
    "unknown_ca" if card.id == "accepts_untrusted" else card.id.removeprefix("accepts_"): card for card in ACCEPTS
}


def test_there_is_one_for_each_and_the_first_rule_knows_them_all() -> None:
    nobody_should = {plan.id for plan in PROBES if plan.nobody_should_accept and plan.family is not Family.REPLAY}
    assert set(BY_PROBE) == nobody_should
    assert set(ACCEPTS) <= set(SIGNALS)
    assert RULES[0].any_present == tuple(card.id for card in ACCEPTS)


@pytest.mark.parametrize(("probe_id", "card"), BY_PROBE.items(), ids=BY_PROBE.keys())
def test_states(probe_id: str, card: Card) -> None:
    data, alert = b.accepted(probe_id=probe_id), b.refused_alert(probe_id=probe_id)
    assert answer(card, journal(b.accepted())).state is U
    assert answer(card, journal(alert, alert)).state is A
    assert answer(card, journal(b.preface_only(probe_id=probe_id))).state is A
    assert answer(card, journal(b.resumed(probe_id=probe_id))).state is A
    signal = answer(card, journal(alert, data, alert))
    assert (signal.state, signal.count, signal.of) == (P, 1, 3)


@pytest.mark.parametrize("probe_id", BY_PROBE)
def test_each_asks_for_its_own_certificate_alone(probe_id: str) -> None:
    events = journal(b.accepted(), b.accepted(probe_id=probe_id))
    present = {other for other, card in BY_PROBE.items() if answer(card, events).state is P}
    assert present == {probe_id}


@pytest.mark.parametrize("port", [853, 8009])
def test_ports_where_nobody_is_meant_to_validate(port: int) -> None:
    """Opportunistic DNS over TLS, and Cast receivers with certificates of their own."""
    for probe_id in BY_PROBE:
        events = journal(*[b.accepted(HOST, probe_id=probe_id, port=port)] * 2)
        assert said(judged(events, port=port))[2] != "accepts_untrusted"
