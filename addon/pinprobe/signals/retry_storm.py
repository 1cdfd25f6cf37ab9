"""Does the app hammer after refusals?"""

from itertools import pairwise
from statistics import median

from pinprobe.evidence import Moment, Turn
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import RETRY_FASTER, RETRY_GAPS_NEEDED, RETRY_STORM_PER_MINUTE

MINUTE_S = 60.0
LEAST_S = 0.001
"""Pauses are compared down to a millisecond; what is shorter is none."""


def _storm(asked: Asked) -> Answer:
    if not asked.stack.clear_refusals_s:
        return unknown("nothing was refused here")
    # Under whatever certificate: an app that hammers does not wait for the next one.
    times = _apart([moment for moment in asked.stack.kept_moments if moment.turn is Turn.REFUSED])
    if not times:
        return unknown("nothing was refused among the attempts that are remembered")
    most = max(sum(1 for t in times if start <= t < start + MINUTE_S) for start in times)
    if most < RETRY_STORM_PER_MINUTE:
        return present_if(False, count=most, of=len(times))
    gaps = _gaps(asked)
    if len(gaps[Turn.WORKED]) < RETRY_GAPS_NEEDED:
        return unknown(f"{most} refusals in a minute, and too few connections that worked to know the app's own pace")
    faster = median(gaps[Turn.WORKED]) / max(LEAST_S, median(gaps[Turn.REFUSED] or [MINUTE_S]))
    return present_if(faster >= RETRY_FASTER, count=most, of=len(times), note=f"{faster:.1f} times its usual pace")


def _apart(refusals: list[Moment]) -> list[float]:
    """When they were decided; those that overlap in time are one retry over several sockets."""
    times: list[float] = []
    until_s = float("-inf")
    for moment in refusals:
        if moment.opened_s >= until_s:
            times.append(moment.decided_s)
        until_s = max(until_s, moment.decided_s)
    return times


def _gaps(asked: Asked) -> dict[Turn, list[float]]:
    """From the beginning of an attempt to the next one of the same client, by what the attempt came to."""
    gaps: dict[Turn, list[float]] = {turn: [] for turn in Turn}
    turns = {moment.connection_id: moment.turn for moment in asked.stack.kept_moments}
    by_client: dict[int, list[tuple[float, int]]] = {}
    for contact in sorted(asked.endpoint.contacts.kept):
        by_client.setdefault(contact.client, []).append((contact.at_s, contact.connection_id))
    for contacts in by_client.values():
        for (at_s, number), (next_s, _) in pairwise(contacts):
            if number in turns:
                gaps[turns[number]].append(next_s - at_s)
    return gaps


RETRY_STORM = Card(
    id="retry_storm",
    kind=Kind.WEAK,
    title="hammers after refusals",
    asks="Do refused handshakes follow one another far faster than connections that work?",
    matters="An endless retry loop drains batteries and hides the cause from the user.",
    trigger="Five or more refused handshakes within a minute, and after a refusal the next attempt comes at least five "
    "times sooner than after a connection that worked.",
    rules_out="Busy apps, by their own pace in the control.",
    limits="A stack that tries each address of a host looks alike; the experiment keeps some attempts failing.",
    evaluate=_storm,
)
