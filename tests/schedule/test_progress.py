"""What the schedule remembers of one endpoint, client and stack."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import attempt_of

from pinprobe.schedule.progress import Choice, Pending, Progress

TRUSTED, RELAY, UNKNOWN = Choice("trusted_ca"), Choice("relay"), Choice("unknown_ca")

COUNTED: dict[str, tuple[Events, Choice, dict[str, int]]] = {
    "accepted": (b.accepted(requests=3), TRUSTED, {"accepts": 1, "requests": 3}),
    "an alert": (b.refused_alert(), TRUSTED, {"refusals_by_alert": 1}),
    "after the handshake": (b.pinned_after_handshake(), TRUSTED, {"refusals_after": 1}),
    "an alert after it": (b.alert_after_handshake(), TRUSTED, {"refusals_after": 1}),
    "without a word": (b.closed_in_handshake(), TRUSTED, {"bare_closes": 1}),
    "silent": (b.silent(), TRUSTED, {"neutral": 1}),
    "server down": (b.upstream_failed(), TRUSTED, {"neutral": 1}),
    "a control": (b.relayed_ok(), RELAY, {"relays_worked": 1}),
    "a control that failed": (b.relayed_failed(), RELAY, {}),
    "a contrast": (b.refused_alert(probe_id="unknown_ca"), UNKNOWN, {"contrast_alerts": 1}),
    "a contrast that passed": (b.accepted(probe_id="unknown_ca"), UNKNOWN, {}),
}
NUMBERS = ("accepts", "requests", "refusals_by_alert", "refusals_after", "bare_closes", "neutral", "relays_worked")


@pytest.mark.parametrize(("connection", "choice", "counts"), COUNTED.values(), ids=COUNTED.keys())
def test_an_attempt_is_counted_for_what_it_was(connection: Events, choice: Choice, counts: dict[str, int]) -> None:
    progress = Progress()
    progress.count(attempt_of(connection), choice)
    found = {name: getattr(progress, name) for name in (*NUMBERS, "contrast_alerts") if getattr(progress, name)}
    assert found == counts
    assert progress.answered == {choice: 1}
    assert progress.refused is any(name in counts for name in ("refusals_by_alert", "refusals_after", "bare_closes"))
    assert progress.intercepted == (choice == TRUSTED)


def test_what_is_under_way_counts_as_done() -> None:
    progress = Progress(pending=[Pending(1, RELAY, 0.0), Pending(2, RELAY, 0.0)])
    progress.count(attempt_of(b.relayed_ok()), RELAY)
    assert (progress.done(RELAY), progress.done(TRUSTED)) == (3, 0)


def test_a_replay_of_another_chain_is_another_choice() -> None:
    progress = Progress()
    progress.count(attempt_of(b.refused_alert(probe_id="replay_foreign")), Choice("replay_foreign", "one"))
    assert progress.done(Choice("replay_foreign", "other")) == 0
    assert not progress.refused
