"""The reading table, row by row, and what a joint judgement says beside its verdict."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as b
from tests.experiments import (
    ACCEPTING,
    APP,
    BROKEN,
    DEGRADED,
    NO,
    OK,
    PROVEN,
    REFUSING,
    RELAYED,
    UNTRUSTED,
    YES,
    read,
    together,
)
from tests.rooms import HOST, said
from tests.runs.recorded import AFTER, COPIED, LEAF, LOOSE, MUTE, OTHERS_PASS

from pinprobe.runs import JOINT_RULES, Reading, Role, judge_together
from pinprobe.signals import Signal, State

A, R, HALF = ACCEPTING, REFUSING, (b.accepted(requests=0),)
ROWS: dict[str, tuple[list[Any], tuple[str, str, str]]] = {
    "trusts everything in one run": ([("R2", R), ("R3", UNTRUSTED)], ("unpinned", "confirmed", "accepts_untrusted")),
    "trusts everything, broken otherwise": (
        [("R3", BROKEN), ("R1", UNTRUSTED)],
        ("unpinned", "confirmed", "accepts_untrusted"),
    ),
    "broken without us": ([("R3", BROKEN), ("R2", R), ("R3", R)], ("inconclusive", "none", "broken_without_us")),
    "one of two controls works": (
        [("R3", BROKEN), ("R3", RELAYED), ("R3", R)],
        ("pinned", "unproven", "refused_cause_unproven"),
    ),
    "accepts everywhere": (
        [("R3", RELAYED), ("R1", A), ("R2", A), ("R3", A)],
        ("unpinned", "probable", "accepts_in_no_store"),
    ),
    "suspicious in one run": ([("R2", A), ("R3", DEGRADED)], ("suspicious", "confirmed", "degraded")),
    "distrusts user CAs": (
        [("R3", RELAYED), ("R1", R), ("R2", R), ("R3", A)],
        ("unpinned", "confirmed", "distrusts_user_cas"),
    ),
    "distrusts user CAs, without a control in R2": (
        [("R2", (NO, NO)), ("R3", A)],
        ("unpinned", "confirmed", "distrusts_user_cas"),
    ),
    "distrusts user CAs, one request only": (
        [("R2", R), ("R3", (b.accepted(requests=1),))],
        ("unpinned", "probable", "distrusts_user_cas"),
    ),
    "distrusts user CAs, without a control in R2, and refuses where nobody knows": (
        [("R2", LOOSE), ("R3", A), ("?", R)],
        ("unpinned", "probable", "distrusts_user_cas"),
    ),
    "distrusts user CAs, and once mixed elsewhere": (
        [("R2", R), ("R3", A), ("R2", (YES, NO))],
        ("unpinned", "probable", "distrusts_user_cas"),
    ),
    "distrusts user CAs, under other labels": (
        [("R2", R, "1"), ("R3", A, "2")],
        ("unpinned", "probable", "distrusts_user_cas"),
    ),
    "exempts user CAs": ([("R1", R), ("R2", A), ("R3", PROVEN)], ("suspicious", "probable", "exempts_user_cas")),
    "exempts user CAs, as sure as R3": ([("R2", A), ("R3", R)], ("suspicious", "unproven", "exempts_user_cas")),
    "exempts user CAs, another R3 without a control": (
        [("R2", A), ("R3", LOOSE), ("R3", PROVEN)],
        ("suspicious", "probable", "exempts_user_cas"),
    ),
    "accepts in R2, refuses in R3 without a control": (
        [("R2", A), ("R3", LOOSE)],
        ("inconclusive", "none", "runs_disagree"),
    ),
    "accepts in R2, mute in R3 without a control": (
        [("R2", A), ("R3", MUTE)],
        ("inconclusive", "none", "runs_disagree"),
    ),
    "accepts in R2, closes in R3 as a network does": (
        [("R2", A), ("R3", (*MUTE, b.relayed_ok()))],
        ("unpinned", "probable", "decrypted"),
    ),
    "closes in R1, R2 and R3 as a network does": (
        [(one, (*MUTE, b.relayed_ok())) for one in ("R1", "R2", "R3")],
        ("inconclusive", "none", "too_little"),
    ),
    "accepts in R1, pinned in R3": ([("R1", A), ("R3", PROVEN)], ("inconclusive", "none", "runs_disagree")),
    "accepts in R1, refuses in R2": ([("R1", A), ("R2", R)], ("inconclusive", "none", "runs_disagree")),
    "accepts in R1, refuses in an unknown store": ([("R1", A), ("?", R)], ("inconclusive", "none", "runs_disagree")),
    "accepts in R1 and R3, refuses in R2": (
        [("R1", A), ("R2", R), ("R3", A)],
        ("inconclusive", "none", "runs_disagree"),
    ),
    "accepts in R1 once, refuses in R3": (
        [("R1", (b.accepted(requests=1),)), ("R3", PROVEN)],
        ("inconclusive", "none", "runs_disagree"),
    ),
    "accepts in R1, suspicious in R3, pinned in R2": (
        [("R1", A), ("R2", R), ("R3", DEGRADED)],
        ("suspicious", "confirmed", "degraded"),
    ),
    "accepts in R1, refuses in R3 without a control": (
        [("R1", A), ("R3", LOOSE)],
        ("unpinned", "probable", "accepts_in_no_store"),
    ),
    "accepts in R1, refused in R3 by accident": (
        [("R1", A), ("R3", A), ("R3", R), ("R3", A)],
        ("unpinned", "probable", "accepts_in_no_store"),
    ),
    "a copy of the genuine leaf passes in one run": (
        [("R2", COPIED), ("R3", PROVEN)],
        ("inconclusive", "none", "runs_disagree"),
    ),
    "a copy of the genuine leaf passes in another R3": (
        [("R2", A), ("R3", PROVEN), ("R3", COPIED)],
        ("inconclusive", "none", "runs_disagree"),
    ),
    "a copy of the genuine leaf passes, and nothing refuses beside it": (
        [("R2", COPIED), ("R3", A)],
        ("unpinned", "confirmed", "decrypted"),
    ),
    "accepts replayed chains in R2": (
        [("R2", OTHERS_PASS), ("R3", PROVEN)],
        ("pinned", "unproven", "refused_though_ca_trusted"),
    ),
    "accepts replayed chains in R2, pinned after the handshake in R3": (
        [("R2", OTHERS_PASS), ("R3", AFTER)],
        ("pinned", "probable", "refused_after_trust"),
    ),
    "accepts replayed chains in R2, pinned after the handshake where nobody knows": (
        [("R2", OTHERS_PASS), ("?", AFTER)],
        ("pinned", "unproven", "refused_after_trust"),
    ),
    "accepts replayed chains in R2, R3 refuses": (
        [("R2", OTHERS_PASS), ("R3", R)],
        ("pinned", "unproven", "refused_cause_unproven"),
    ),
    "accepts replayed chains in both": (
        [("R2", OTHERS_PASS), ("R3", OTHERS_PASS)],
        ("inconclusive", "none", "distrusts_ca_only"),
    ),
    "replays disagree": ([("R2", LEAF), ("R3", OTHERS_PASS)], ("inconclusive", "none", "runs_disagree")),
    "refuses everywhere, unproven": (
        [("R3", RELAYED), ("R1", R), ("R2", R), ("R3", R)],
        ("pinned", "unproven", "refused_cause_unproven"),
    ),
    "refuses everywhere, R3 is surer": (
        [("R2", R), ("R3", PROVEN)],
        ("pinned", "probable", "refused_though_ca_trusted"),
    ),
    "a replay in R2 beats an unproven R3": ([("R2", LEAF), ("R3", R)], ("pinned", "confirmed", "replay_pinned")),
    "accepts in both stores": (
        [("R3", RELAYED), ("R1", R), ("R2", A), ("R3", A)],
        ("unpinned", "confirmed", "decrypted"),
    ),
    "accepts in the user store alone": ([("R1", R), ("R2", A)], ("unpinned", "probable", "decrypted")),
    "accepts, once mixed elsewhere": ([("R2", (YES, NO)), ("R3", A)], ("unpinned", "probable", "decrypted")),
    "flips": ([("R3", A), ("R3", R)], ("inconclusive", "none", "flips_between_runs")),
    "a majority accepts": ([("R3", A), ("R3", R), ("R3", A)], ("unpinned", "probable", "decrypted")),
    "a majority refuses": ([("R3", R), ("R3", R), ("R3", A)], ("inconclusive", "none", "flips_between_runs")),
    "half and half": ([("R3", R), ("R3", A)] * 2, ("inconclusive", "none", "flips_between_runs")),
    "differs by label": ([("R3", A, "1.0"), ("R3", R, "2.0")], ("inconclusive", "none", "differs_by_label")),
    "R1 flips": ([("R1", A), ("R1", R)], ("inconclusive", "none", "flips_between_runs")),
    "an unknown store accepts, R3 refuses": ([("?", A), ("R3", R)], ("inconclusive", "none", "runs_disagree")),
    "an unknown store refuses, R3 accepts": ([("?", R), ("R3", A)], ("unpinned", "probable", "decrypted")),
    "an unknown store alone": ([("?", A)], ("unpinned", "probable", "decrypted")),
    "data once, refusals elsewhere": ([("R2", HALF), ("R3", R)], ("inconclusive", "none", "runs_disagree")),
    "nothing decided": ([("R3", RELAYED), ("R2", (NO, OK))], ("inconclusive", "none", "too_little")),
    "only relayed": ([("R3", RELAYED), ("R3", RELAYED)], ("not_tested", "none", "not_tested")),
}


@pytest.mark.parametrize(("runs", "expected"), ROWS.values(), ids=ROWS.keys())
def test_rows(runs: list[Any], expected: tuple[str, str, str]) -> None:
    assert said(read(*runs).judgement) == expected


def test_every_joint_rule_is_reached() -> None:
    assert {rule.id for rule in JOINT_RULES} <= {rule_id for _, (_, _, rule_id) in ROWS.values()}


def test_the_reason_names_the_runs() -> None:
    judgement = read(("R2", (*REFUSING, NO, NO)), ("R3", [YES] * 6)).judgement
    assert judgement.reason == "R2 user store: refused 4 of 4; R3 system store: 12 requests decrypted"


def test_the_reason_of_the_surest_run_comes_first() -> None:
    reason = read(("R2", R), ("R3", PROVEN)).judgement.reason
    assert reason.startswith(
        "R3 system store: refused 2 of 2, alert certificate_unknown (46); same stack trusts the CA"
    )
    assert reason.endswith("; beside it, R2 user store: refused 2 of 2")


def test_the_runs_that_decide_come_first() -> None:
    reason = read(("R3", RELAYED), ("R1", R), ("R2", A), ("R3", R)).judgement.reason
    assert reason == (
        "R2 user store: 6 requests decrypted; R3 system store: refused 2 of 2; "
        "beside it, R0 no interception: works, 2 of 2; R1 CA in no store: refused 2 of 2"
    )


def test_labels_are_said_where_they_differ() -> None:
    reason = read(("R3", A, "1.0"), ("R3", R, "2.0")).judgement.reason
    assert reason == "R3 system store, 1.0: 6 requests decrypted; R3 system store, 2.0: refused 2 of 2"


def test_an_unproven_refusal_names_the_runs_that_are_missing() -> None:
    missing = "\n".join(read(("R2", R), ("R3", (NO, OK))).judgement.missing)
    assert "(R0" in missing and "(R1" in missing and "(R3" in missing and "(R2" not in missing
    everything = read(("R3", RELAYED), ("R1", R), ("R2", R), ("R3", R)).judgement.missing
    assert not any("record a run with" in one for one in everything)


def test_what_the_leading_run_leaves_open_stays_open() -> None:
    assert any("one exchange" in one for one in read(("R2", R), ("R3", (b.accepted(requests=1),))).judgement.missing)
    assert len(read(("R1", A), ("R3", A)).judgement.missing) == 1, "R1's own step was done: R3 is there"


def test_what_is_assumed_is_said() -> None:
    assert "no store of the device" in read(("R1", A), ("R3", A)).judgement.missing[0]
    assert "R3 refuses what R1 accepts" in read(("R1", A), ("R3", LOOSE)).judgement.missing[0]
    assert "said of the stores" in read(("R1", A), ("R3", R)).judgement.missing[0]
    assert "without a working control" in read(("R2", A), ("R3", LOOSE)).judgement.missing[0]
    assert not any("working control" in one for one in read(("R2", COPIED), ("R3", R)).judgement.missing)
    assert "merely distrust" in read(("R2", OTHERS_PASS), ("R3", PROVEN)).judgement.missing[0]
    assert "accident" in read(("R3", A), ("R3", R), ("R3", A)).judgement.missing[0]
    assert "different labels" in read(("R2", R, "1"), ("R3", A, "2")).judgement.missing[0]
    assert any("pinprobe_ca_store" in one for one in read(("?", A), ("R3", R)).judgement.missing)


def flips(reading: Reading) -> Signal:
    (signal,) = (one for one in reading.judgement.signals if one.id == "flips_between_runs")
    return signal


def test_the_signal_of_flips_is_answered_where_runs_are_alike() -> None:
    assert flips(read(("R2", R), ("R3", A))).state is State.UNKNOWN
    absent = flips(read(("R3", A), ("R3", A)))
    assert (absent.state, absent.count, absent.of) == (State.ABSENT, 0, 2)
    present = flips(read(("R3", A), ("R3", R), ("R3", A)))
    assert (present.state, present.count, present.of) == (State.PRESENT, 1, 3)


def test_an_endpoint_of_one_run_alone_is_judged_by_it() -> None:
    readings = judge_together(together(("R2", R), ("R3", PROVEN)), APP)
    assert [one.judgement.endpoint.host for one in readings] == [HOST, "cdn.example.net"]
    assert [one.session_id for one in readings[1].runs] == ["s1"]
    assert said(readings[1].judgement) == ("unpinned", "confirmed", "decrypted")


def test_what_probes_brought_to_light_is_said() -> None:
    assert read(("R2", COPIED), ("R3", R)).judgement.reason == (
        "R2 user store: nothing decided, sent data under a copy of the genuine leaf; R3 system store: refused 2 of 2"
    )
    reason = read(("R2", OTHERS_PASS), ("R3", PROVEN)).judgement.reason
    assert reason.endswith("; beside it, R2 user store: refused 2 of 2, accepts replayed chains of other CAs")


def test_the_runs_that_contradict_r1_come_first() -> None:
    reason = read(("R3", RELAYED), ("R1", A), ("R3", R)).judgement.reason
    assert reason == (
        "R1 CA in no store: 6 requests decrypted; R3 system store: refused 2 of 2; "
        "beside it, R0 no interception: works, 2 of 2"
    )


def test_a_run_that_is_pinned_leads_where_user_cas_are_exempt() -> None:
    reading = read(("R2", A), ("R3", PROVEN))
    assert reading.lead.role is Role.R3
    assert any("exclude Certificate Transparency" in one for one in reading.judgement.missing)
