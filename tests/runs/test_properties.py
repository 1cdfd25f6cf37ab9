"""What must hold of every experiment, whatever its runs did."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests import builders as b
from tests.builders import CONSCRYPT, START_S
from tests.experiments import (
    ACCEPTING,
    APP,
    BROKEN,
    DEGRADED,
    PROVEN,
    REFUSING,
    RELAYED,
    STORES,
    UNTRUSTED,
    run_of,
    session,
)
from tests.rooms import said
from tests.runs.recorded import AFTER, COPIED, LEAF, LOOSE, MUTE, OTHERS_PASS
from tests.sessions import HOSTS, TYPICAL, WAYS, Visit, in_time, visits

from pinprobe.attempts import Endpoint
from pinprobe.runs import JOINT_RULES, Experiment, Happened, Reading, Role, Run, experiment_of, judge_together
from pinprobe.verdicts import RULES, Confidence, Verdict

SURENESS = [Confidence.NONE, Confidence.UNPROVEN, Confidence.PROBABLE, Confidence.CONFIRMED]
RULE = {rule.id: rule for rule in (*RULES, *JOINT_RULES)}
WORST_NEWS = {"accepts_untrusted", "degraded"}
"""A run's own, whatever its store: what an app did is not undone by others."""


@st.composite
def experiments(draw: st.DrawFn, stores: tuple[str, ...] = ("system", "user", "none", "unknown")) -> Experiment:
    """Up to four runs of one app at the same few places."""
    runs: list[Run] = []
    for number in range(draw(st.integers(1, 4))):
        typical = draw(st.sampled_from(TYPICAL))
        ways = draw(st.sampled_from([WAYS, typical, (("accepted", "trusted_ca"),), (("relay worked", "relay"),)]))
        made: list[Visit] = draw(visits(hosts=HOSTS[:2], stacks=(CONSCRYPT,), ways=ways, max_size=8))
        of_session: dict[str, Any] = {
            "ca_store": draw(st.sampled_from(stores)),
            "label": draw(st.sampled_from(["", "1.0"])),
            "app_id": APP,
            "session_id": f"{stores[-1]}{number}",
            "at_s": START_S + 60 * number,
        }
        runs.append(run_of(in_time(made, **of_session)))
    return experiment_of(runs)


KINDS = (
    *(ACCEPTING, REFUSING, RELAYED, BROKEN, UNTRUSTED, DEGRADED, PROVEN),
    *(LEAF, OTHERS_PASS, COPIED, LOOSE, MUTE, AFTER, (b.accepted(), b.refused_alert())),
)


@st.composite
def recorded(draw: st.DrawFn, stores: tuple[str, ...] = tuple(STORES), first: int = 0) -> Experiment:
    """Up to four runs out of those that tell most, any of them in any store."""
    some = st.lists(st.tuples(st.sampled_from(stores), st.integers(0, len(KINDS) - 1)), min_size=1, max_size=4)
    return experiment_of(
        session(store, *KINDS[kind], number=first + number, label=draw(st.sampled_from(["", "1.0"])))
        for number, (store, kind) in enumerate(draw(some))
    )


def readings(experiment: Experiment) -> dict[Endpoint, Reading]:
    return {one.judgement.endpoint: one for one in judge_together(experiment, APP)}


@given(experiments() | recorded())
def test_every_endpoint_of_any_run_gets_exactly_one_verdict(experiment: Experiment) -> None:
    found = judge_together(experiment, APP)
    endpoints = {about.endpoint for run in experiment.runs for about in run.evidence.of_app(APP)}
    assert [one.judgement.endpoint for one in found] == sorted(endpoints)
    for one in found:
        judgement = one.judgement
        assert judgement.verdict is RULE[judgement.rule_id].verdict
        undecided = judgement.verdict in {Verdict.INCONCLUSIVE, Verdict.NOT_TESTED}
        assert (judgement.confidence is Confidence.NONE) is undecided
        assert judgement.reason == judgement.reason.strip() and "\n" not in judgement.reason
        assert judgement.reason.startswith(("R0", "R1", "R2", "R3", "store unknown"))


@given(experiments() | recorded())
def test_what_any_run_decrypted_is_never_pinned(experiment: Experiment) -> None:
    for one in readings(experiment).values():
        if any(run.requests or run.accepts or run.copy_accepted for run in one.runs):
            assert one.judgement.verdict is not Verdict.PINNED


