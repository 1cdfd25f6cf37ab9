"""Contrast with a CA that nobody trusts: does this endpoint check chains, and where?"""

from pinprobe.attempts import Outcome
from pinprobe.probes import UNKNOWN_CA
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import CONTRAST_NEEDED

NOT_TRIED = "unknown_ca was not shown here"


OTHERWISE = (
    Outcome.DATA_EXCHANGED,
    Outcome.CLOSED_WITHOUT_DATA,
    Outcome.ALERT_AFTER_HANDSHAKE,
    Outcome.CLOSED_DURING_HANDSHAKE,
    Outcome.SILENT,
    Outcome.PREFACE_ONLY,
)
"""Answers to an untrusted chain that are no alert inside the handshake."""


def _checked_in_handshake(asked: Asked) -> Answer:
    shown = asked.stack.count(UNKNOWN_CA.id)
    if not shown:
        return unknown(NOT_TRIED)
    alerts = asked.stack.count(UNKNOWN_CA.id, Outcome.ALERT_DURING_HANDSHAKE)
    if alerts < CONTRAST_NEEDED and alerts == shown:
        return unknown(f"only {alerts} of {CONTRAST_NEEDED} answers yet")
    # A silent close does not count: Node and Qt close so on TLS 1.2 although they merely distrust (measured). Neither
    # does a client that answers now so, now otherwise.
    otherwise = asked.stack.count(UNKNOWN_CA.id, *OTHERWISE) + len(asked.stack.alerts(UNKNOWN_CA.id)) - 1
    return present_if(alerts >= CONTRAST_NEEDED and not otherwise, count=alerts, of=shown)


CHAIN_CHECKED_IN_HANDSHAKE = Card(
    id="chain_checked_in_handshake",
    kind=Kind.EVIDENCE,
    title="an untrusted chain is refused inside the handshake",
    asks="Is a certificate of a CA that nobody trusts answered with an alert inside the handshake, twice or more?",
    matters="Then our trusted certificate, refused only afterwards, passed that check: the CA is trusted here.",
    limits="Only an alert counts; several stacks close silently when they merely distrust.",
    evaluate=_checked_in_handshake,
)
