"""The faults as data: where they are, and which fate is drawn for a connection.

Behind a CONNECT the certificate comes in turn 3 and the client's Finished in turn 4; before an origin, in 1 and 2.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from standin.faulty import HARMLESS, Draw, Fate, Harm, lull, often, resets, stalls

Side = Literal["client", "upstream"]
CONNECT_TURNS = 2
OUTAGE_S, CALM_S = 2.5, 5.0
DAWN_S = 2.0
"""How long a network takes to come up, or stays good."""

FLIGHT = ((3, 1.0), (4, 0.0))
"""The certificate has passed, and no answer to it."""
FINISHED = ((4, 1.0), (5, 0.0), (5, 1.0), (6, 0.0))
"""The handshake is complete for one side at least, and no request has passed."""
ENDS: tuple[Harm, ...] = ("end_to_client", "end_to_server", "end_both")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A network, by its name in the table of results."""

    name: str
    side: Side
    draw: Draw


def at(moments: tuple[tuple[int, float], ...], *harms: Harm) -> Callable[[random.Random], Fate]:
    """One of these harms, exactly at one of these moments."""

    def draw(chance: random.Random) -> Fate:
        turn, share = chance.choice(moments)
        return Fate(harm=chance.choice(harms), turn=turn, share=share, lull_s=lull(chance))

    return draw


def half_closes(chance: random.Random) -> Fate:
    """A FIN from nobody, at any stage."""
    return replace(resets(chance), harm=chance.choice(ENDS))


def lossy(chance: random.Random, at_s: float) -> Fate:
    """Three segments in ten are sent again; one connection in twenty is never heard of."""
    if chance.random() < 0.05:
        return Fate(harm="stall", turn=0, share=0.0)
    return Fate(losses=0.3, seed=chance.getrandbits(32))


def in_pieces(chance: random.Random, at_s: float) -> Fate:
    """Every segment one byte long, or a few."""
    return Fate(piece=chance.choice((1, 3, 17)))


def outages(chance: random.Random, at_s: float) -> Fate:
    """For some seconds nothing works, then all does."""
    return _badly(chance) if at_s % (OUTAGE_S + CALM_S) < OUTAGE_S else HARMLESS


def comes_up(chance: random.Random, at_s: float) -> Fate:
    """At first nothing works."""
    return _badly(chance) if at_s < DAWN_S else HARMLESS


def goes_down(chance: random.Random, at_s: float) -> Fate:
    """After a while hardly anything works."""
    return _badly(chance) if at_s > DAWN_S and chance.random() < 0.8 else HARMLESS


def _badly(chance: random.Random) -> Fate:
    return at((*FLIGHT, *FINISHED), "reset", "end_both")(chance)


def upstream(draw: Draw) -> Draw:
    """The same moments before an origin, where nobody says CONNECT."""

    def drawn(chance: random.Random, at_s: float) -> Fate:
        fate = draw(chance, at_s)
        return replace(fate, turn=max(0, fate.turn - CONNECT_TURNS))

    return drawn


_DRAWS: tuple[tuple[str, Draw], ...] = (
    ("resets", often((0.3, resets))),
    ("stalls", often((0.15, stalls))),
    ("half closes", often((0.3, half_closes))),
    ("30 % loss", lossy),
    ("in pieces", in_pieces),
    ("reset at the certificate", often((0.35, at(FLIGHT, "reset", "end_both")))),
    ("reset at the Finished", often((0.35, at(FINISHED, "reset", "end_both")))),
    ("outages", outages),
)

FAULTS: tuple[Fault, ...] = (
    *(Fault(name=name, side="client", draw=draw) for name, draw in _DRAWS),
    Fault(name="most reset at the Finished", side="client", draw=often((0.6, at(FINISHED, "reset")))),
    Fault(name="comes up late", side="client", draw=comes_up),
    Fault(name="goes down", side="client", draw=goes_down),
    *(Fault(name=name, side="upstream", draw=upstream(draw)) for name, draw in _DRAWS),
)
NONE = Fault(name="none", side="client", draw=lambda chance, at_s: HARMLESS)
"""The network of the live suite: what every other verdict is compared with."""
