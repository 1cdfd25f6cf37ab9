"""Does an endpoint that accepts have less traffic than in the control?"""

from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.signals.traffic import traffic_of
from pinprobe.thresholds import LESS_SHARE, SMALL_CHANCE


def _less(asked: Asked) -> Answer:
    traffic = traffic_of(asked)
    if isinstance(traffic, Answer):
        return traffic
    if not asked.stack.accepts:
        return unknown("nothing was accepted here, so less traffic is no wonder")
    if asked.endpoint.coalesced:
        return unknown("some requests travel over another host's connection")
    less = traffic.share < LESS_SHARE and traffic.chance_of_so_few <= SMALL_CHANCE
    return present_if(less, count=traffic.test, of=traffic.control, note=traffic.words)


LESS_TRAFFIC_THAN_CONTROL = Card(
    id="less_traffic_than_control",
    kind=Kind.WEAK,
    title="less traffic than in the control",
    asks="Does an endpoint that accepts get far fewer connections in the test than in the control?",
    matters="The app may hold something back from a connection that it does not believe in.",
    trigger="Less than half of the control's rate, and at that rate chance would bring so few in at most 1 % of cases "
    "(exact test of two Poisson rates, connections within two seconds count once).",
    rules_out="Servers that answer interception with errors; HTTP/2 coalescing; connections that the control left open; "
    "small counts; checks of networks and certificates; hosts that the device "
    "speaks to by itself.",
    limits="People use an app differently twice; what travels inside a connection is not counted.",
    evaluate=_less,
)
