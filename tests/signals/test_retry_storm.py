"""retry_storm: refused handshakes follow one another far faster than connections that work."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import answer
from tests.rounds import Part, story

from pinprobe.signals import State
from pinprobe.signals.retry_storm import RETRY_STORM
from pinprobe.thresholds import MOMENTS_KEPT

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, OK, YES = b.refused_alert(), b.relayed_ok(), b.accepted()


def row(connection: Events, number: int, every_s: float, start_s: float = 0.0) -> list[Part]:
    """So many in a row."""
    return [(start_s + every_s * at, connection) for at in range(number)]


def paced(every_s: float, start_s: float = 200.0, connection: Events = OK, number: int = 4) -> list[Part]:
    """The app's own pace: connections that work, and so one pause fewer between them."""
    return row(connection, number, every_s, start_s)


CASES: dict[str, tuple[Events, State]] = {
    "every second, and otherwise every ten": (story(*row(NO, 5, 1.0), *paced(10.0)), P),
    "with relays in between": (story(*row(NO, 9, 1.0), *paced(10.0, connection=YES)), P),
    "refused under any certificate": (
        story((0, NO), *row(b.refused_alert(probe_id="unknown_ca"), 4, 1.0, 1.0), *paced(10.0)),
        P,
    ),
    "exactly five times as fast": (story(*row(NO, 6, 2.0), *paced(10.0)), P),
    "not quite five times as fast": (story(*row(NO, 6, 2.0), *paced(9.9)), A),
    "as fast as the app ever is": (story(*row(NO, 9, 1.0), *paced(1.0)), A),
    "four in a minute": (story(*row(NO, 4, 1.0), *paced(10.0)), A),
    "five within a minute": (story(*row(NO, 5, 14.9), *paced(100.0, number=5)), P),
    "five in just over a minute": (story(*row(NO, 5, 15.1), *paced(100.0)), A),
    "slowly, then fast": (
        story(*row(NO, 3, 100.0, 1000.0), *row(NO, 9, 1.0, 3000.0), *paced(10.0)),
        P,
    ),
    "the app's own pace is not known": (story(*row(NO, 9, 1.0), *paced(10.0, number=3)), U),
    "there is no control": (story(*row(NO, 9, 1.0)), U),
    "nothing was refused": (story(*row(YES, 9, 1.0)), U),
    "two clients at once": (
        story(*row(NO, 9, 8.0), *row(b.refused_alert(client=2), 9, 8.0, 1.0), *paced(10.0)),
        A,
    ),
    "each client has pauses of its own": (
        story(*row(NO, 6, 10.0), *paced(100.0), *paced(100.0, start_s=201.0, connection=b.relayed_ok(client=2))),
        P,
    ),
    "closes without alert, of a flaky network": (story(*row(b.closed_in_handshake(), 9, 1.0), *paced(10.0)), U),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(RETRY_STORM, events).state is state


def test_it_says_how_many_in_a_minute_and_how_much_faster() -> None:
    signal = answer(RETRY_STORM, story(*row(NO, 9, 1.0), *paced(10.0)))
    assert (signal.count, signal.of, signal.note) == (9, 9, "10.0 times its usual pace")


def test_sockets_that_are_refused_side_by_side_are_one_retry() -> None:
    signal = answer(RETRY_STORM, story(*row(NO, 9, 0.0), *paced(10.0)))
    assert (signal.state, signal.count, signal.of) == (A, 1, 1)


def test_pauses_too_short_to_measure_are_a_millisecond() -> None:
    """Each retry opens three sockets at once, so that most pauses are none at all."""
    retries = [(number / 10, NO) for number in range(9) for _ in range(3)]
    signal = answer(RETRY_STORM, story(*retries, *paced(10.0)))
    assert (signal.state, signal.count, signal.note) == (P, 9, "10000.0 times its usual pace")


def test_spare_sockets_of_a_busy_page_are_no_refusals() -> None:
    """Each load opens three sockets and uses the last one; a single refusal, long before, is all that there was."""
    spare = [*b.began(), b.established(), b.closed(0.9)]
    loads = [(100.0 + 20 * n + gap, c) for n in range(9) for gap, c in ((0.0, spare), (0.05, spare), (0.1, YES))]
    signal = answer(RETRY_STORM, story((0, NO), *loads))
    assert (signal.state, signal.count, signal.of) == (A, 1, 1)


def test_a_refusal_after_more_attempts_than_are_remembered() -> None:
    assert answer(RETRY_STORM, story(*row(YES, MOMENTS_KEPT, 5.0), (10_000, NO))).state in {A, U}
