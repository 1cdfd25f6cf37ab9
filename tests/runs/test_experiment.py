"""A set of runs: however it is put together, it is the same."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.builders import START_S
from tests.experiments import ACCEPTING, APP, REFUSING, run_of, session, together
from tests.sessions import OF_SESSION, Visit, in_time, visits

from pinprobe.runs import Experiment, experiment_of


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """A few runs out of three sessions, some of them in two copies of different length."""
    runs = []
    for _ in range(draw(st.integers(0, 3))):
        number = draw(st.integers(0, 2))
        made: list[Visit] = draw(visits(max_size=3))
        of_session: dict[str, Any] = draw(OF_SESSION)
        started = {"session_id": f"s{number}", "at_s": START_S + draw(st.sampled_from([0.0, 60.0]))}
        runs.append(run_of(in_time(made, **{**of_session, **started})))
    return experiment_of(runs)


@given(experiments(), experiments(), experiments())
def test_join_is_that_of_sets(a: Experiment, b: Experiment, c: Experiment) -> None:
    assert a.join(b).join(c) == a.join(b.join(c))
    assert a.join(b) == b.join(a)
    assert a.join(a) == a
    assert a.join(Experiment()) == a


def test_of_two_copies_the_whole_one_is_kept() -> None:
    torn, whole = session("R2", *REFUSING[:1]), session("R2", *REFUSING)
    for order in ((torn, whole), (whole, torn)):
        assert experiment_of(order).runs == (whole,)


def test_runs_come_by_start_and_id() -> None:
    runs = [session("R2", number=number) for number in (2, 0, 1)]
    assert [run.session.session_id for run in experiment_of(runs).runs] == ["s0", "s1", "s2"]


def test_digests_are_of_sorted_parts() -> None:
    experiment = together(("R2", REFUSING), ("R3", ACCEPTING))
    assert experiment.ids_sha256 == hashlib.sha256(b"s0\ns1").hexdigest()
    digests = sorted(run.journal_sha256 for run in experiment.runs)
    assert experiment.journals_sha256 == hashlib.sha256("\n".join(digests).encode()).hexdigest()


def test_an_experiment_knows_its_apps() -> None:
    assert together(("R2", REFUSING)).app_ids == (APP,)
    nobody = session("R3", *ACCEPTING, number=1, app_id=None)
    assert together(("R2", REFUSING)).join(experiment_of([nobody])).app_ids == (APP, "unattributed")
