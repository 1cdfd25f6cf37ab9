"""The reading of the three replays together, and the two wrong turns that it must not take."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, journal
from tests.replays import FOREIGN, GENUINE, HOST, ONE, OWN, SIB, SIBLING, TWO, R, S, answered, known, refuser
from tests.rooms import answer, endpoint_in, judged, said

from pinprobe.evidence import evidence_of
from pinprobe.signals import Asked, State, peers_of
from pinprobe.signals.replay import REPLAY_ACCEPTED, REPLAY_PINNED, Element, ReplayReading, read_replays

REFERENCE = "cdn.example.net"
CHAINS = [known(SIB, "own CA"), known(ONE), known(TWO), known(OWN, "own CA"), known("reference's own")]
Case = tuple[list[Events], Element]


def reading(*connections: Events, host: str = HOST, stack: str = b.CONSCRYPT) -> ReplayReading:
    evidence = evidence_of(journal(*CHAINS, *connections))
    about = endpoint_in(evidence, host)
    found = read_replays(Asked(evidence=evidence, endpoint=about, stack=about.stacks[stack], peers=peers_of(evidence)))
    assert found is not None
    return found


def reference(sibling: int | None = S, foreign: int | None = S, **how: Any) -> list[Events]:
    """An unpinned host beside it, which accepts the very chains that are refused."""
    return refuser(S, sibling, foreign, host=REFERENCE, own="reference's own", **how)


READINGS: dict[str, Case] = {
    "S S S": (refuser(S, S, S), Element.NONE),
    "S – S": (refuser(S, None, S), Element.NONE),
    "S R R, beside a reference": ([*refuser(S, R, R), *reference()], Element.LEAF),
    "S S R, beside a reference": ([*refuser(S, S, R), *reference()], Element.CA),
    "S – R, beside a reference": ([*refuser(S, None, R), *reference()], Element.LEAF_OR_CA),
    "S R R, no reference for the sibling": ([*refuser(S, R, R), *reference(sibling=None)], Element.LEAF_OR_CA),
    "S R R, alone": (refuser(S, R, R), Element.BLIND),
    "S S R, alone": (refuser(S, S, R), Element.BLIND),
    "S R S": ([*refuser(S, R, S), *reference()], Element.BLIND),
    "S R S, alone": (refuser(S, R, S), Element.BLIND),
    "R R R: no calibration": ([*refuser(R, R, R), *reference()], Element.BLIND),
    "S ? ?, as the X509 store has it": ([*refuser(S, 42, 42), *reference()], Element.BLIND),
    "S S ?": ([*refuser(S, S, 42), *reference()], Element.BLIND),
    "once each": ([*refuser(S, R, R, times=1), *reference()], Element.BLIND),
    "a reference that was asked once": ([*refuser(S, R, R), *reference(times=1)], Element.BLIND),
    "a reference that refuses them as well": (
        [*refuser(S, R, R), *reference(sibling=R, foreign=R)],
        Element.BLIND,
    ),
    "refusals by an alert that names no certificate": (refuser(40, 40, 40, normal=40), Element.BLIND),
    "only the own chain was shown": (refuser(S), Element.BLIND),
    "refusals by two alerts": ([*refuser(S, R, R), b.refused_alert(alert=48), *reference()], Element.BLIND),
    "refused after the handshake as well": (
        [*refuser(S, R, R), *[b.pinned_after_handshake()] * 2, *reference()],
        Element.BLIND,
    ),
    "one connection was lost": ([*refuser(S, R, R), b.closed_in_handshake(), *reference()], Element.LEAF),
}


@pytest.mark.parametrize(("connections", "element"), READINGS.values(), ids=READINGS.keys())
def test_the_table(connections: list[Events], element: Element) -> None:
    assert reading(*connections).element is element


OTHER_REFERENCES: dict[str, list[Events]] = {
    # The wrong turn: the same library driven in another way has the same fingerprint.
    "same fingerprint, another alert": reference(normal=48),
    "another fingerprint": reference(stack=FLUTTER),
    "another version of TLS": reference(tls_version="TLSv1.2"),
    "trusts everything": [
        b.accepted(REFERENCE),
        *[b.accepted_unknown_ca(REFERENCE)] * 2,
        *[answered(GENUINE, "reference's own", S, host=REFERENCE)] * 2,
        *[answered(FOREIGN, chain_id, S, host=REFERENCE) for chain_id in (ONE, TWO, SIB) for _ in range(2)],
    ],
    "other chains": [
        *refuser(S, host=REFERENCE, own="reference's own"),
        *[answered(FOREIGN, chain_id, S, host=REFERENCE) for chain_id in ("three", "four") for _ in range(2)],
    ],
    "a host of the system": [
        b.host_known(REFERENCE, "example.net", category="os"),
        *reference(),
    ],
}


@pytest.mark.parametrize("beside", OTHER_REFERENCES.values(), ids=OTHER_REFERENCES.keys())
def test_who_is_no_reference(beside: list[Events]) -> None:
    found = reading(*refuser(S, R, R), *beside)
    assert found.element is Element.BLIND
    assert "a reference is missing" in found.because


def test_the_reference_is_named() -> None:
    assert reading(*refuser(S, R, R), *reference()).references == (REFERENCE,)


def test_the_only_sibling_may_be_the_references_own_chain() -> None:
    beside = [
        *refuser(S, None, S, host=REFERENCE, own=SIB),
    ]
    assert reading(*refuser(S, R, R), *beside).element is Element.LEAF


def test_a_decrypted_endpoint_is_a_reference_too() -> None:
    beside = [
        b.accepted(REFERENCE),
        *[b.refused_unknown_ca(REFERENCE)] * 2,
        *[answered(GENUINE, "reference's own", S, host=REFERENCE)] * 2,
        *[answered(SIBLING, SIB, S, host=REFERENCE)] * 2,
        *[answered(FOREIGN, chain_id, S, host=REFERENCE) for chain_id in (ONE, TWO) for _ in range(2)],
    ]
    assert reading(*refuser(S, R, R), *beside).element is Element.LEAF


def test_the_order_of_things_does_not_matter() -> None:
    pinned, beside = refuser(S, R, R), reference()
    forth, back = reading(*pinned, *beside), reading(*reversed([*pinned, *beside]))
    assert forth == back


def test_one_foreign_ca_is_too_few() -> None:
    connections = [*refuser(S), *[answered(FOREIGN, ONE, S)] * 2]
    found = reading(*connections)
    assert (found.element, found.foreign_accepted) == (Element.BLIND, 1)


def test_two_intermediates_of_one_root_are_one_ca() -> None:
    """A small trust store of the app's own may hold just that root."""
    related = [known("first", "root", "first"), known("second", "root", "second")]
    shown = [answered(FOREIGN, chain_id, S) for chain_id in ("first", "second") for _ in range(2)]
    assert reading(*related, *refuser(S), *shown).element is Element.BLIND
    assert reading(*related, *refuser(S), *shown, *[answered(FOREIGN, ONE, S)] * 2).element is Element.NONE


