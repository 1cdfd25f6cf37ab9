"""host_fallback: another host that is contacted only after refusals here, and that nobody reports errors to."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import HOST, answer
from tests.rounds import rounds, story, times, told

from pinprobe import events as ev
from pinprobe.signals import State
from pinprobe.signals.host_fallback import HOST_FALLBACK, REPORTERS

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, OK, YES = b.refused_alert(), b.relayed_ok(), b.accepted()
THERE = "backup.example.net"
OTHER, SISTER = b.accepted(THERE), "www.example.com"
DOMAIN = [(0.0, b.host_known(host, "example.com")) for host in (HOST, SISTER)]


def with_category(category: str | None) -> Events:
    there = (0.0, b.host_known(THERE, "example.net", category=category))
    return story(there, *rounds(*times(3, NO, OTHER), *times(6, OK)))


CASES: dict[str, tuple[Events, State]] = {
    "another host": (told(*times(3, NO, OTHER), *times(6, OK)), P),
    "another host that refuses as well": (told(*times(3, NO, b.refused_alert(THERE)), *times(6, OK)), P),
    "another host, relayed": (told(*times(3, NO, b.relayed_ok(THERE)), *times(6, OK)), P),
    "a sister host": (story(*DOMAIN, *rounds(*times(3, NO, b.accepted(SISTER)), *times(6, OK))), P),
    "cleartext of another domain": (told(*times(3, NO, b.cleartext(THERE)), *times(6, OK)), P),
    "raw TCP of another domain": (told(*times(3, NO, b.cleartext(THERE, protocol="tcp")), *times(6, OK)), P),
    "cleartext within the domain is another card's": (
        story(*DOMAIN, *rounds(*times(3, NO, b.cleartext(SISTER)), *times(6, OK))),
        A,
    ),
    "another port of this host is another card's": (told(*times(3, NO, b.accepted(port=8443)), *times(6, OK)), A),
    "QUIC is another card's": (told(*times(3, NO, b.quic(THERE)), *times(6, OK)), A),
    "asked after every attempt": (told(*times(3, NO, OTHER), *times(6, OK, OTHER)), A),
    "asked after accepts": (told(*times(3, NO, OTHER), *times(6, YES, OTHER)), A),
    "seen in the control": (
        story(
            (5, b.relayed_ok(THERE)),
            (15, b.marked(ev.TEST)),
            *rounds(*times(3, NO, OTHER), *times(6, OK), start_s=30.0),
            phase=ev.CONTROL,
        ),
        A,
    ),
    "seen while the device was idle": (
        story(
            (5, b.relayed_ok(THERE)),
            (15, b.marked(ev.TEST)),
            *rounds(*times(3, NO, OTHER), *times(6, OK), start_s=30.0),
            phase=ev.IDLE,
        ),
        A,
    ),
    "hosts that take turns, each once": (
        told(*[(NO, b.accepted(f"edge{number}.example.net")) for number in range(3)], *times(6, OK)),
        U,
    ),
    "a host of the catalog that takes no reports": (with_category("cdn"), P),
    "nothing follows": (told(*times(3, NO), *times(6, OK)), A),
    "nothing was refused": (told(*times(3, YES, OTHER)), U),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(HOST_FALLBACK, events).state is state


@pytest.mark.parametrize("category", sorted(REPORTERS))
def test_what_tells_of_errors_is_no_fallback(category: str) -> None:
    assert answer(HOST_FALLBACK, with_category(category)).state is A


def test_it_names_the_host() -> None:
    signal = answer(HOST_FALLBACK, told(*times(3, NO, OTHER), *times(6, OK)))
    assert (signal.count, signal.of, signal.note) == (3, 3, "turned to backup.example.net:443 962 ms later")
