"""What must hold of everything that an app's package may declare: the wire decides, and a declaration only explains."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests import builders as b
from tests.builders import CA_PIN, LEAF_PIN, OTHER_PIN, ROOT_PIN, START_S, Events
from tests.rooms import all_judged
from tests.sessions import HOSTS, Visit, in_time, visits

from pinprobe.attempts import Endpoint
from pinprobe.evidence import evidence_of
from pinprobe.signals import State
from pinprobe.verdicts import RULES, SURENESS, Confidence, Judgement, Verdict

PROXY = b.session().ca_pin_sha256
PINS = st.sampled_from([LEAF_PIN, CA_PIN, ROOT_PIN, OTHER_PIN, PROXY])
ANCHORS = st.sampled_from([("system",), ("system", "user"), ("user",), (), (f"raw:{PROXY}", "system")])
ROW = {rule.id: number for number, rule in enumerate(RULES)}


@st.composite
def declared(draw: st.DrawFn, *, trusting: bool | None = None) -> Events:
    """A package, and the configuration of some hosts; `trusting` False: none of them trusts user-added CAs."""
    facts = b.package(
        debuggable=draw(st.booleans()),
        libraries=draw(st.sampled_from([(), ("cronet",), ("appmattus-ct",), ("okhttp",)])),
        code_pins=tuple(b.code_pin(pin) for pin in draw(st.lists(PINS, max_size=2))),
        problems=draw(st.sampled_from([(), ("torn",)])),
    )
    for host in draw(st.lists(st.sampled_from(HOSTS), unique=True)) if trusting is None else HOSTS:
        meant = draw(st.booleans())
        facts += b.declares(
            host,
            *draw(st.lists(PINS, max_size=3, unique=True)),
            anchors=("system",) if trusting is False else draw(ANCHORS),
            overrides=draw(st.sampled_from([(), ("user",), ("system",)])),
            expires_s=draw(st.sampled_from([None, START_S - 1e6, START_S, START_S + 1e6])),
            report_only=draw(st.booleans()),
            meant_pins=(CA_PIN,) if meant else (),
            meant_why=draw(st.sampled_from(["shadowed", "never_matches"])) if meant else "",
            ct=draw(st.sampled_from(["on", "off", "default"])),
        )
    return facts


def of_session(store: str, api: int | None) -> dict[str, Any]:
    return {"ca_store": store, "app_id": "com.example.app", "android_api": api}


STORES, APIS = st.sampled_from(["system", "user", "none", "unknown"]), st.sampled_from([None, 30, 37])


def judged(events: Events) -> dict[Endpoint, Judgement]:
    return {judgement.endpoint: judgement for judgement in all_judged(events)}


def with_facts(made: list[Visit], facts: Events, **of: Any) -> Events:
    events = in_time(made, **of)
    return [events[0], *b.placed(facts, 0, START_S), *events[1:]]


def sure(judgement: Judgement) -> int:
    return SURENESS.index(judgement.confidence)


@settings(max_examples=60)
@given(visits(), declared(), STORES, APIS)
def test_declarations_make_no_verdict_without_the_wire(
    made: list[Visit], facts: Events, store: str, api: int | None
) -> None:
    events = with_facts(made, facts, **of_session(store, api))
    evidence = evidence_of(events)
    before, after = judged(in_time(made, **of_session(store, api))), judged(events)
    assert before.keys() == after.keys()
    for endpoint, told in after.items():
        alone = before[endpoint]
        if Verdict.NOT_TESTED in {alone.verdict, told.verdict}:
            assert alone.verdict is told.verdict
        if told.verdict in {Verdict.PINNED, Verdict.UNPINNED}:
            assert alone.verdict is told.verdict
        if told.verdict is Verdict.SUSPICIOUS and alone.verdict is not Verdict.SUSPICIOUS:
            stacks = evidence.endpoints[endpoint].stacks.values()
            assert any(stack.requests + stack.exchanged_beyond_http for stack in stacks)
        if told.verdict is Verdict.INCONCLUSIVE and alone.verdict is Verdict.PINNED:
            assert told.rule_id == "distrust_expected" and alone.confidence is Confidence.UNPROVEN
        if told.rule_id == alone.rule_id and told.verdict is Verdict.PINNED and sure(told) > sure(alone):
            assert {"declared_pin", "ct_excluded"} & {s.id for s in told.signals if s.state is State.PRESENT}


@settings(max_examples=60)
@given(visits(), declared(trusting=False), APIS)
def test_declared_distrust_is_never_made_a_pin(made: list[Visit], facts: Events, api: int | None) -> None:
    """No declared fact makes a refusal inside the handshake surer than the wire alone does."""
    of = of_session("user", api)
    before, after = judged(in_time(made, **of)), judged(with_facts(made, facts, **of))
    for endpoint, told in after.items():
        present = {signal.id for signal in told.signals if signal.state is State.PRESENT}
        if told.verdict is Verdict.PINNED and "refused_in_handshake" in present:
            assert before[endpoint].rule_id == told.rule_id
            assert sure(told) <= sure(before[endpoint])
        assert told.rule_id != "refused_though_same_anchors"


@settings(max_examples=60)
@given(visits(), declared(), STORES)
def test_a_debuggable_build_is_never_confirmed(made: list[Visit], facts: Events, store: str) -> None:
    debuggable = [*b.package(debuggable=True), *facts[1:]]
    for judgement in all_judged(with_facts(made, debuggable, **of_session(store, 30))):
        assert judgement.confidence is not Confidence.CONFIRMED


@settings(max_examples=60)
@given(visits(), declared(), STORES, APIS, st.integers(0, 400))
def test_when_the_facts_come_is_nothing(
    made: list[Visit], facts: Events, store: str, api: int | None, at_s: int
) -> None:
    """A host is resolved when it is first seen, which may be in the middle of everything."""
    events = in_time(made, **of_session(store, api))
    place = 1 + at_s % len(events)
    late = [*events[:place], *b.placed(facts, 0, START_S), *events[place:]]
    assert judged(late) == judged(with_facts(made, facts, **of_session(store, api)))
