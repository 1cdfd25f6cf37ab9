"""Does the app's own log name the cause of its refusals?"""

from collections.abc import Mapping

from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.signals.diagnosed import CAUSE_WORDS, PIN
from pinprobe.thresholds import REFUSALS_NEEDED


def _causes(asked: Asked) -> Mapping[str, frozenset[int]]:
    return asked.peers.diagnosed.get((asked.endpoint.endpoint, asked.stack.stack), {})


def _asked_of_the_log(asked: Asked, *, of_a_pin: bool) -> Answer:
    causes, refusals = _causes(asked), asked.stack.refusals
    if not causes:
        return unknown("no line of the app's log was joined to a refusal here; that proves nothing")
    wanted = frozenset[int]().union(*(ids for cause, ids in causes.items() if (cause == PIN) is of_a_pin))
    others = frozenset[int]().union(*(ids for cause, ids in causes.items() if (cause == PIN) is not of_a_pin))
    note = " and ".join(CAUSE_WORDS[cause] for cause in CAUSE_WORDS if cause in causes)
    if wanted and others:
        return unknown(f"the app's log names {note}, for refusals of one host: nothing follows")
    count = len(wanted or others)
    if count < REFUSALS_NEEDED:
        return unknown(f"the app's log names {note} for one refusal only; {REFUSALS_NEEDED} are needed")
    return present_if(bool(wanted), count=len(wanted), of=refusals, note=note)


_LIMITS = (
    "A missing line proves nothing: apps swallow exceptions. A line without a host counts only where no other host of "
    "the app failed within two seconds; one that names no pin, only where no other certificate was shown there then."
)

DIAGNOSED_PIN = Card(
    id="diagnosed_pin",
    kind=Kind.EVIDENCE,
    title="the app's log names the pin",
    asks="Does the app's own log name a pin, and nothing else, for two or more refusals here?",
    matters="The app itself says what the alert cannot: that the certificate was trusted and the pin did not match.",
    limits=_LIMITS,
    evaluate=lambda asked: _asked_of_the_log(asked, of_a_pin=True),
)
DIAGNOSED_OTHER_CAUSE = Card(
    id="diagnosed_other_cause",
    kind=Kind.EVIDENCE,
    title="the app's log names another cause",
    asks="Does the app's own log name distrust, Certificate Transparency or the host name, and no pin, for two or more "
    "refusals here?",
    matters="The refusals then say nothing of a pin, which may be there all the same.",
    limits=_LIMITS,
    evaluate=lambda asked: _asked_of_the_log(asked, of_a_pin=False),
)
