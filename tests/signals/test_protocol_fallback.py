"""protocol_fallback: another port or protocol of the same place that follows refusals."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import HOST, answer
from tests.rounds import rounds, story, times, told

from pinprobe.signals import State
from pinprobe.signals.following import STANDING
from pinprobe.signals.protocol_fallback import PROTOCOL_FALLBACK

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, OK, YES = b.refused_alert(), b.relayed_ok(), b.accepted()
SISTER = "video.example.com"
DOMAIN = [(0.0, b.host_known(host, "example.com")) for host in (HOST, SISTER)]


def after(connection: Events) -> Events:
    """It follows each of three refusals, and none of six controls."""
    return story(*DOMAIN, *rounds(*times(3, NO, connection), *times(6, OK)))


CASES: dict[str, tuple[Events, State]] = {
    "TLS on another port": (after(b.accepted(port=8443)), P),
    "TLS on another port, refused as well": (after(b.refused_alert(port=8443)), P),
    "raw TCP": (after(b.cleartext(port=7000, protocol="tcp")), P),
    "raw TCP of a sister host": (after(b.cleartext(SISTER, port=7000, protocol="tcp")), P),
    "QUIC": (after(b.quic(HOST)), P),
    "QUIC of a sister host": (after(b.quic(SISTER)), P),
    "QUIC of another domain": (after(b.quic("video.example.net")), A),
    "raw TCP of another domain": (after(b.cleartext("example.org", port=7000, protocol="tcp")), A),
    "TLS of a sister host is another card's": (after(b.accepted(SISTER, port=8443)), A),
    "cleartext is another card's": (after(b.cleartext()), A),
    "after the control as well": (told(*times(3, NO, b.quic(HOST)), *times(6, OK, b.quic(HOST))), A),
    "after accepts as well": (told(*times(3, NO, b.quic(HOST)), *times(6, YES, b.quic(HOST))), A),
    "too few to exclude chance": (told(*times(2, NO, b.quic(HOST)), *times(2, OK)), U),
    "without a control": (told(*times(3, NO, b.quic(HOST))), U),
    "nothing was refused": (told(*times(3, YES, b.quic(HOST))), U),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(PROTOCOL_FALLBACK, events).state is state


@pytest.mark.parametrize("port", sorted(STANDING))
def test_push_sockets_and_the_like_come_and_go_by_themselves(port: int) -> None:
    """Over TLS, as push services do, and without, as STUN does."""
    assert answer(PROTOCOL_FALLBACK, after(b.accepted(port=port))).state is A
    assert answer(PROTOCOL_FALLBACK, after(b.cleartext(port=port, protocol="tcp"))).state is A


def test_it_names_the_way() -> None:
    signal = answer(PROTOCOL_FALLBACK, after(b.quic(HOST)))
    assert (signal.count, signal.of, signal.note) == (3, 3, "turned to api.example.com:443/quic 959 ms later")