def test_a_chain_that_is_not_public_makes_it_a_private_store() -> None:
    own = f"chain of {HOST}"
    private = known(own, "own CA", public=False, refused_because="not trusted")
    connections = [private, *refuser(S, None, R, own=own), *reference()]
    assert reading(*connections).element is Element.PRIVATE_STORE


def test_versions_that_disagree_are_no_reading() -> None:
    both = [*refuser(S, S, S), *refuser(S, R, R, tls_version="TLSv1.2"), *reference(tls_version="TLSv1.2")]
    found = reading(*both)
    assert found.element is Element.BLIND
    assert "differ" in found.because
    assert reading(*refuser(S, S, S), *refuser(S, tls_version="TLSv1.2")).element is Element.NONE


STATES: dict[str, tuple[list[Events], State, State]] = {
    # pinned, accepted
    "nothing was replayed": ([b.refused_alert()], State.UNKNOWN, State.UNKNOWN),
    "blind": (refuser(S, R, R), State.UNKNOWN, State.UNKNOWN),
    "pinned": ([*refuser(S, R, R), *reference()], State.PRESENT, State.ABSENT),
    "accepted": (refuser(S, S, S), State.ABSENT, State.PRESENT),
}


@pytest.mark.parametrize(("connections", "pinned", "accepted"), STATES.values(), ids=STATES.keys())
def test_signals(connections: list[Events], pinned: State, accepted: State) -> None:
    events = journal(*CHAINS, *connections)
    assert answer(REPLAY_PINNED, events).state is pinned
    assert answer(REPLAY_ACCEPTED, events).state is accepted


VERDICTS: dict[str, tuple[list[Events], tuple[str, str, str]]] = {
    "pinned": ([*refuser(S, R, R), *reference()], ("pinned", "confirmed", "replay_pinned")),
    "distrusts": (refuser(S, S, S), ("inconclusive", "none", "distrusts_ca_only")),
    "alone": (refuser(S, R, R), ("pinned", "unproven", "refused_cause_unproven")),
    "another alert beside it": (
        [*refuser(S, R, R), *reference(normal=48)],
        ("pinned", "unproven", "refused_cause_unproven"),
    ),
}


@pytest.mark.parametrize(("connections", "words"), VERDICTS.values(), ids=VERDICTS.keys())
def test_verdicts(connections: list[Events], words: tuple[str, str, str]) -> None:
    assert said(judged(journal(*CHAINS, *connections))) == words


@pytest.mark.parametrize("tls_version", ["TLSv1.2", "TLSv1.3"])
def test_a_silent_close_is_not_the_refusal_of_an_unknown_ca(tls_version: str) -> None:
    """The other wrong turn: Node and Qt close so when they merely distrust, after the handshake on TLS 1.2."""
    silent = [b.closed_in_handshake(probe_id="unknown_ca")] * 3
    connections = [*[b.pinned_after_handshake()] * 3, *[b.relayed_ok()] * 3, *silent]
    assert said(judged(journal(*connections)))[1:] == ("unproven", "refused_cause_unproven")
