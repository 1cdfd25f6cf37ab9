"""What certificates between the right and the wrong one bring to light about a refusal. Pure."""

from pinprobe.attempts import REFUSALS, Outcome
from pinprobe.evidence import StackEvidence
from pinprobe.probes import (
    EXPIRED,
    EXPIRED_UNKNOWN_CA,
    MIMIC_GENUINE,
    RELAY_DELAYED,
    STUFFED_CHAIN,
    STUFFED_CHAIN_FIRST,
)
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import CONTRAST_NEEDED

CERTIFICATE_EXPIRED, UNKNOWN_CA = 45, 48
"""RFC 8446, section 6."""


def _not_shown(*probe_ids: str) -> Answer:
    return unknown(f"{' and '.join(probe_ids)} not shown here")


def _mimic_refused(asked: Asked) -> Answer:
    shown = asked.stack.count(MIMIC_GENUINE.id)
    if not shown:
        return _not_shown(MIMIC_GENUINE.id)
    refused = asked.stack.count(MIMIC_GENUINE.id, *REFUSALS)
    return present_if(refused >= CONTRAST_NEEDED and refused == shown, count=refused, of=shown)


def _mimic_accepted(asked: Asked) -> Answer:
    shown = asked.stack.count(MIMIC_GENUINE.id)
    if not shown:
        return _not_shown(MIMIC_GENUINE.id)
    accepted = asked.stack.count(MIMIC_GENUINE.id, Outcome.DATA_EXCHANGED)
    return present_if(accepted > 0, count=accepted, of=shown)


def _stuffed(asked: Asked) -> Answer:
    probes = (STUFFED_CHAIN.id, STUFFED_CHAIN_FIRST.id)
    shown = sum(map(asked.stack.count, probes))
    if not shown:
        return _not_shown(*probes)
    accepted = sum(asked.stack.count(probe_id, Outcome.DATA_EXCHANGED) for probe_id in probes)
    return present_if(accepted > 0, count=accepted, of=shown)


def _expiry(asked: Asked) -> Answer:
    ours, unknown_cas = asked.stack.alerts(EXPIRED.id), asked.stack.alerts(EXPIRED_UNKNOWN_CA.id)
    if not _enough(asked.stack, EXPIRED.id) or not _enough(asked.stack, EXPIRED_UNKNOWN_CA.id):
        return _not_shown(EXPIRED.id, EXPIRED_UNKNOWN_CA.id)
    told = set(ours) == {CERTIFICATE_EXPIRED} and CERTIFICATE_EXPIRED not in unknown_cas
    return present_if(told, count=ours.get(CERTIFICATE_EXPIRED, 0), of=asked.stack.count(EXPIRED.id))


def ca_distrusted(asked: Asked) -> bool:
    """True where an expired certificate of our CA is refused for its CA, by a stack that names its reasons.

    Stacks that answer an unknown CA with 48 say 45 for the date as soon as they trust the CA (measured).
    """
    answers = [asked.stack.alerts(probe_id) for probe_id in (EXPIRED.id, EXPIRED_UNKNOWN_CA.id)]
    enough = _enough(asked.stack, EXPIRED.id) and _enough(asked.stack, EXPIRED_UNKNOWN_CA.id)
    return enough and all(set(alerts) == {UNKNOWN_CA} for alerts in answers)


def _enough(stack: StackEvidence, probe_id: str) -> bool:
    """Every time the same alert, and often enough."""
    alerts = stack.alerts(probe_id)
    return len(alerts) == 1 and CONTRAST_NEEDED <= sum(alerts.values()) == stack.count(probe_id)


def _impatient(asked: Asked) -> Answer:
    shown = asked.stack.count(RELAY_DELAYED.id)
    if shown < CONTRAST_NEEDED:
        return _not_shown(RELAY_DELAYED.id)
    worked = asked.stack.count(RELAY_DELAYED.id, Outcome.RELAY_WORKED)
    return present_if(not worked, count=shown - worked, of=shown)


MIMIC_REFUSED = Card(
    id="mimic_refused",
    kind=Kind.EVIDENCE,
    title="a copy of the genuine leaf is refused too",
    asks="Is a leaf of our CA that copies the genuine one in everything but the key refused every time?",
    matters="Then only the key, the CA or Certificate Transparency is left as the reason.",
    limits="Extensions that only a public CA can make cannot be copied.",
    evaluate=_mimic_refused,
)
MIMIC_ACCEPTED = Card(
    id="mimic_accepted",
    kind=Kind.EVIDENCE,
    title="a copy of the genuine leaf is accepted",
    asks="Is data sent under a leaf of our CA that copies the genuine one?",
    matters="Then something in our usual leaf was the reason, or a check of names that anybody can copy: no pin.",
    limits="It does not say which field.",
    evaluate=_mimic_accepted,
)
STUFFED_CHAIN_ACCEPTED = Card(
    id="stuffed_chain_accepted",
    kind=Kind.EVIDENCE,
    title="genuine certificates sent along deceive the pin",
    asks="Is data sent when the genuine certificates are appended to our chain?",
    matters="The pin searches what was sent instead of what was verified (CVE-2016-2402 and its kin).",
    limits="Means a bypass only beside a trusted_ca that is refused every time.",
    evaluate=_stuffed,
)
CA_TRUSTED_BY_EXPIRY = Card(
    id="ca_trusted_by_expiry",
    kind=Kind.EVIDENCE,
    title="only the date is wrong with an expired certificate of our CA",
    asks="Is an expired certificate of our CA answered certificate_expired (45), and that of an unknown CA otherwise?",
    matters="The client that gets as far as the date trusts the CA.",
    limits="Stacks that give one alert for everything tell nothing here.",
    evaluate=_expiry,
)
IMPATIENT = Card(
    id="impatient",
    kind=Kind.EVIDENCE,
    title="fails when merely delayed",
    asks="Does a relay that is held back as long as interception takes fail every time?",
    matters="Then the closes without alert are time-outs, and say nothing about certificates.",
    limits="A delay that depends on the moment may be missed.",
    evaluate=_impatient,
)
