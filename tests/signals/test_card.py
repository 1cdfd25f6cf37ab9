"""SIGNALS, the table: every card explains itself, has its own id, and answers in three values."""

from __future__ import annotations

import dataclasses

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT
from tests.rooms import endpoint_in

from pinprobe import signals
from pinprobe.evidence import EndpointEvidence, Evidence, StackEvidence, evidence_of
from pinprobe.signals import SIGNALS, Asked, Card, Kind, State, peers_of, read
from pinprobe.signals.card import present_if, unknown


@pytest.mark.parametrize("card", SIGNALS, ids=lambda card: card.id)
def test_every_card_explains_itself(card: Card) -> None:
    assert card.id.isidentifier() and card.id == card.id.lower()
    for text in (card.title, card.asks, card.matters, card.limits):
        assert text.strip() == text and len(text) > 5
    assert card.asks.endswith("?") or card.asks.startswith("Was data sent under this: ")
    assert card.matters.endswith(".") and card.limits.endswith(".")


DEGRADATIONS = [card for card in SIGNALS if card.kind is not Kind.EVIDENCE]


@pytest.mark.parametrize("card", DEGRADATIONS, ids=lambda card: card.id)
def test_every_degradation_says_when_it_is_one_and_what_it_rules_out(card: Card) -> None:
    for text in (card.trigger, card.rules_out):
        assert text.strip() == text and len(text) > 5 and text.endswith(".")


def test_degradations_are_what_they_are() -> None:
    """A strong one makes an endpoint suspicious, a weak one is a note: the list changes only on purpose."""
    by_kind = {kind: {card.id for card in DEGRADATIONS if card.kind is kind} for kind in (Kind.STRONG, Kind.WEAK)}
    assert by_kind[Kind.STRONG] == {
        "cleartext_fallback",
        "same_exchange_elsewhere",
        "leaked_before_check",
        "report_only",
        "gave_up_checking",
        "late_enforcement",
        "mixed_outcomes",
        "second_stack",
        "mixed_by_stack",
        "silent_where_control_talks",
        "declared_but_not_enforced",
    }
    assert by_kind[Kind.WEAK] == {
        "host_fallback",
        "protocol_fallback",
        "bypass",
        "retry_storm",
        "missing_endpoints",
        "less_traffic_than_control",
        "flips_between_runs",
        "public_key_pins_header",
        "expect_ct_header",
    }


def test_ids_are_unique() -> None:
    assert len({card.id for card in SIGNALS}) == len(SIGNALS)
    assert len({card.title for card in SIGNALS}) == len(SIGNALS)


def test_every_card_of_the_room_is_listed() -> None:
    made = {card.id for card in vars(signals).values() if isinstance(card, Card)}
    assert made <= {card.id for card in SIGNALS}


def asked(about: EndpointEvidence, stack: StackEvidence, evidence: Evidence) -> Asked:
    return Asked(evidence=evidence, endpoint=about, stack=stack, peers=peers_of(evidence))


def test_read_answers_every_question() -> None:
    evidence = evidence_of(b.journal(b.accepted()))
    about = endpoint_in(evidence)
    reading = read(asked(about, about.stacks[CONSCRYPT], evidence))
    assert list(reading) == [card.id for card in SIGNALS]
    assert all(signal.id == name for name, signal in reading.items())


def test_of_no_evidence_nothing_is_present() -> None:
    evidence = Evidence()
    about = EndpointEvidence(endpoint=endpoint_in(evidence_of(b.journal(b.accepted()))).endpoint)
    reading = read(asked(about, StackEvidence(stack="none"), evidence))
    assert {signal.state for signal in reading.values()} <= {State.ABSENT, State.UNKNOWN}


def test_an_unknown_answer_says_what_is_lacking() -> None:
    """Whatever was seen, 'unknown' comes with a reason, and neither other answer hides one."""
    for connection in (b.accepted(), b.refused_alert(), b.relayed_ok(), b.silent(), b.pinned_after_handshake()):
        evidence = evidence_of(b.journal(connection))
        about = endpoint_in(evidence)
        for signal in read(asked(about, about.stacks[CONSCRYPT], evidence)).values():
            assert signal.state is not State.UNKNOWN or signal.note, signal.id


def test_answers() -> None:
    assert dataclasses.astuple(present_if(True, count=1, of=2, note="n")) == (State.PRESENT, 1, 2, "n", "", 0)
    assert present_if(False).state is State.ABSENT
    assert (unknown("why").state, unknown("why").note) == (State.UNKNOWN, "why")
