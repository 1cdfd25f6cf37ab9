"""Whole sessions for Hypothesis: many connections of a few clients, stacks and hosts, each ending in some way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random

from hypothesis import strategies as st

from pinprobe import events as ev
from tests import builders as b
from tests.builders import CONSCRYPT, FLUTTER, START_S, Events

HOSTS = ("api.example.com", "cdn.example.net", "img.example.com")
STACKS = (CONSCRYPT, FLUTTER)
CLIENTS = (1, 2)

UNDER_TRUSTED_CA: dict[str, Callable[..., Events]] = {
    "accepted": b.accepted,
    "half a request": lambda host, **how: b.accepted(host, requests=0, **how),
    "coalesced": lambda host, **how: b.accepted(host, authority="other.example.com", **how),
    "preface": b.preface_only,
    "alert 46": b.refused_alert,
    "alert 48": lambda host, **how: b.refused_alert(host, alert=48, **how),
    "alert 70": lambda host, **how: b.refused_alert(host, alert=70, **how),
    "closed in handshake": b.closed_in_handshake,
    "closed after handshake": b.pinned_after_handshake,
    "closed after handshake, no SNI": lambda host, **how: b.pinned_after_handshake(host, sni=False, **how),
    "closed after handshake, mutual TLS": lambda host, **how: b.pinned_after_handshake(host, mutual_tls=True, **how),
    "alert after handshake": b.alert_after_handshake,
    "left early": b.closed_before_certificate,
    "silent": b.silent,
    "resumed": b.resumed,
    "unfinished": b.unfinished,
    "server down": b.upstream_failed,
    "proxy error": b.proxy_error,
}
UNDER_UNKNOWN_CA = (
    "accepted",
    "alert 46",
    "alert 48",
    "closed in handshake",
    "closed after handshake",
    "silent",
    "resumed",
)
RELAYS: dict[str, Callable[..., Events]] = {
    "relay worked": b.relayed_ok,
    "relay failed": b.relayed_failed,
    "relay unclear": lambda host, **how: b.relayed_ok(host, worked=None, **how),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One connection to be."""

    how: str
    host: str = HOSTS[0]
    stack: str = CONSCRYPT
    client: int = 1
    probe_id: str = "trusted_ca"
    at_ms: int = 0

    @property
    def key(self) -> tuple[str, str]:
        return self.host, self.stack

    def events(self, connection_id: int) -> Events:
        """What the proxy saw of it."""
        where = {"stack": self.stack, "client": self.client}
        if self.how == "cleartext":
            made = b.cleartext(self.host, client=self.client)
        elif self.how in RELAYS:
            made = RELAYS[self.how](self.host, **where)
        elif self.probe_id == "unknown_ca":
            made = UNDER_TRUSTED_CA[self.how](self.host, probe_id="unknown_ca", **where)
        else:
            made = UNDER_TRUSTED_CA[self.how](self.host, **where)
        return b.placed(made, connection_id, START_S + self.at_ms / 1000)


Way = tuple[str, str]
"""How a connection ends, and the probe it was given."""
WAYS: tuple[Way, ...] = (
    *((how, "trusted_ca") for how in UNDER_TRUSTED_CA),
    *((how, "unknown_ca") for how in UNDER_UNKNOWN_CA),
    *((how, "relay") for how in RELAYS),
    ("cleartext", ""),
)
PINNED: tuple[Way, ...] = (("alert 46", "trusted_ca"), ("relay worked", "relay"))
CANARY: tuple[Way, ...] = (("accepted", "trusted_ca"), ("alert 46", "unknown_ca"))
TYPICAL: tuple[tuple[Way, ...], ...] = (
    PINNED,
    CANARY,
    (("closed after handshake", "trusted_ca"), ("relay worked", "relay"), ("alert 46", "unknown_ca")),
    (("accepted", "trusted_ca"), ("closed after handshake", "trusted_ca")),
    (("closed in handshake", "trusted_ca"), ("relay worked", "relay")),
)
"""What real clients do; drawn as often as what they never did."""


@st.composite
def visits(
    draw: st.DrawFn,
    *,
    hosts: Sequence[str] = HOSTS,
    stacks: Sequence[str] = STACKS,
    clients: Sequence[int] = CLIENTS,
    ways: Sequence[Way] = WAYS,
    max_size: int = 10,
) -> list[Visit]:
    """Connections at any time within a minute, many side by side; a stack at a host has a few ways of its own."""
    typical = [kept for some in TYPICAL if (kept := tuple(way for way in some if way in ways))]
    few = st.lists(st.sampled_from(ways), min_size=1, max_size=3).map(tuple)
    habits = st.sampled_from(typical) | few if typical else few
    places = st.sampled_from([(host, stack) for stack in stacks for host in hosts])
    scene = {place: draw(habits) for place in draw(st.lists(places, min_size=1, max_size=3))}
    if len(hosts) > 1 and {*PINNED, *CANARY} <= set(ways) and draw(st.booleans()):
        scene |= {(hosts[0], stacks[0]): PINNED, (hosts[1], stacks[0]): CANARY}
    made = []
    for (host, stack), habit in scene.items():
        moments = st.tuples(st.sampled_from(habit), st.sampled_from(clients), st.integers(0, 240))
        for (how, probe_id), client, quarter in draw(st.lists(moments, max_size=max_size)):
            made.append(Visit(how=how, probe_id=probe_id, host=host, stack=stack, client=client, at_ms=250 * quarter))
    return made


OF_SESSION = st.fixed_dictionaries(
    {
        "ca_store": st.sampled_from(["system", "user", "none", "unknown"]),
        "app_id": st.sampled_from([None, "com.example.app"]),
    }
)


def in_time(made: Sequence[Visit], **of_session: object) -> Events:
    """The journal as the proxy would write it: every event in its moment."""
    connections = [visit.events(number) for number, visit in enumerate(made, start=1)]
    return [b.session(**of_session), *sorted(chain(*connections), key=lambda event: event.at_s)]


def interleaved(made: Sequence[Visit], chance: Random, **of_session: object) -> Events:
    """The same events with the same times, merged at random; each connection keeps its own order."""
    waiting = [visit.events(number) for number, visit in enumerate(made, start=1)]
    merged: list[ev.Event] = []
    while waiting := [connection for connection in waiting if connection]:
        merged.append(chance.choice(waiting).pop(0))
    return [b.session(**of_session), *merged]
