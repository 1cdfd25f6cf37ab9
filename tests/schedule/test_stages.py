"""What an experiment still wants, stage by stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.schedule.test_chains import book, chain

from pinprobe.schedule.chains import FOREIGN, GENUINE, SIBLING
from pinprobe.schedule.progress import Choice, Group, Progress
from pinprobe.schedule.stages import REFUSING as REFUSING_STAGES
from pinprobe.schedule.stages import (
    Situation,
    Wants,
    alternation,
    bad_certificates,
    contrast,
    finer_contrasts,
    references,
    replays,
    stuffing,
)
from pinprobe.thresholds import (
    BAD_CERTIFICATES_EACH,
    CONTRAST_NEEDED,
    REPLAY_CHAINS_SHOWN,
    REPLAYS_NEEDED,
    SCHEDULE_EACH,
    SCHEDULE_EACH_BARE,
)

TRUSTED, RELAY = Choice("trusted_ca"), Choice("relay")
CHAINS = (
    chain("own", "one", ("one",)),
    chain("sibling", "one", ("one",)),
    chain("foreign", "two", ("two",)),
    chain("other foreign", "three", ("three",)),
    chain("third foreign", "four", ("four",)),
)


def situation(
    progress: Progress,
    *,
    group: Group | None = None,
    probes: tuple[str, ...] = (),
    allowed: bool = True,
    known: bool = True,
) -> Situation:
    return Situation(
        progress=progress,
        group=group or Group(),
        chains=book(*CHAINS) if known else book(),
        probes=probes,
        contrasts=allowed,
    )


def by_probe(wants: Wants) -> dict[str, int]:
    found: dict[str, int] = {}
    for choice, number in wants:
        found[choice.probe_id] = found.get(choice.probe_id, 0) + number
    return found


def test_alternation_wants_as_many_of_each() -> None:
    assert dict(alternation(situation(Progress(refusals_by_alert=1)))) == {TRUSTED: SCHEDULE_EACH, RELAY: SCHEDULE_EACH}
    for strong in (Progress(bare_closes=5, refusals_by_alert=1), Progress(bare_closes=5, refusals_after=1), Progress()):
        assert dict(alternation(situation(strong)))[TRUSTED] == SCHEDULE_EACH
    more = Progress(refusals_by_alert=1, relays_worked=9, answered={RELAY: 9})
    assert dict(alternation(situation(more)))[RELAY] == 9, "and no more of them"
    weak = dict(alternation(situation(Progress(bare_closes=1))))
    assert weak == {TRUSTED: SCHEDULE_EACH_BARE, RELAY: SCHEDULE_EACH_BARE}


def test_a_control_that_failed_is_tried_again_within_bounds() -> None:
    some = Progress(refusals_by_alert=1, answered={RELAY: 3, TRUSTED: 3}, relays_worked=1)
    assert dict(alternation(situation(some)))[RELAY] == 5
    assert alternation(situation(replace(some, answered={RELAY: 15, TRUSTED: 3}))) == []


WANTED: dict[str, tuple[Progress, Group, dict[str, int]]] = {
    "refused by alert, no canary yet": (Progress(refusals_by_alert=2, alert=46, own_chain="own"), Group(), {}),
    "refused by alert, beside a proven canary": (
        Progress(refusals_by_alert=2, alert=46, own_chain="own"),
        Group(proven=True),
        {"mimic_genuine": CONTRAST_NEEDED},
    ),
    "refused after the handshake": (
        Progress(refusals_after=2, own_chain="own"),
        Group(),
        {"unknown_ca": CONTRAST_NEEDED, "mimic_genuine": CONTRAST_NEEDED},
    ),
    "refused after the handshake, server not seen": (
        Progress(refusals_after=2),
        Group(),
        {"unknown_ca": CONTRAST_NEEDED},
    ),
    "a stack whose alert names the reason": (
        Progress(refusals_by_alert=2, alert=48),
        Group(),
        {"expired": CONTRAST_NEEDED, "expired_unknown_ca": CONTRAST_NEEDED},
    ),
    "closes without alert": (Progress(bare_closes=3), Group(), {"relay_delayed": CONTRAST_NEEDED}),
    "closes without alert, and alerts": (Progress(bare_closes=3, refusals_by_alert=1, alert=46), Group(), {}),
    "nothing refused": (Progress(neutral=3, own_chain="own"), Group(), {}),
    "it also accepts": (Progress(refusals_after=2, accepts=1), Group(), {}),
}


@pytest.mark.parametrize(("progress", "group", "wants"), WANTED.values(), ids=WANTED.keys())
def test_contrasts_where_a_verdict_hangs_on_them(progress: Progress, group: Group, wants: dict[str, int]) -> None:
    shown = situation(progress, group=group)
    assert by_probe([*contrast(shown), *finer_contrasts(shown)]) == wants
    off = situation(progress, group=group, allowed=False)
    assert contrast(off) == finer_contrasts(off) == []


def test_what_decides_a_verdict_comes_before_what_refines_it() -> None:
    assert REFUSING_STAGES.index(contrast) < REFUSING_STAGES.index(finer_contrasts)


REFUSING = Progress(refusals_by_alert=2, alert=46, own_chain="own")


def test_replays_are_the_own_chain_two_foreign_ones_and_a_sibling() -> None:
    group = Group()
    wants = replays(situation(REFUSING, group=group))
    assert dict(wants) == {
        Choice(GENUINE, "own"): REPLAYS_NEEDED,
        Choice(FOREIGN, "foreign"): REPLAYS_NEEDED,
        Choice(FOREIGN, "other foreign"): REPLAYS_NEEDED,
        Choice(SIBLING, "sibling"): REPLAYS_NEEDED,
    }
    assert sorted(group.chains) == ["foreign", "other foreign", "sibling"]


UNFIT = (chain("own", "one", ("one",), own_refused="expired"), *CHAINS[1:])

NOTHING_TO_REPLAY: dict[str, Callable[[], Situation]] = {
    "no alert in the handshake": lambda: situation(Progress(refusals_after=2, own_chain="own")),
    "it also accepts": lambda: situation(replace(REFUSING, accepts=1)),
    "the server was not seen": lambda: situation(replace(REFUSING, own_chain=None)),
    "no chain is known": lambda: situation(REFUSING, known=False),
    "switched off": lambda: situation(REFUSING, allowed=False),
    "not even its own": lambda: replace(situation(REFUSING), chains=book(*UNFIT)),
}


@pytest.mark.parametrize("made", NOTHING_TO_REPLAY.values(), ids=NOTHING_TO_REPLAY.keys())
def test_nothing_is_replayed_where_it_would_tell_nothing(made: Callable[[], Situation]) -> None:
    assert replays(made()) == []


def test_a_proven_canary_is_shown_what_its_neighbours_are() -> None:
    canary = Progress(accepts=5, own_chain="sibling")
    group = Group(proven=True, chains=["foreign", "own"])
    assert dict(references(situation(canary, group=group))) == {
        Choice(GENUINE, "sibling"): REPLAYS_NEEDED,
        Choice(FOREIGN, "foreign"): REPLAYS_NEEDED,
        Choice(SIBLING, "own"): REPLAYS_NEEDED,
    }
    assert references(situation(canary, group=replace(group, proven=False))) == []
    assert references(situation(canary, group=group, allowed=False)) == []


def test_bad_certificates_are_those_asked_for() -> None:
    asked = ("self_signed", "stuffed_chain")
    refusing = bad_certificates(situation(REFUSING, probes=asked))
    assert dict(refusing) == {
        Choice("self_signed"): BAD_CERTIFICATES_EACH,
        Choice("stuffed_chain", "own"): BAD_CERTIFICATES_EACH,
    }
    accepting = bad_certificates(situation(Progress(accepts=3, own_chain="own"), probes=asked))
    assert by_probe(accepting) == {"self_signed": BAD_CERTIFICATES_EACH}
    assert bad_certificates(situation(REFUSING)) == []


def test_chains_shown_to_one_stack_are_bounded() -> None:
    group = Group(chains=[f"known {number}" for number in range(REPLAY_CHAINS_SHOWN)])
    replays(situation(REFUSING, group=group))
    assert len(group.chains) == REPLAY_CHAINS_SHOWN
    once = Group(chains=["foreign"])
    replays(situation(REFUSING, group=once))
    assert sorted(once.chains) == ["foreign", "other foreign", "sibling"]


STUFFED: dict[str, tuple[Progress, Group, bool]] = {
    "refused after the handshake": (Progress(refusals_after=2, own_chain="own"), Group(), True),
    "refused beside a proven canary": (REFUSING, Group(proven=True), True),
    "refused, and nobody vouches": (REFUSING, Group(), False),
    "the server was not seen": (Progress(refusals_after=2), Group(), False),
    "it also accepts": (Progress(refusals_after=2, own_chain="own", accepts=1), Group(), False),
}


@pytest.mark.parametrize(("progress", "group", "tried"), STUFFED.values(), ids=STUFFED.keys())
def test_a_stuffed_chain_is_tried_once_where_a_pin_is_likely(progress: Progress, group: Group, tried: bool) -> None:
    wants = stuffing(situation(progress, group=group))
    assert wants == ([(Choice("stuffed_chain", "own"), 1), (Choice("stuffed_chain_first", "own"), 1)] if tried else [])
    assert stuffing(situation(progress, group=group, allowed=False)) == []


@pytest.mark.parametrize(
    "progress", [replace(REFUSING, accepts=1), replace(REFUSING, own_chain=None), Progress(own_chain="own")]
)
def test_a_stuffed_chain_that_was_asked_for_still_wants_a_refusal_and_a_chain(progress: Progress) -> None:
    assert bad_certificates(situation(progress, probes=("stuffed_chain",))) == []
