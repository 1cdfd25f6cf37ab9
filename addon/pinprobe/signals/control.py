"""Does the client work when nobody intercepts?"""

from pinprobe.attempts import RELAY, Outcome
from pinprobe.evidence import StackEvidence
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import CONTROLS_NEEDED

NO_CONTROL = "no relayed attempt"


def _poisoned(stack: StackEvidence) -> bool:
    """The control worked before the first refusal and never again: the refusal, not the network, ended it."""
    worked = [t.last_s for p, t in stack.tallies.items() if p.outcome is Outcome.RELAY_WORKED]
    failed = [t.first_s for p, t in stack.tallies.items() if p.outcome is Outcome.RELAY_FAILED]
    refused_s = stack.clear_refusals_s
    return bool(worked and failed and refused_s and max(worked) < refused_s[0] <= min(failed))


def _counts(asked: Asked) -> tuple[int, int]:
    return asked.stack.count(RELAY, Outcome.RELAY_WORKED), asked.stack.count(RELAY, Outcome.RELAY_FAILED)


def _worked(asked: Asked) -> Answer:
    worked, failed = _counts(asked)
    if not worked + failed:
        return unknown(NO_CONTROL)
    if _poisoned(asked.stack):
        return present_if(True, count=worked, of=worked + failed, note="poisoned by refusal: it failed only afterwards")
    # A flaky network fails now and then in every arm; a broken app or origin fails mostly.
    return present_if(worked >= CONTROLS_NEEDED and worked >= 2 * failed, count=worked, of=worked + failed)


def _failed(asked: Asked) -> Answer:
    worked, failed = _counts(asked)
    if not worked + failed:
        return unknown(NO_CONTROL)
    return present_if(
        failed > 0 and worked < 2 * failed and not _poisoned(asked.stack), count=failed, of=worked + failed
    )


CONTROL_WORKED = Card(
    id="control_worked",
    kind=Kind.EVIDENCE,
    title="the control works",
    asks="Did relayed attempts, which show the server's own certificate, exchange data?",
    matters="A refusal says something about our certificate only where the untouched connection works.",
    limits="Read from record types and lengths; what was said is not seen.",
    evaluate=_worked,
)
CONTROL_FAILED = Card(
    id="control_failed",
    kind=Kind.EVIDENCE,
    title="the control fails too",
    asks="Did the client refuse the server's own certificate as well?",
    matters="Then the app or the server is broken without us: no verdict on pinning.",
    limits="A pin that is wrong for everyone looks the same as a broken server.",
    evaluate=_failed,
)
