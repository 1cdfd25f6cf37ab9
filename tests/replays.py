"""Replays for unit tests: connections that were shown a genuine chain without its key, and facts about chains."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pinprobe import events as ev
from tests import builders as b
from tests.builders import Events

HOST = "api.example.com"
GENUINE, SIBLING, FOREIGN = "replay_genuine", "replay_sibling", "replay_foreign"
OWN, SIB, ONE, TWO = "own", "sibling", "one", "two"
"""Chains: the host's own, one of the same issuer, two of unrelated CAs."""
S, R = 51, 46
"""The signature alert and the usual refusal of Conscrypt."""


def known(chain_id: str, *marks: str, **changes: Any) -> Events:
    """What is known of a chain. Without marks it is of a CA of its own."""
    fact = ev.ReplayChainKnown(
        at_s=0.0,
        chain_id=chain_id,
        host=f"{chain_id}.example.net",
        source="file",
        leaf_pin=f"leaf of {chain_id}",
        issuer_pin=f"issuer of {chain_id}",
        marks=marks or (f"CA of {chain_id}",),
        public=True,
        refused_because="",
        own_refused_because="",
    )
    return [replace(fact, **changes)]


def shown(connection: Events, chain_id: str, tls_version: str = "TLSv1.3") -> Events:
    """The same connection under this chain and version."""
    made: Events = []
    for event in connection:
        if isinstance(event, ev.ProbeApplied):
            event = replace(event, chain_id=chain_id)
        elif isinstance(event, ev.HandshakeFailed | ev.HandshakeEstablished):
            event = replace(event, tls_version=tls_version)
        made.append(event)
    return made


def answered(
    probe_id: str, chain_id: str, alert: int | None, *, host: str = HOST, tls_version: str = "TLSv1.3", **how: Any
) -> Events:
    """A replay and the alert that followed; None for a close without one."""
    if alert is None:
        return shown(b.closed_in_handshake(host, probe_id=probe_id, **how), chain_id, tls_version)
    return shown(b.refused_alert(host, alert=alert, probe_id=probe_id, **how), chain_id, tls_version)


def refuser(
    genuine: int | None = S,
    sibling: int | None = None,
    foreign: int | None = None,
    *,
    host: str = HOST,
    normal: int = R,
    own: str = OWN,
    times: int = 2,
    **how: Any,
) -> list[Events]:
    """An endpoint that refuses our CA by `normal`, and its answers to four chains; None: not shown."""
    connections = [
        b.refused_alert(host, alert=normal, **_stack(how)),
        b.refused_alert(host, alert=normal, **_stack(how)),
    ]
    connections.append(b.relayed_ok(host, **_stack(how)))
    for probe_id, chain_id, alert in (
        (GENUINE, own, genuine),
        (SIBLING, SIB, sibling),
        (FOREIGN, ONE, foreign),
        (FOREIGN, TWO, foreign),
    ):
        if alert is not None:
            connections += [answered(probe_id, chain_id, alert, host=host, **how)] * times
    return connections


def _stack(how: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in how.items() if name != "tls_version"}
