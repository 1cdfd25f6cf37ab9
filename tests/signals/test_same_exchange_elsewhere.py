"""same_exchange_elsewhere: the very same exchange goes to another host after refusals."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, inside
from tests.rooms import HOST, answer
from tests.rounds import rounds, story, times, told

from pinprobe.signals import State
from pinprobe.signals.same_exchange_elsewhere import SAME_EXCHANGE_ELSEWHERE

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, OK, YES = b.refused_alert(), b.relayed_ok(), b.accepted()
THERE = "backup.example.net"
OTHER = b.accepted(THERE)


def again(earlier: int, connection: Events = OTHER) -> Events:
    return inside(connection, *b.repeated(earlier))


# Connections are numbered 1, 2, 3 ... in the order of a table's row.
CASES: dict[str, tuple[Events, State]] = {
    "twice the same": (told((NO, OTHER), (NO, again(2)), (NO, OTHER), *times(6, OK)), P),
    "three times the same": (told((NO, OTHER), (NO, again(2)), (NO, again(4)), *times(6, OK)), P),
    "what was read here before": (told((YES,), (NO, again(1)), (NO, again(1)), *times(8, OK)), P),
    "without TLS": (told((NO, b.cleartext(THERE)), *times(2, NO, b.cleartext(THERE, repeats=2)), *times(6, OK)), P),
    "different ones, as reports of errors are": (told(*times(3, NO, OTHER), *times(6, OK)), A),
    "the same as a stranger's": (
        told((b.accepted("x.example.org"),), (NO, again(1)), *times(2, NO, OTHER), *times(6, OK)),
        A,
    ),
    "one of them as read here, and no more": (told((YES,), (NO, again(1)), *times(2, NO, OTHER), *times(9, OK)), A),
    "the same after the control as well": (told((NO, OTHER), *times(2, NO, again(2)), (OK, again(2))), A),
    "the same to a host that takes reports": (
        story(
            (0, b.host_known(THERE, "example.net", category="crash-reporting")),
            *rounds((NO, OTHER), *times(2, NO, again(3)), *times(6, OK)),
        ),
        A,
    ),
    "the same to this host without TLS is another card's": (
        told((NO, b.cleartext()), *times(2, NO, b.cleartext(repeats=2)), *times(6, OK)),
        A,
    ),
    "too few to exclude chance": (told((NO, OTHER), (NO, again(2)), *times(2, OK)), U),
    "without a control": (told((NO, OTHER), (NO, again(2))), U),
    "nothing was refused": (told((YES, OTHER), (YES, again(2))), U),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(SAME_EXCHANGE_ELSEWHERE, events).state is state


def test_it_counts_the_contacts_with_the_same_exchange() -> None:
    events = told((NO, OTHER), (NO, again(2)), (NO, OTHER), *times(6, OK))
    signal = answer(SAME_EXCHANGE_ELSEWHERE, events)
    assert (signal.count, signal.of, signal.note) == (
        2,
        3,
        "sent the same exchange to backup.example.net:443 962 ms later",
    )
    assert answer(SAME_EXCHANGE_ELSEWHERE, events, host=THERE).state is U, HOST
