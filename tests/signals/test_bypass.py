"""bypass: the host's name is looked up after refusals, and no traffic to it follows."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import answer
from tests.rounds import Part, story

from pinprobe import events as ev
from pinprobe.signals import State
from pinprobe.signals.bypass import BYPASS
from pinprobe.thresholds import CONTACTS_KEPT

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, YES, ASKED = b.refused_alert(), b.accepted(), b.lookup()
OTHER_DATAGRAM: Events = [
    ev.DatagramSeen(at_s=0.0, connection_id=0, host="a.example", port=3478, protocol="other", blocked=False)
]
END = (500.0, b.host_known("end.example", "example"))


def asked_at(*times_s: float, then: Events | None = None) -> list[Part]:
    """Lookups at these seconds, each followed by this connection a second later."""
    lookups = [(at_s, ASKED) for at_s in times_s]
    return lookups if then is None else [*lookups, *((at_s + 1, then) for at_s in times_s)]


def after_refusal(*parts: Part) -> Events:
    return story((10, ASKED), (10, NO), *parts, END)


CASES: dict[str, tuple[Events, State]] = {
    "twice after a refusal": (after_refusal(*asked_at(30, 60)), P),
    "once": (after_refusal(*asked_at(30)), A),
    "never without traffic": (after_refusal(*asked_at(30, 60, then=NO)), A),
    "followed by the control": (after_refusal(*asked_at(30, 60, then=b.relayed_ok())), A),
    "followed by cleartext": (after_refusal(*asked_at(30, 60, then=b.cleartext())), A),
    "followed by another port": (after_refusal(*asked_at(30, 60, then=b.accepted(port=8443))), A),
    "followed by QUIC that is seen": (after_refusal(*asked_at(30, 60, then=b.quic("api.example.com"))), U),
    "QUIC to another host is seen": (after_refusal(*asked_at(30, 60), (90, b.quic("video.example.net"))), U),
    "QUIC was seen before": (after_refusal((1.0, b.quic("video.example.net")), *asked_at(30, 60)), U),
    "other datagrams are seen": (after_refusal(*asked_at(30, 60), (90, OTHER_DATAGRAM)), P),
    "followed by another app's traffic": (
        after_refusal(*asked_at(30, 60, then=b.attributed("com.two", b.accepted(port=8443)))),
        A,
    ),
    "followed by another app's cleartext": (
        after_refusal(*asked_at(30, 60, then=b.attributed("com.two", b.cleartext()))),
        A,
    ),
    "followed by a look for a captive portal": (
        after_refusal(*asked_at(30, 60, then=b.cleartext(purpose=ev.CONNECTIVITY))),
        A,
    ),
    "followed by another host": (after_refusal(*asked_at(30, 60, then=b.accepted("cdn.example.net"))), P),
    "followed by another client's traffic": (after_refusal(*asked_at(30, 60, then=b.refused_alert(client=2))), P),
    "ahead of need, before the refusal as well": (story((1, ASKED), *asked_at(60, 90), (50, NO), END), A),
    "the last one may still be followed": (story((10, NO), *asked_at(30, 60), (69, YES)), A),
    "nothing was refused": (story((10, YES), *asked_at(30, 60), END), U),
    "no name is looked up through the proxy": (story((10, NO), END), U),
    "another name is": (story((10, NO), (30, b.lookup("cdn.example.net")), END), U),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(BYPASS, events).state is state


def test_it_counts_lookups() -> None:
    signal = answer(BYPASS, after_refusal(*asked_at(30, 60, 90), *asked_at(120, then=NO)))
    assert (signal.count, signal.of) == (3, 5)


@pytest.mark.parametrize(
    "way", [b.relayed_ok(), b.relayed_ok(port=8443), b.quic("api.example.com")], ids=["here", "port", "quic"]
)
def test_more_traffic_than_is_kept_answers_nothing(way: Events) -> None:
    """The lookups are answered by contacts that came after the first hundreds."""
    often = [(20.0 + number / 10, way) for number in range(CONTACTS_KEPT)]
    assert answer(BYPASS, after_refusal(*often, *asked_at(60, 90, then=way))).state is U
