"""Places that an app turns to right after a refusal, as an answer to a card. Pure."""

from collections.abc import Callable

from pinprobe import attempts
from pinprobe.evidence import Follow, Turn
from pinprobe.signals.card import Answer, Asked, State, present_if, unknown
from pinprobe.signals.refused import network_may
from pinprobe.thresholds import CHANCE, FALLBACKS_NEEDED

STANDING = frozenset({5223, 5228, 5229, 5230, 3478, 5349, 19302})
"""Ports of push sockets (APNs, FCM) and of STUN and TURN (RFC 8489, RFC 8656): they come and go by themselves."""

NOTHING_REFUSED = "nothing was refused here"


def place(follow: Follow) -> str:
    """Where it went, as people write it."""
    host, port = follow.target.host, follow.target.port
    if follow.how == "http":
        return f"http://{attempts.place(host, None if port == HTTP_PORT else port)}"
    return attempts.place(host, port) + ("" if follow.how == "tls" else f"/{follow.how}")


HTTP_PORT = 80


def what_it_did(follow: Follow) -> str:
    """In words that go on after 'refused, then'."""
    delay = f"{follow.delay_ms} ms" if follow.delay_ms < SECOND_MS else f"{follow.delay_ms / SECOND_MS:.1f} s"
    sent = "sent the same exchange to" if follow.same >= FALLBACKS_NEEDED else "turned to"
    return f"{sent} {place(follow)} {delay} later"


SECOND_MS = 1000


def follows_here(asked: Asked) -> tuple[Follow, ...]:
    """All places that follow refusals of this stack at this endpoint."""
    return asked.peers.follows.get((asked.endpoint.endpoint, asked.stack.stack), ())


def followed(asked: Asked, wanted: Callable[[Follow], bool], counted: Callable[[Follow], int] | None = None) -> Answer:
    """Present where such a place follows often enough, beside a control after which it does not."""
    stack = asked.stack
    if not stack.refusals:
        return unknown(NOTHING_REFUSED)
    found = [follow for follow in follows_here(asked) if wanted(follow)]
    refused = sum(moment.turn is Turn.REFUSED for moment in stack.moments.decided.values())
    if not found and refused < FALLBACKS_NEEDED:
        return unknown(f"{refused} refusal is too few to see what follows")
    if not found:
        return present_if(False, of=refused)
    best = max(found, key=lambda follow: (settled(follow), follow.count, follow.target))
    if not best.worked:
        return unknown(
            f"{place(best)} follows {best.count} of {best.refused} refusals, and no attempt that worked is "
            "there to compare with"
        )
    if why := network_may(asked):
        return unknown(f"{place(best)} follows, but an app may turn elsewhere when the network fails: {why}")
    if not settled(best):
        return unknown(
            f"{place(best)} follows {best.count} of {best.refused} refusals and none of {best.worked} attempts that "
            f"worked: chance would do so in {best.chance:.0%} of cases"
        )
    count = counted(best) if counted is not None else best.count
    return Answer(state=State.PRESENT, count=count, of=best.refused, note=what_it_did(best))


def settled(follow: Follow) -> bool:
    """Whether it is seen often enough, and beside enough that worked, to be no accident."""
    return follow.count >= FALLBACKS_NEEDED and follow.worked > 0 and follow.chance <= CHANCE
