"""What must hold of every session, whatever its connections did."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.builders import CONSCRYPT, START_S, Events
from tests.rooms import all_judged, said
from tests.sessions import HOSTS, OF_SESSION, WAYS, WITH_REQUESTS, Visit, in_time, interleaved, visits

from pinprobe.attempts import Endpoint, Outcome
from pinprobe.events import SessionEnded, from_json, to_json
from pinprobe.evidence import Evidence, evidence_of
from pinprobe.signals import Signal, State
from pinprobe.verdicts import RULES, Confidence, Judgement, Verdict, judge_all
from pinprobe.verdicts.rules import STRONG

APART = {"diagnosed", "bypassable_pin", "replay_pinned"}
"""Rows that name the cause without any proof that the CA is trusted."""
SURENESS = [Confidence.NONE, Confidence.UNPROVEN, Confidence.PROBABLE, Confidence.CONFIRMED]

Session = dict[str, Any]


def verdicts(events: Events) -> dict[Endpoint, Judgement]:
    return {judgement.endpoint: judgement for judgement in all_judged(events)}


def signal(judgement: Judgement, id: str) -> Signal:
    return next(one for one in judgement.signals if one.id == id)


def present(judgement: Judgement, id: str) -> bool:
    return any(one.id == id and one.state is State.PRESENT for one in judgement.signals)


@given(visits(), OF_SESSION)
def test_every_endpoint_gets_exactly_one_verdict(made: list[Visit], of_session: Session) -> None:
    events = in_time(made, **of_session)
    judged = all_judged(events)
    assert len({judgement.endpoint for judgement in judged}) == len(judged) == len(evidence_of(events).endpoints)
    for judgement in judged:
        rule = next(rule for rule in RULES if rule.id == judgement.rule_id)
        assert judgement.verdict is rule.verdict
        assert judgement.reason and judgement.reason == judgement.reason.strip()
        if judgement.verdict in {Verdict.INCONCLUSIVE, Verdict.NOT_TESTED}:
            assert judgement.confidence is Confidence.NONE
        else:
            assert judgement.confidence is not Confidence.NONE


@given(visits(), OF_SESSION, st.randoms(use_true_random=False))
def test_the_interleaving_of_connections_is_nothing(made: list[Visit], of_session: Session, chance: Random) -> None:
    def gist(events: Events) -> list[Judgement]:
        return [
            replace(judgement, stacks=tuple(replace(stack, ja4s=()) for stack in judgement.stacks))
            for judgement in all_judged(events)
        ]

    assert gist(interleaved(made, chance, **of_session)) == gist(in_time(made, **of_session))


@given(visits(), OF_SESSION, st.randoms(use_true_random=False))
def test_events_of_one_moment_may_come_in_any_order(made: list[Visit], of_session: Session, chance: Random) -> None:
    merged = interleaved(made, chance, **of_session)
    in_order = [merged[0], *sorted(merged[1:], key=lambda event: event.at_s)]
    assert {e: said(j) for e, j in verdicts(in_order).items()} == {
        e: said(j) for e, j in verdicts(in_time(made, **of_session)).items()
    }


@given(
    visits(hosts=HOSTS[:2], stacks=(CONSCRYPT,), clients=(1,)),
    visits(
        hosts=("stranger.example.org",),
        stacks=("t13d0000_of_another",),
        clients=(7,),
        ways=[way for way in WAYS if way[0] not in {"coalesced", "reports a pin"}],
        moments=["a name looked up"],
    ),
    OF_SESSION,
)
def test_a_stranger_changes_nothing(made: list[Visit], strangers: list[Visit], of_session: Session) -> None:
    """An endpoint that shares no device, host or stack; both sessions are watched for as long."""
    end = SessionEnded(at_s=START_S + 120)
    alone = verdicts([*in_time(made, **of_session), end])
    beside = verdicts([*in_time([*made, *strangers], **of_session), end])
    for endpoint, judgement in alone.items():
        assert said(beside[endpoint]) == said(judgement)
        assert (beside[endpoint].reason, beside[endpoint].missing) == (judgement.reason, judgement.missing)


@given(visits(), OF_SESSION)
def test_what_was_decrypted_is_never_pinned(made: list[Visit], of_session: Session) -> None:
    events = in_time(made, **of_session)
    evidence = evidence_of(events)
    for endpoint, judgement in verdicts(events).items():
        for stack in judgement.stacks:
            if evidence.endpoints[endpoint].stacks[stack.stack].requests:
                assert stack.verdict is not Verdict.PINNED
        if any(stack.requests for stack in evidence.endpoints[endpoint].stacks.values()):
            assert judgement.verdict is not Verdict.PINNED


@given(visits(), OF_SESSION)
def test_without_proof_of_trust_no_refusal_is_more_than_unproven(made: list[Visit], of_session: Session) -> None:
    for judgement in all_judged(in_time(made, **of_session)):
        if judgement.verdict is not Verdict.PINNED or judgement.rule_id in APART:
            continue
        if SURENESS.index(judgement.confidence) <= SURENESS.index(Confidence.UNPROVEN):
            continue
        checked_here = present(judgement, "chain_checked_in_handshake") and present(
            judgement, "refused_after_handshake"
        )
        trusted = present(judgement, "ca_trusted_by_stack") and present(judgement, "ca_in_system_store")
        assert checked_here or trusted
        assert present(judgement, "control_worked")


MUTE = (
    ("silent", "trusted_ca"),
    ("resumed", "trusted_ca"),
    ("unfinished", "trusted_ca"),
    ("left early", "trusted_ca"),
    ("server down", "trusted_ca"),
    ("proxy error", "trusted_ca"),
    ("alert 70", "trusted_ca"),
    ("silent", "unknown_ca"),
    ("relay worked", "relay"),
    ("relay unclear", "relay"),
    ("relay failed", "relay"),
)


@given(visits(ways=MUTE), OF_SESSION)
def test_silence_is_no_pass_and_no_pin(made: list[Visit], of_session: Session) -> None:
    for judgement in all_judged(in_time(made, **of_session)):
        assert judgement.verdict not in {Verdict.UNPINNED, Verdict.PINNED}


@given(visits(ways=[way for way in WAYS if way[1] != "relay"]), OF_SESSION)
def test_without_a_control_nothing_is_pinned(made: list[Visit], of_session: Session) -> None:
    for judgement in all_judged(in_time(made, **of_session)):
        assert judgement.verdict is not Verdict.PINNED


@given(visits(ways=[way for way in WAYS if way[0] not in WITH_REQUESTS]), OF_SESSION)
def test_without_a_request_nothing_is_unpinned(made: list[Visit], of_session: Session) -> None:
    for judgement in all_judged(in_time(made, **of_session)):
        assert judgement.verdict is not Verdict.UNPINNED


SUPPORTS: dict[str, tuple[tuple[str, str], ...]] = {
    "pinned": (("alert 46", "trusted_ca"), ("closed after handshake", "trusted_ca"), ("relay worked", "relay")),
    "unpinned": (("accepted", "trusted_ca"),),
}
"""Evidence that speaks for a verdict; more of what is there already must not weaken it."""


@given(
    visits(ways=[way for way in WAYS if way[0] != "relay failed"]),
    OF_SESSION,
    st.integers(1, 6),
    st.data(),
)
def test_more_of_the_same_never_lowers_confidence(
    made: list[Visit], of_session: Session, times: int, data: st.DataObject
) -> None:
    before = verdicts(in_time(made, **of_session))
    strong = [e for e, judgement in before.items() if judgement.verdict.value in SUPPORTS]
    assume(strong)
    endpoint = data.draw(st.sampled_from(sorted(strong)))
    ways = SUPPORTS[before[endpoint].verdict.value]
    same = [visit for visit in made if (visit.how, visit.probe_id) in ways and visit.host == endpoint.host]
    assume(same)
    again = data.draw(st.sampled_from(same))
    more = [replace(again, at_ms=100_000 + 20_000 * number) for number in range(times)]
    after = verdicts(in_time([*made, *more], **of_session))[endpoint]
    if after.rule_id == "degraded":
        # More controls, or more of what is compared with them, can prove what was an open question.
        proven = {one.id for one in after.signals if one.id in STRONG and one.state is State.PRESENT}
        assert State.UNKNOWN in {one.state for one in before[endpoint].signals if one.id in proven}
        return
    assert after.verdict is before[endpoint].verdict
    assert SURENESS.index(after.confidence) >= SURENESS.index(before[endpoint].confidence)


@settings(max_examples=50)
@given(visits(), OF_SESSION, st.integers(5, 20))
def test_live_and_rebuilt_are_the_same(made: list[Visit], of_session: Session, every: int) -> None:
    """Live: judged again and again while it runs. Rebuilt: from the journal's lines, judged once."""
    events = in_time(made, **of_session)
    live = Evidence()
    for number, event in enumerate(events):
        live.feed(event)
        if number % every == 0:
            for app in live.apps():
                judge_all(live, app)
    live.finish()
    rebuilt = evidence_of(from_json(to_json(event)) for event in events)
    assert [judge_all(live, app) for app in live.apps()] == [judge_all(rebuilt, app) for app in rebuilt.apps()]


@given(visits(), OF_SESSION)
def test_attempts_are_counted_once(made: list[Visit], of_session: Session) -> None:
    """Whatever was revised in between: each connection with a ClientHello is one attempt in the tallies."""
    evidence = evidence_of(in_time(made, **of_session))
    counted = sum(
        tally.count
        for about in evidence.endpoints.values()
        for stack in about.stacks.values()
        for tally in stack.tallies.values()
    )
    assert counted == sum(visit.is_attempt for visit in made)
    for about in evidence.endpoints.values():
        for stack in about.stacks.values():
            assert 0 <= stack.spares <= stack.count("trusted_ca", Outcome.CLOSED_WITHOUT_DATA)
            assert stack.refusals_after_handshake >= 0
