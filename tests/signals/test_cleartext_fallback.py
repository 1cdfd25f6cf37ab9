"""cleartext_fallback: http:// to the same registrable domain after refusals, and never beside the control."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import HOST, answer
from tests.rounds import rounds, story, times, told

from pinprobe import events as ev
from pinprobe.signals import State
from pinprobe.signals.cleartext_fallback import CLEARTEXT_FALLBACK

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, OK, YES, HTTP = b.refused_alert(), b.relayed_ok(), b.accepted(), b.cleartext()
SISTER = b.cleartext("www.example.com")
DOMAIN = [(0.0, b.host_known(host, "example.com")) for host in (HOST, "www.example.com")]

CASES: dict[str, tuple[Events, State]] = {
    "after refusals, and never the control": (told(*times(3, NO, HTTP), *times(6, OK)), P),
    "after refusals behind the handshake": (told(*times(3, b.pinned_after_handshake(), HTTP), *times(6, OK)), P),
    "on another port": (told(*times(3, NO, b.cleartext(port=8080)), *times(6, OK)), P),
    "to a sister host": (story(*DOMAIN, *rounds(*times(3, NO, SISTER), *times(6, OK))), P),
    "to a host of an unknown domain": (told(*times(3, NO, SISTER), *times(6, OK)), A),
    "to another domain": (told(*times(3, NO, b.cleartext("example.org")), *times(6, OK)), A),
    "too few to exclude chance": (told(*times(2, NO, HTTP), *times(2, OK)), U),
    "without a control": (told(*times(3, NO, HTTP)), U),
    "beside the control as well": (told(*times(3, NO, HTTP), *times(6, OK, HTTP)), A),
    "beside accepts as well": (told(*times(3, NO, HTTP), *times(6, YES, HTTP)), A),
    "long after": (
        story(*[part for n in range(3) for part in ((60.0 * n, NO), (60.0 * n + 20, HTTP))], (300, OK)),
        A,
    ),
    "never": (told(*times(3, NO), *times(6, OK)), A),
    "nothing was refused": (told(*times(3, YES, HTTP), *times(6, OK)), U),
    "a check of certificates": (told(*times(3, NO, b.cleartext(purpose=ev.REVOCATION)), *times(6, OK)), A),
    "a look for a captive portal": (told(*times(3, NO, b.cleartext(purpose=ev.CONNECTIVITY)), *times(6, OK)), A),
    "raw TCP is no cleartext request": (told(*times(3, NO, b.cleartext(protocol="tcp")), *times(6, OK)), A),
    "of another client": (told(*times(3, NO, b.cleartext(client=2)), *times(6, OK)), A),
    "in the control phase as well": (
        story(
            (5, HTTP),
            (15, b.marked(ev.TEST)),
            *rounds(*times(3, NO, HTTP), *times(6, OK), start_s=30.0),
            phase=ev.CONTROL,
        ),
        A,
    ),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(CLEARTEXT_FALLBACK, events).state is state


def test_it_says_how_often_where_and_how_soon() -> None:
    signal = answer(CLEARTEXT_FALLBACK, told(*times(3, NO, HTTP), (NO,), *times(9, OK)))
    assert (signal.count, signal.of, signal.note) == (3, 4, "turned to http://api.example.com 960 ms later")
