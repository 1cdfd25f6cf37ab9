"""The table itself: complete, named once, and no surer than it says."""

from __future__ import annotations

from pinprobe.runs import JOINT_RULES, READINGS, Happened, Role
from pinprobe.runs import facts as f
from pinprobe.runs.facts import fact
from pinprobe.runs.table import MISSING_RUN
from pinprobe.verdicts import RULES, Confidence, Verdict

KNOWN = {
    f.FLIPS,
    f.MAJORITY,
    f.LABELS_DISAGREE,
    f.LABELS_APART,
    f.BUILDS_APART,
    f.CARRIED,
    f.COPY_ACCEPTED,
    f.UNCONTROLLED,
    f.REPLAYS_DISAGREE,
    f.REPLAY_ACCEPTED,
    f.PINNED,
    f.BEYOND_REPLAYS,
    *map(f.pinned, Role),
    *(fact(happened, role) for happened in Happened for role in Role),
}


def test_rows_name_only_facts_that_there_are() -> None:
    for row in READINGS:
        named = {*row.needs, *row.any_of, *row.lacking, *row.leads, *(one for one, _ in row.doubts)}
        assert named <= KNOWN, row.when


def test_the_last_row_always_matches() -> None:
    assert not READINGS[-1].needs and not READINGS[-1].any_of and not READINGS[-1].lacking
    assert all(row.needs or row.any_of for row in READINGS[:-1])


def test_joint_rules_have_names_of_their_own() -> None:
    ids = [rule.id for rule in JOINT_RULES]
    assert len(set(ids)) == len(ids) == 7
    assert not set(ids) & {rule.id for rule in RULES}


def test_no_joint_rule_says_pinned() -> None:
    assert all(rule.verdict is not Verdict.PINNED for rule in JOINT_RULES)
    for rule in JOINT_RULES:
        assert (rule.confidence is Confidence.NONE) is (rule.verdict is Verdict.INCONCLUSIVE)


def test_only_a_run_s_own_rule_has_a_bound_of_its_row() -> None:
    assert all(row.rule is None or row.at_most is Confidence.CONFIRMED for row in READINGS)


def test_what_exempts_user_cas_is_led_by_a_pinned_run_in_r3_only() -> None:
    (row,) = (row for row in READINGS if row.rule is not None and row.rule.id == "exempts_user_cas")
    assert row.leads == (f.pinned(Role.R3),)


def test_every_run_that_may_be_missing_is_described() -> None:
    assert list(MISSING_RUN) == [Role.R0, Role.R1, Role.R2, Role.R3]
