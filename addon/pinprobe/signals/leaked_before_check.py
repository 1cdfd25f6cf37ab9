"""Is a request sent before the certificate is checked?"""

from pinprobe import chance
from pinprobe.evidence import Life
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import (
    ABORTS_NEEDED,
    LIVES_KEPT,
    OUTLIVES_BY_S,
    OUTLIVES_TIMES,
    REQUEST_LEAST_BYTES,
    SMALL_CHANCE,
)


def _leaked(asked: Asked) -> Answer:
    moments = asked.stack.moments
    ended = len(moments.intercepted)
    shown, relayed = (
        [life for life in lives.values() if not life.cut_off] for lives in (moments.intercepted, moments.relayed)
    )
    if not shown:
        return unknown("no connection with data has ended under our certificate")
    if not relayed:
        return unknown("no relayed connection to compare with")
    if ended < min(asked.stack.accepts, LIVES_KEPT):
        return unknown(f"{asked.stack.accepts - ended} connections with data are still open")
    troubled = sum(life.trouble for life in shown)
    if troubled:
        return unknown(
            f"the real server answered {troubled} of {len(shown)} with an error, which may be why it stopped"
        )
    if any(life.doubtful for life in shown):
        return unknown("names differ, or the proxy negotiated otherwise than the server: that may be why it stopped")
    aborted = [life for life in shown if life.dropped and life.requests == 1]
    goes_on = [life for life in relayed if _goes_on(life, shown)]
    if len(aborted) < len(shown) or len(goes_on) < len(relayed):
        return present_if(False, count=len(aborted), of=len(shown))
    if len(aborted) < ABORTS_NEEDED or chance.of_separation(len(aborted), len(goes_on)) > SMALL_CHANCE:
        return unknown(
            f"{len(aborted)} dropped after a request, {len(goes_on)} relayed ones went on: too few to exclude an accident"
        )
    return present_if(True, count=len(aborted), of=len(shown), note=f"{len(goes_on)} of {len(relayed)} relayed went on")


def _goes_on(life: Life, shown: list[Life]) -> bool:
    """It carried another request's worth more than any that was dropped, or stayed open much longer."""
    most_bytes = max(one.client_bytes for one in shown)
    longest_s = max(one.lasted_s for one in shown)
    return life.client_bytes >= most_bytes + REQUEST_LEAST_BYTES or life.lasted_s >= max(
        OUTLIVES_TIMES * longest_s, longest_s + OUTLIVES_BY_S
    )


LEAKED_BEFORE_CHECK = Card(
    id="leaked_before_check",
    kind=Kind.STRONG,
    title="sends a request first, and drops the connection afterwards",
    asks="Was one request sent and the connection then dropped, every time, where relayed ones go on?",
    matters="The check comes too late: whoever is in the middle has the request, with its tokens.",
    trigger="Every intercepted connection carries one request and is closed by the client within moments of the answer, "
    "three or more do; every relayed one carries clearly more or stays open clearly longer; chance would arrange that in "
    "at most 1 % of cases.",
    rules_out="Clients that use a connection once in any case, by the control; idle time-outs, and streams that the proxy "
    "holds back, by the time of the answer; servers that answer interception with an error (bot managers); another "
    "protocol or TLS version than the server's; HTTP/2 coalescing, which adds requests.",
    limits="Bytes of relayed connections are estimated from record lengths. What the app did with the answer is not seen.",
    evaluate=_leaked,
)
