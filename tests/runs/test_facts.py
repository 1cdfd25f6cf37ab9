"""What runs say together, before any table reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.experiments import ACCEPTING, OK, REFUSING, RELAYED, seen_of, session
from tests.runs.recorded import AFTER, COPIED, LEAF, LOOSE, OTHERS_PASS

from pinprobe.runs.facts import (
    BEYOND_REPLAYS,
    CARRIED,
    COPY_ACCEPTED,
    FLIPS,
    LABELS_APART,
    LABELS_DISAGREE,
    MAJORITY,
    PINNED,
    REPLAY_ACCEPTED,
    REPLAYS_DISAGREE,
    UNCONTROLLED,
    anywhere,
    facts_of,
    identical,
)
from pinprobe.runs.role import Role
from pinprobe.runs.seen import Happened, Seen

A, R = ACCEPTING, REFUSING
Runs = Sequence[tuple[str, Sequence[Any], str]]


def seen(runs: Runs) -> list[Seen]:
    return [
        seen_of(session(store, *connections, number=number, label=label))
        for number, (store, connections, label) in enumerate(runs)
    ]


@pytest.mark.parametrize(
    ("runs", "facts"),
    [
        ([("R2", R, ""), ("R3", A, "")], {"pinned R2", "refuses R2", "accepts R3", CARRIED, PINNED}),
        ([("R3", RELAYED, "")], {"works R0"}),
        ([("R3", A, ""), ("R3", R, "")], {"pinned R3", "accepts R3", "refuses R3", FLIPS, CARRIED, PINNED}),
        ([("R3", A, ""), ("R3", R, ""), ("R3", A, "")], {"accepts R3", MAJORITY, CARRIED, PINNED}),
        (
            [("R3", R, ""), ("R3", R, ""), ("R3", A, "")],
            {"pinned R3", "accepts R3", "refuses R3", FLIPS, CARRIED, PINNED},
        ),
        ([("R3", A, ""), ("R3", R, "")] * 2, {"pinned R3", "accepts R3", "refuses R3", FLIPS, CARRIED, PINNED}),
        ([("R3", A, "1"), ("R3", R, "2")], {"pinned R3", "accepts R3", "refuses R3", LABELS_DISAGREE, CARRIED, PINNED}),
        ([("R2", R, "1"), ("R3", A, "2")], {"pinned R2", "refuses R2", "accepts R3", LABELS_APART, CARRIED, PINNED}),
        ([("R2", LOOSE, "")], {"refuses R2", UNCONTROLLED}),
        ([("R2", LOOSE, ""), ("R2", R, "")], {"refuses R2", UNCONTROLLED, PINNED, "pinned R2"}),
        ([("R2", COPIED, "")], {"nothing R2", COPY_ACCEPTED}),
        (
            [("R2", COPIED, ""), ("R3", R, "")],
            {"nothing R2", "refuses R3", COPY_ACCEPTED, CARRIED, PINNED, "pinned R3"},
        ),
        ([("R2", OTHERS_PASS, "")], {"refuses R2", REPLAY_ACCEPTED}),
        (
            [("R2", OTHERS_PASS, ""), ("R3", LEAF, "")],
            {"refuses R2", "refuses R3", REPLAY_ACCEPTED, REPLAYS_DISAGREE, PINNED, "pinned R3", BEYOND_REPLAYS},
        ),
        ([("R3", AFTER, "")], {"refuses R3", PINNED, "pinned R3", BEYOND_REPLAYS}),
        ([("?", AFTER, "")], {"refuses unknown", PINNED, "pinned unknown"}),
        ([("R2", R, "1"), ("R3", A, "2"), ("R3", A, "1")], {"pinned R2", "refuses R2", "accepts R3", CARRIED, PINNED}),
    ],
)
def test_facts(runs: Runs, facts: set[str]) -> None:
    assert facts_of(seen(runs)) == facts


def test_identical_runs_are_those_that_speak_with_one_role_and_label() -> None:
    runs = seen([("R3", A, ""), ("R3", R, ""), ("R3", A, "x"), ("R2", A, ""), ("R3", (OK,), "")])
    assert [[one.session_id for one in group] for group in identical(runs)] == [["s0", "s1"], ["s2"], ["s3"]]


def test_anywhere_names_every_role() -> None:
    assert anywhere(Happened.MIXED) == tuple(f"mixed {role}" for role in Role)
