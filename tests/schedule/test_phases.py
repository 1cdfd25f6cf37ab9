"""Phases: outside the test everything is relayed, whatever the mode, and then the experiment goes on as if new."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import builders as b
from tests.builders import START_S, Events
from tests.simulation import PINNED, PINNED_AFTER, UNPINNED, Client, Proxy, replayed

import pinprobe.schedule as schedule_module
from pinprobe import events as ev
from pinprobe.schedule import Plan, Schedule
from pinprobe.thresholds import SCHEDULE_EACH

KINDS = (UNPINNED, PINNED, PINNED_AFTER)
SEEDS = range(10)


def begun(phase: str, *, seed: int = 7, mode: str = "experiment") -> Proxy:
    """A proxy whose session begins in this phase."""
    made = Proxy(Schedule(Plan(seed=seed, mode=mode)))
    made.emit(b.session(seed=seed, mode=mode, phase=phase))
    return made


def visit(made: Proxy, *clients: Client, every_s: float = 5.0) -> list[str]:
    """These visits, one after another, behind what was before; returns their probes."""
    start_s = made.journal[-1].at_s - START_S + 60.0
    return [made.visit(client, start_s + every_s * number) for number, client in enumerate(clients)]


def mark(made: Proxy, phase: str) -> None:
    made.emit(ev.Marked(at_s=made.journal[-1].at_s + 1.0, phase=phase, source="command"))


@pytest.mark.parametrize("phase", [ev.IDLE, ev.CONTROL])
@pytest.mark.parametrize("mode", ["experiment", "observe"])
@pytest.mark.parametrize("kind", KINDS, ids=["unpinned", "pinned", "pinned after"])
def test_outside_the_test_everything_is_relayed(phase: str, mode: str, kind: Client) -> None:
    assert set(visit(begun(phase, mode=mode), *[kind] * 40)) == {"relay"}


@pytest.mark.parametrize("mode", ["experiment", "observe"])
def test_more_endpoints_than_are_kept_are_relayed_as_well(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule_module, "ENDPOINTS_KEPT", 2)
    hosts = [replace(PINNED, host=f"host{number}.example.com") for number in range(5)]
    assert set(visit(begun(ev.CONTROL, mode=mode), *hosts * 3)) == {"relay"}


@pytest.mark.parametrize("kind", KINDS, ids=["unpinned", "pinned", "pinned after"])
def test_the_test_begins_with_our_certificate(kind: Client) -> None:
    made = begun(ev.CONTROL)
    visit(made, *[kind] * 20)
    mark(made, ev.TEST)
    assert visit(made, kind) == ["trusted_ca"]


def test_in_observe_mode_the_test_intercepts_everything() -> None:
    made = begun(ev.CONTROL, mode="observe")
    visit(made, *[PINNED] * 5)
    mark(made, ev.TEST)
    assert set(visit(made, *[PINNED] * 40)) == {"trusted_ca"}


@pytest.mark.parametrize("before", [1, SCHEDULE_EACH, 10, 100])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_experiment_after_a_control_has_all_its_refusals(seed: int, before: int) -> None:
    """However long the control was."""
    made = begun(ev.CONTROL, seed=seed)
    visit(made, *[PINNED] * before)
    mark(made, ev.TEST)
    assert Counter(visit(made, *[PINNED] * 2 * SCHEDULE_EACH))["trusted_ca"] >= SCHEDULE_EACH


@pytest.mark.parametrize("seed", SEEDS)
def test_a_control_in_between_interrupts_and_changes_nothing(seed: int) -> None:
    interrupted, whole = begun(ev.TEST, seed=seed), begun(ev.TEST, seed=seed)
    before = visit(interrupted, *[UNPINNED] * 3)
    mark(interrupted, ev.CONTROL)
    assert set(visit(interrupted, *[UNPINNED] * 20)) == {"relay"}
    mark(interrupted, ev.TEST)
    assert [*before, *visit(interrupted, *[UNPINNED] * 40)] == visit(whole, *[UNPINNED] * 43)


def test_a_connection_of_the_moment_before_keeps_its_probe() -> None:
    """Side by side with a relayed one, a connection is relayed too, though the test has just begun."""
    made = begun(ev.CONTROL)
    for event in b.placed(PINNED.answer("relay")[:2], 1, START_S + 100):
        made.emit(event)
    made.schedule.choose(PINNED.key, 1, START_S + 100.0)
    made.emit(ev.Marked(at_s=START_S + 100.5, phase=ev.TEST, source="command"))
    assert made.schedule.choose(PINNED.key, 2, START_S + 101.0).probe_id == "relay"
    assert made.schedule.choose(PINNED.key, 3, START_S + 110.0).probe_id == "trusted_ca"


@given(
    st.sampled_from(ev.PHASES),
    st.lists(st.sampled_from([*KINDS, *ev.PHASES]), max_size=60),
    st.sampled_from(["experiment", "observe"]),
    st.integers(0, 2**32 - 1),
)
def test_a_journal_with_marks_replays_to_the_same_decisions(
    phase: str, doings: list[Client | str], mode: str, seed: int
) -> None:
    made = begun(phase, seed=seed, mode=mode)
    for doing in doings:
        if isinstance(doing, str):
            mark(made, doing)
        else:
            visit(made, doing)
    assert [choice for _, choice in replayed(made.journal)] == made.choices


def test_marks_stand_in_the_journal() -> None:
    made = begun(ev.IDLE)
    for phase in (ev.CONTROL, ev.TEST):
        mark(made, phase)
    marks: Events = [event for event in made.journal if isinstance(event, ev.Marked)]
    assert [event.phase for event in marks if isinstance(event, ev.Marked)] == [ev.CONTROL, ev.TEST]
