"""Is an endpoint of the control not reached in the test?"""

from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.signals.traffic import traffic_of
from pinprobe.thresholds import SMALL_CHANCE


def _missing(asked: Asked) -> Answer:
    traffic = traffic_of(asked)
    if isinstance(traffic, Answer):
        return traffic
    if traffic.test or asked.endpoint.coalesced:
        return present_if(False, count=traffic.test, of=traffic.control, note=traffic.words)
    if traffic.chance_of_so_few > SMALL_CHANCE:
        return unknown(f"{traffic.words}: chance would do so in {traffic.chance_of_so_few:.0%} of cases")
    return present_if(True, count=traffic.control, note=traffic.words)


MISSING_ENDPOINTS = Card(
    id="missing_endpoints",
    kind=Kind.WEAK,
    title="reached in the control, never in the test",
    asks="Was this endpoint used in the control phase and not once in the test?",
    matters="What was not reached is not tested: it may lie behind a pinned login, and is never called unpinned.",
    trigger="No connection in the test phase where the control's rate would bring some: at that rate chance would "
    "arrange it in at most 1 % of cases (exact test of two Poisson rates, connections within two seconds count once).",
    rules_out="Requests that travel over another host's connection (HTTP/2 coalescing), or over one that the control left "
    "open; servers that answer interception with errors; too short a test; checks of networks and certificates; hosts that the device "
    "speaks to by itself.",
    limits="People use an app differently twice: repeat the same steps in both phases.",
    evaluate=_missing,
)
