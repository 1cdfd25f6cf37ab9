"""The experiment: seeded and repeatable, balanced, bounded, and undisturbed by what other endpoints do."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import builders as b
from tests.builders import FLUTTER, START_S
from tests.rooms import said
from tests.simulation import (
    PINNED,
    PINNED_AFTER,
    SILENT_REFUSER,
    TRUSTS_ALL,
    UNPINNED,
    Client,
    Proxy,
    proxy,
    replayed,
    run,
)

import pinprobe.schedule as schedule_module
from pinprobe.evidence import evidence_of
from pinprobe.thresholds import (
    ACCEPTS_BEFORE_MORE,
    CONTRAST_NEEDED,
    LET_THROUGH_EVERY,
    RELAY_EVERY,
    RETEST_EVERY,
    SCHEDULE_EACH,
    SCHEDULE_EACH_BARE,
)
from pinprobe.verdicts import judge_all

CANARY = replace(UNPINNED, host="cdn.example.net")
SEEDS = range(20)
KINDS = (UNPINNED, PINNED, PINNED_AFTER, TRUSTS_ALL, SILENT_REFUSER)


def verdict(made: Proxy, host: str = "api.example.com", **of_session: object) -> tuple[str, str, str]:
    first, *events = made.journal
    evidence = evidence_of([replace(first, **of_session), *events])  # type: ignore[arg-type]
    (app,) = evidence.apps()
    return said(next(one for one in judge_all(evidence, app) if one.endpoint.host == host))


# -- an endpoint that refuses ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_after_a_refusal_trusted_ca_and_relay_are_balanced(seed: int) -> None:
    probes = run([PINNED] * 2 * SCHEDULE_EACH, seed=seed).probes
    assert probes[0] == "trusted_ca"
    assert Counter(probes) == {"trusted_ca": SCHEDULE_EACH, "relay": SCHEDULE_EACH}


@pytest.mark.parametrize("seed", SEEDS)
def test_without_alerts_it_takes_more_of_each(seed: int) -> None:
    probes = run([SILENT_REFUSER] * 2 * SCHEDULE_EACH_BARE, seed=seed).probes
    assert Counter(probes) == {"trusted_ca": SCHEDULE_EACH_BARE, "relay": SCHEDULE_EACH_BARE}


def test_the_order_is_random() -> None:
    orders = {tuple(run([PINNED] * 6, seed=seed).probes) for seed in SEEDS}
    assert len(orders) > 4


@pytest.mark.parametrize("seed", SEEDS)
def test_a_decided_refusal_is_relayed_and_tested_now_and_then(seed: int) -> None:
    later = run([PINNED] * (20 + 10 * RETEST_EVERY), seed=seed).probes[20:]
    assert 9 <= Counter(later)["trusted_ca"] <= 11
    assert set(later) == {"trusted_ca", "relay"}


def test_a_control_that_never_works_ends_the_alternation() -> None:
    broken = replace(PINNED, relayed=b.relayed_failed)
    later = run([broken] * 80).probes[-RETEST_EVERY * 4 :]
    assert 3 <= Counter(later)["trusted_ca"] <= 5


def test_many_neutral_attempts_are_a_reason_to_relay() -> None:
    mute = Client(trusted=b.silent)
    assert "relay" in run([mute] * 6, every_s=60.0).probes


# -- an endpoint that accepts ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_about_every_tenth_is_relayed(seed: int) -> None:
    probes = run([UNPINNED] * (ACCEPTS_BEFORE_MORE + 10 * RELAY_EVERY), seed=seed).probes
    assert set(probes[:ACCEPTS_BEFORE_MORE]) == {"trusted_ca"}
    assert Counter(probes) == {"trusted_ca": ACCEPTS_BEFORE_MORE + 10 * (RELAY_EVERY - 1), "relay": 10}


def test_one_that_accepts_and_refuses_stays_intercepted() -> None:
    calls = count()

    def moody(host: str, **how: Any) -> b.Events:
        return b.accepted(host, **how) if next(calls) % 2 else b.refused_alert(host, **how)

    later = Counter(run([Client(trusted=moody)] * 120).probes[-80:])
    assert later["trusted_ca"] > 2 * later["relay"]


# -- contrasts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_refusal_after_the_handshake_is_contrasted_a_few_times_only(seed: int) -> None:
    made = run([PINNED_AFTER] * 100, seed=seed)
    assert Counter(made.probes)["unknown_ca"] == CONTRAST_NEEDED
    assert verdict(made)[2] == "refused_after_trust"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_canary_is_contrasted_a_few_times_only(seed: int) -> None:
    made = run([PINNED, CANARY] * 60, seed=seed)
    shown = Counter(zip(made.probes, [PINNED.host, CANARY.host] * 60, strict=True))
    assert shown["unknown_ca", CANARY.host] == CONTRAST_NEEDED
    assert shown["unknown_ca", PINNED.host] == 0
    assert verdict(made, ca_store="system") in [
        ("pinned", "probable", "refused_though_ca_trusted"),
        ("pinned", "confirmed", "refused_though_ca_trusted"),
    ]
    assert verdict(made, host=CANARY.host, ca_store="system") == ("unpinned", "confirmed", "decrypted")


def test_accepting_endpoints_that_nobody_needs_are_left_in_peace() -> None:
    made = run([UNPINNED, CANARY, replace(CANARY, host="img.example.net")] * 40)
    assert set(made.probes) == {"trusted_ca", "relay"}


def test_one_canary_is_enough() -> None:
    """However many accepting endpoints there are: each contrast fails a connection of the app."""
    others = [replace(UNPINNED, host=f"host{number}.example.net") for number in range(20)]
    made = run([PINNED, *others] * 20)
    assert CONTRAST_NEEDED <= Counter(made.probes)["unknown_ca"] <= 2 * CONTRAST_NEEDED


def test_one_that_trusts_everything_is_passed_over() -> None:
    """It is found out, and another endpoint takes its place as the canary."""
    everything = replace(TRUSTS_ALL, host="ads.example.org")
    made = run([PINNED, everything, everything, CANARY] * 60)
    shown = Counter(zip(made.probes, [c.host for c in (PINNED, everything, everything, CANARY)] * 60, strict=True))
    assert shown["unknown_ca", everything.host] == CONTRAST_NEEDED
    assert shown["unknown_ca", CANARY.host] == CONTRAST_NEEDED
    assert verdict(made, ca_store="system")[2] == "refused_though_ca_trusted"
    assert verdict(made, host=everything.host)[2] == "accepts_untrusted"


def test_a_canary_that_stays_away_is_replaced() -> None:
    made = proxy()
    for number in range(8):
        made.visit(PINNED, 5.0 * number)
    gone = replace(UNPINNED, host="once.example.net")
    for number in range(8, 12):
        made.visit(gone, 5.0 * number)
    for number in range(12, 60):
        made.visit(CANARY, 5.0 * number)
    assert Counter(made.probes)["unknown_ca"] >= CONTRAST_NEEDED
    assert verdict(made, ca_store="system")[2] == "refused_though_ca_trusted"


@pytest.mark.parametrize("kinds", [[PINNED, CANARY], [PINNED_AFTER], [SILENT_REFUSER]])
def test_contrasts_can_be_switched_off(kinds: list[Client]) -> None:
    assert set(run(kinds * 60, contrasts=False).probes) == {"trusted_ca", "relay"}


# -- what must not disturb it --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.trusted.__name__}/{kind.untrusted.__name__}")
def test_when_nothing_more_is_recorded_nobody_is_put_to_the_test(kind: Client) -> None:
    made = run([kind, CANARY] * 20)
    assert set(made.probes) > {"trusted_ca"}, "an experiment until then"
    made.schedule.end()
    refuses = kind in (PINNED, PINNED_AFTER, SILENT_REFUSER)
    for number in range(20):
        assert made.visit(kind, 1000.0 + number) == ("relay" if refuses else "trusted_ca"), "the app goes on to work"
        assert made.visit(CANARY, 1000.0 + number) == "trusted_ca"
        assert made.visit(replace(kind, host="new.example.net"), 1000.0 + number) == "trusted_ca"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.trusted.__name__}/{kind.untrusted.__name__}")
def test_observe_never_relays_and_never_contrasts(kind: Client) -> None:
    assert set(run([kind, CANARY] * 40, mode="observe").probes) == {"trusted_ca"}


@given(st.lists(st.sampled_from([*KINDS, CANARY]), max_size=60), st.integers(0, 2**32 - 1))
def test_the_same_journal_replays_to_the_same_decisions(visits: list[Client], seed: int) -> None:
    made = run(visits, seed=seed)
    assert [choice for _, choice in replayed(made.journal)] == made.choices


STRANGER = replace(PINNED, host="stranger.example.org", stack=FLUTTER, number=2)


@given(
    st.sampled_from(KINDS),
    st.lists(st.booleans(), max_size=60),
    st.sampled_from(
        [
            STRANGER,
            replace(UNPINNED, host="stranger.example.org", stack=FLUTTER),
            replace(PINNED_AFTER, number=2),
        ]
    ),
)
def test_other_endpoints_change_nothing_for_this_one(kind: Client, turns: list[bool], other: Client) -> None:
    """Another host and stack, or another device."""
    made = run([kind if mine else other for mine in turns])
    mine = [choice for choice, is_mine in zip(made.choices, turns, strict=True) if is_mine]
    assert mine == run([kind] * sum(turns)).choices


def test_accepting_neighbours_change_nothing_for_one_another() -> None:
    neighbour = replace(UNPINNED, host="friend.example.org")
    assert run([UNPINNED, neighbour] * 40).choices[::2] == run([UNPINNED] * 40).choices


def test_two_devices_and_two_listeners_are_experiments_of_their_own() -> None:
    one, two = PINNED, replace(PINNED, number=2)
    made = run([one, two] * 6)
    for start in (0, 1):
        assert Counter(made.probes[start::2]) == {"trusted_ca": SCHEDULE_EACH, "relay": SCHEDULE_EACH}


# -- connections side by side ----------------------------------------------------------------------------


def begin(made: Proxy, number: int, at_s: float, client: Client = PINNED) -> str:
    """A connection as far as its ClientHello."""
    for event in b.placed(client.answer("trusted_ca")[:2], number, START_S + at_s):
        made.emit(event)
    return made.schedule.choose(client.key, number, START_S + at_s).probe_id


def test_connections_of_one_moment_share_their_probe() -> None:
    for seed in SEEDS:
        made = run([PINNED] * 3, seed=seed)
        together = {begin(made, 100 + number, 20.0 + number / 10) for number in range(6)}
        assert len(together) == 1


def test_an_idle_connection_does_not_stop_the_experiment() -> None:
    """A relayed spare socket that stays open without a word."""
    for seed in SEEDS:
        made = run([PINNED], seed=seed)
        while begin(made, len(made.journal) + 1000, 10.0 * len(made.journal)) != "relay":
            pass
        later = [begin(made, 5000 + number, 1e6 + 10.0 * number) for number in range(12)]
        assert set(later) == {"trusted_ca", "relay"}


def test_more_endpoints_than_are_kept_are_plainly_intercepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule_module, "ENDPOINTS_KEPT", 2)
    hosts = [replace(PINNED, host=f"host{number}.example.com") for number in range(4)]
    made = run(hosts * 20)
    for number, host in enumerate(hosts):
        assert ("relay" in made.probes[number :: len(hosts)]) is (number < 2), host


def test_memory_does_not_grow_with_connections() -> None:
    made = run([PINNED, CANARY] * 100)
    assert not made.schedule._given
    assert all(not progress.pending for progress in made.schedule._keys.values())


# -- bad certificates --------------------------------------------------------------------------------------


def test_bad_certificates_come_after_the_decision_and_twice() -> None:
    made = run([UNPINNED] * 60, probes=("self_signed", "wrong_host"))
    counts = Counter(made.probes)
    assert counts["self_signed"] == counts["wrong_host"] == 2
    assert set(made.probes[:3]) == {"trusted_ca"}


@pytest.mark.parametrize("kind", [UNPINNED, PINNED, PINNED_AFTER], ids=["unpinned", "pinned", "pinned after"])
def test_the_app_lives_between_attempts_that_must_fail(kind: Client) -> None:
    probes = run([kind] * 120, probes=("self_signed", "wrong_host", "expired", "not_yet_valid")).probes
    must_fail = [probe not in {"relay"} and not (probe == "trusted_ca" and kind is UNPINNED) for probe in probes]
    alternation = 2 * SCHEDULE_EACH
    runs = "".join("x" if fails else "." for fails in must_fail[alternation:]).split(".")
    assert max(map(len, runs)) <= LET_THROUGH_EVERY + 1
