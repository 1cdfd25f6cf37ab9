"""Whole sessions for Hypothesis: many connections of a few clients, stacks and hosts, each ending in some way, and
what is told beside them: names looked up, phases marked."""

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
    "one request": lambda host, **how: b.accepted(host, requests=1, **how),
    "answered with an error": lambda host, **how: b.inside(b.accepted(host, **how), b.answered(503)),
    "answered with a header": lambda host, **how: b.inside(b.accepted(host, **how), b.policy_header(host=host)),
    "repeats an exchange": lambda host, **how: b.inside(b.accepted(host, **how), *b.repeated(1)),
    "reports a pin": lambda host, **how: b.inside(b.accepted(host, **how), b.pin_report(HOSTS[0])[-2]),
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
WITH_REQUESTS = frozenset(
    {
        "accepted",
        "coalesced",
        "one request",
        "answered with an error",
        "answered with a header",
        "repeats an exchange",
        "reports a pin",
    }
)
"""Of these, the ones in which a whole request is decrypted."""
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

WITHOUT_TLS: dict[str, Callable[..., Events]] = {
    "cleartext": b.cleartext,
    "cleartext that repeats an exchange": lambda host, **how: b.cleartext(host, repeats=1, **how),
    "a check of certificates": lambda host, **how: b.cleartext(host, purpose=ev.REVOCATION, **how),
    "raw TCP": lambda host, **how: b.cleartext(host, port=7000, protocol="tcp", **how),
    "QUIC": lambda host, **how: b.quic(host),
}
MOMENTS: dict[str, Callable[[str, int], Events]] = {
    "a name looked up": lambda host, client: b.lookup(host, client=client),
    "the log names a pin": lambda host, client: b.log_line("pin", host),
    "the log names distrust": lambda host, client: b.log_line("distrust", host),
    **{f"marked: {phase}": lambda host, client, phase=phase: b.marked(phase) for phase in ev.PHASES},  # type: ignore[misc]
}
"""What is told beside connections, each in its own moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One connection to be, or a moment beside them."""

    how: str
    host: str = HOSTS[0]
    stack: str = CONSCRYPT
    client: int = 1
    probe_id: str = "trusted_ca"
    at_ms: int = 0

    @property
    def key(self) -> tuple[str, str]:
        return self.host, self.stack

    @property
    def is_attempt(self) -> bool:
        """Whether it begins a TLS handshake."""
        return self.how not in WITHOUT_TLS and self.how not in MOMENTS

    def events(self, connection_id: int) -> Events:
        """What the proxy saw of it."""
        where = {"stack": self.stack, "client": self.client}
        if self.how in MOMENTS:
            made = MOMENTS[self.how](self.host, self.client)
        elif self.how in WITHOUT_TLS:
            made = WITHOUT_TLS[self.how](self.host, client=self.client)
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
    *((how, "") for how in WITHOUT_TLS),
)
PINNED: tuple[Way, ...] = (("alert 46", "trusted_ca"), ("relay worked", "relay"))
CANARY: tuple[Way, ...] = (("accepted", "trusted_ca"), ("alert 46", "unknown_ca"))
TYPICAL: tuple[tuple[Way, ...], ...] = (
    PINNED,
    CANARY,
    (("closed after handshake", "trusted_ca"), ("relay worked", "relay"), ("alert 46", "unknown_ca")),
    (("accepted", "trusted_ca"), ("closed after handshake", "trusted_ca")),
    (("closed in handshake", "trusted_ca"), ("relay worked", "relay")),
    (("alert 46", "trusted_ca"), ("cleartext", ""), ("relay worked", "relay")),
    (("alert 46", "trusted_ca"), ("cleartext that repeats an exchange", "")),
    (("one request", "trusted_ca"), ("relay worked", "relay")),
    (("silent", "trusted_ca"), ("relay worked", "relay")),
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
    moments: Sequence[str] = tuple(MOMENTS),
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
        times = st.tuples(st.sampled_from(habit), st.sampled_from(clients), st.integers(0, 240))
        for (how, probe_id), client, quarter in draw(st.lists(times, max_size=max_size)):
            made.append(Visit(how=how, probe_id=probe_id, host=host, stack=stack, client=client, at_ms=250 * quarter))
    if moments:
        beside = st.tuples(
            st.sampled_from(moments), st.sampled_from(hosts), st.sampled_from(clients), st.integers(0, 240)
        )
        for how, host, client, quarter in draw(st.lists(beside, max_size=4)):
            made.append(Visit(how=how, probe_id="", host=host, client=client, at_ms=250 * quarter))
    return made


OF_SESSION = st.fixed_dictionaries(
    {
        "ca_store": st.sampled_from(["system", "user", "none", "unknown"]),
        "app_id": st.sampled_from([None, "com.example.app"]),
        "phase": st.sampled_from(ev.PHASES),
    }
)


def in_time(made: Sequence[Visit], **of_session: object) -> Events:
    """The journal as the proxy would write it: every event in its moment."""
    connections = [visit.events(number) for number, visit in enumerate(made, start=1)]
    return [b.session(**of_session), *sorted(chain(*connections), key=lambda event: event.at_s)]


def interleaved(made: Sequence[Visit], chance: Random, **of_session: object) -> Events:
    """The same events with the same times, merged at random; each connection keeps its own order.

    So do the moments beside them, which are told as they come.
    """
    connections = [visit.events(number) for number, visit in enumerate(made, start=1) if visit.how not in MOMENTS]
    moments = chain(*[visit.events(0) for visit in made if visit.how in MOMENTS])
    waiting = [*connections, sorted(moments, key=lambda event: event.at_s)]
    merged: list[ev.Event] = []
    while waiting := [connection for connection in waiting if connection]:
        merged.append(chance.choice(waiting).pop(0))
    return [b.session(**of_session), *merged]
