"""Did the client send anything under our certificate?"""

from dataclasses import replace

from pinprobe.signals.card import Answer, Asked, Card, Kind, State, present_if, unknown
from pinprobe.thresholds import EXCHANGES_FOR_CONFIRMED

NOTHING_SHOWN = "no attempt was shown our certificate"


def _accepted(asked: Asked) -> Answer:
    stack = asked.stack
    if not stack.tested:
        return unknown(NOTHING_SHOWN)
    return present_if(stack.accepts > 0, count=stack.accepts, of=stack.tested)


def _decrypted(asked: Asked) -> Answer:
    stack = asked.stack
    if not stack.tested:
        return unknown(NOTHING_SHOWN)
    exchanges = stack.requests + stack.exchanged_beyond_http
    # Half an HTTP request is no exchange; bytes of another protocol are one.
    return present_if(exchanges > 0, count=exchanges, of=stack.accepts)


def _repeatedly(asked: Asked) -> Answer:
    answer = _decrypted(asked)
    if answer.state is State.UNKNOWN:
        return answer
    return replace(answer, state=State.PRESENT if answer.count >= EXCHANGES_FOR_CONFIRMED else State.ABSENT)


def _tested(asked: Asked) -> Answer:
    return present_if(asked.stack.tested > 0, count=asked.stack.tested)


TESTED = Card(
    id="tested",
    kind=Kind.EVIDENCE,
    title="was put to the test",
    asks="Was any attempt intercepted, or would it have been had it gone on?",
    matters="An endpoint that was only relayed, or never reached, is not tested, and silence is no pass.",
    limits="An attempt that ended before the certificate counts as a test that decided nothing.",
    evaluate=_tested,
)
ACCEPTED = Card(
    id="accepted",
    kind=Kind.EVIDENCE,
    title="sent data under the proxy's certificate",
    asks="Did the client send application bytes after a full handshake under our certificate?",
    matters="No measured client sends a request before its pin check, so data means that the certificate was accepted.",
    limits="An app that compares the certificate after the response, or on a separate connection, sends data first.",
    evaluate=_accepted,
)
DECRYPTED = Card(
    id="decrypted",
    kind=Kind.EVIDENCE,
    title="requests were decrypted",
    asks="How many whole exchanges were read under our certificate?",
    matters="It is what 'unpinned' means: somebody in the middle reads the traffic.",
    limits="Says nothing of what the app would do for another certificate authority.",
    evaluate=_decrypted,
)
DECRYPTED_REPEATEDLY = Card(
    id="decrypted_repeatedly",
    kind=Kind.EVIDENCE,
    title="requests were decrypted more than once",
    asks="Were there two or more whole exchanges?",
    matters="One exchange may be an accident of attribution.",
    limits="Two exchanges of one connection count as two.",
    evaluate=_repeatedly,
)
