"""Is an endpoint the device's own, seen only while the app was not running?"""

from pinprobe.events import IDLE
from pinprobe.evidence import EndpointEvidence, Evidence
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown


def idle_only(evidence: Evidence, about: EndpointEvidence) -> bool:
    """Whether everything that was seen of it was seen in the idle phase."""
    return (
        evidence.phases.seen(IDLE) and not about.contacts.cut and {*about.contacts.in_phase(evidence.phases)} == {IDLE}
    )


def _idle_only(asked: Asked) -> Answer:
    if not asked.evidence.phases.seen(IDLE):
        return unknown("no idle phase to compare with")
    contacts = asked.endpoint.contacts
    if contacts.cut:
        return unknown("too many connections to look at each")
    return present_if(idle_only(asked.evidence, asked.endpoint), count=contacts.total, of=contacts.total)


IDLE_ONLY = Card(
    id="idle_only",
    kind=Kind.EVIDENCE,
    title="seen only while the app was not running",
    asks="Was this endpoint contacted in the idle phase, and in no other?",
    matters="It is the device's own, not the app's.",
    limits="What the device does seldom may fall into the app's phases by chance.",
    evaluate=_idle_only,
)
