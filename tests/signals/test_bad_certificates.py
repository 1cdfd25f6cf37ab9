"""One question for each certificate that nobody should accept."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import answer, judged, said

from pinprobe.probes import BY_ID, PROBES, STANDARD, Family
from pinprobe.signals import State
from pinprobe.signals.bad_certificates import ACCEPTS
from pinprobe.signals.card import Card

CARDS = {card.id: card for card in ACCEPTS}
BAD = [plan.id for plan in PROBES if plan.family is Family.BAD_CERTIFICATE]
EACH = pytest.mark.parametrize("probe_id", BAD)


def card(probe_id: str) -> Card:
    return CARDS[f"accepts_{probe_id}"]


def test_every_bad_certificate_has_its_question() -> None:
    assert {f"accepts_{probe_id}" for probe_id in BAD} | {"accepts_untrusted"} <= set(CARDS)
    assert not any("replay" in id or "stuffed" in id or "mimic" in id for id in CARDS)
    for plan in STANDARD:
        assert plan.family is Family.STUFFED or plan.nobody_should_accept


@EACH
def test_data_under_it_is_the_worst_finding(probe_id: str) -> None:
    events = journal(*[b.accepted(probe_id=probe_id)] * 2, b.accepted())
    found = answer(card(probe_id), events)
    assert (found.state, found.count, found.of) == (State.PRESENT, 2, 2)
    judgement = judged(events)
    assert said(judgement) == ("unpinned", "confirmed", "accepts_untrusted")
    assert f"{BY_ID[probe_id].title} (2 of 2)" in judgement.reason


@EACH
def test_one_accept_is_one_too_many(probe_id: str) -> None:
    events = journal(b.refused_alert(probe_id=probe_id), b.accepted(probe_id=probe_id), b.accepted())
    found = answer(card(probe_id), events)
    assert (found.state, found.count, found.of) == (State.PRESENT, 1, 2)


STATES: dict[str, tuple[list[Events], State]] = {
    "not shown": ([b.accepted()], State.UNKNOWN),
    "refused": ([b.refused_alert(probe_id="self_signed")] * 2, State.ABSENT),
    "closed after the handshake": ([b.pinned_after_handshake(probe_id="self_signed")] * 2, State.ABSENT),
    "established and mute": ([b.silent(probe_id="self_signed")], State.ABSENT),
    "a preface alone": ([b.preface_only(probe_id="self_signed")], State.ABSENT),
    "resumed: nothing was shown": ([b.resumed(probe_id="self_signed")], State.ABSENT),
    "another certificate was served": ([b.proxy_error(probe_id="self_signed")], State.ABSENT),
    "another bad certificate": ([b.accepted(probe_id="expired")], State.UNKNOWN),
}


@pytest.mark.parametrize(("connections", "state"), STATES.values(), ids=STATES.keys())
def test_states(connections: list[Events], state: State) -> None:
    assert answer(card("self_signed"), journal(*connections)).state is state


def test_a_bad_certificate_changes_nothing_about_a_verdict_otherwise() -> None:
    shown = [b.refused_alert(probe_id=probe_id) for probe_id in BAD]
    assert said(judged(journal(b.accepted(), *shown)))[2] == "decrypted"
    pinned = [*[b.pinned_after_handshake()] * 3, *[b.relayed_ok()] * 3, *[b.refused_alert(probe_id="unknown_ca")] * 2]
    assert said(judged(journal(*pinned, *shown)))[2] == "refused_after_trust"


@pytest.mark.parametrize("port", [853, 8009])
def test_ports_where_nobody_is_meant_to_validate(port: int) -> None:
    events = journal(b.accepted(port=port), *[b.accepted(probe_id="self_signed", port=port)] * 2)
    assert said(judged(events, port=port))[2] == "decrypted"