@given(experiments() | recorded())
def test_no_verdict_is_surer_than_the_surest_run(experiment: Experiment) -> None:
    for one in readings(experiment).values():
        surest = max(SURENESS.index(run.judgement.confidence) for run in one.runs)
        assert SURENESS.index(one.judgement.confidence) <= surest


@settings(max_examples=200)
@given(
    experiments(stores=("system", "user", "none")) | recorded(stores=("R1", "R2", "R3")),
    experiments(stores=("unknown",)) | recorded(stores=("?",), first=4),
)
def test_a_run_whose_store_is_unknown_never_makes_a_verdict_surer(known: Experiment, unknown: Experiment) -> None:
    alone = readings(known)
    for endpoint, beside in readings(known.join(unknown)).items():
        before = alone.get(endpoint)
        if before is None or before.judgement.verdict is not beside.judgement.verdict:
            continue
        if beside.judgement.rule_id not in WORST_NEWS:
            assert SURENESS.index(beside.judgement.confidence) <= SURENESS.index(before.judgement.confidence)


@given(experiments() | recorded(), experiments() | recorded())
def test_the_order_of_runs_is_nothing(a: Experiment, b: Experiment) -> None:
    assert {e: said(one.judgement) for e, one in readings(a.join(b)).items()} == {
        e: said(one.judgement) for e, one in readings(b.join(a)).items()
    }


@given(experiments() | recorded())
def test_what_accepts_everything_is_never_hidden(experiment: Experiment) -> None:
    for one in readings(experiment).values():
        trusts_all = any(run.happened is Happened.UNTRUSTED for run in one.runs)
        assert (one.judgement.rule_id == "accepts_untrusted") is trusts_all


@given(experiments() | recorded())
def test_pinned_is_said_only_where_a_run_says_so(experiment: Experiment) -> None:
    for one in readings(experiment).values():
        if one.judgement.verdict is Verdict.PINNED:
            itself = {run.judgement.rule_id: run.judgement for run in one.runs if run.happened is Happened.REFUSES}
            assert itself[one.judgement.rule_id].verdict is Verdict.PINNED
        if one.judgement.verdict is Verdict.UNPINNED:
            assert any(run.accepts or run.happened is Happened.UNTRUSTED for run in one.runs)


@given(experiments() | recorded())
def test_without_interception_nothing_is_decided(experiment: Experiment) -> None:
    only = experiment_of(run for run in experiment.runs if run.role is Role.R0)
    for one in readings(only).values():
        assert one.judgement.verdict in {Verdict.NOT_TESTED, Verdict.INCONCLUSIVE}


@given(experiments() | recorded())
def test_a_pin_that_replays_contradict_is_unproven(experiment: Experiment) -> None:
    for one in readings(experiment).values():
        judgement = one.judgement
        inside = "replay_accepted" in RULE[judgement.rule_id].lacking
        if judgement.verdict is Verdict.PINNED and inside and any(run.replay_accepted for run in one.runs):
            assert judgement.confidence is Confidence.UNPROVEN


@given(recorded())
def test_user_cas_are_exempt_only_where_a_run_in_r3_is_pinned_by_itself(experiment: Experiment) -> None:
    for one in readings(experiment).values():
        if one.judgement.rule_id == "exempts_user_cas":
            assert one.lead.role is Role.R3 and one.lead.judgement.verdict is Verdict.PINNED
            assert SURENESS.index(one.judgement.confidence) <= SURENESS.index(one.lead.judgement.confidence)


@given(recorded())
def test_what_is_pinned_elsewhere_does_not_trust_everything(experiment: Experiment) -> None:
    for one in readings(experiment).values():
        if one.judgement.rule_id == "accepts_in_no_store":
            # A majority of three or more overrules a refusal.
            pinned = [run for run in one.runs if run.judgement.verdict is Verdict.PINNED]
            assert all(
                2 < sum((other.role, other.label) == (run.role, run.label) for other in one.runs) for run in pinned
            )


@given(recorded())
def test_a_refusal_without_a_control_never_makes_a_verdict_surer(experiment: Experiment) -> None:
    loose = {
        run.session.session_id
        for run in experiment.runs
        for one in [judge_together(experiment_of([run]), APP)]
        if any(seen.happened is Happened.REFUSES and not seen.controlled for reading in one for seen in reading.runs)
    }
    without = readings(experiment_of(run for run in experiment.runs if run.session.session_id not in loose))
    for endpoint, beside in readings(experiment).items():
        before = without.get(endpoint)
        if before is not None and before.judgement.verdict is beside.judgement.verdict:
            assert SURENESS.index(beside.judgement.confidence) <= SURENESS.index(before.judgement.confidence)
