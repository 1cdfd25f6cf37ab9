"""How much traffic an endpoint had in the control and in the test. Pure."""

from dataclasses import dataclass
from itertools import pairwise

from pinprobe import chance
from pinprobe.events import CONTROL, TEST
from pinprobe.evidence import EndpointEvidence, Evidence
from pinprobe.signals.card import Answer, Asked, unknown
from pinprobe.signals.peers import may_be_anothers


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Connections of two phases; those of one client within two seconds count once."""

    control: int
    test: int
    control_s: float
    test_s: float

    @property
    def chance_of_so_few(self) -> float:
        """Probability of so few in the test, were the rate the control's."""
        return chance.of_so_few(self.test, self.test + self.control, self.test_s / (self.test_s + self.control_s))

    @property
    def share(self) -> float:
        """The test's rate as a share of the control's."""
        return (self.test / self.test_s) / (self.control / self.control_s)

    @property
    def words(self) -> str:
        """Both counts, with their times."""
        return f"{self.control} in {self.control_s:.0f} s of control, {self.test} in {self.test_s:.0f} s of test"


def held_over(evidence: Evidence, about: EndpointEvidence) -> bool:
    """Whether a relayed connection outlived the control phase."""
    ends = [
        at_s for (_, before), (at_s, phase) in pairwise(evidence.phases.marks) if (before, phase) == (CONTROL, TEST)
    ]
    spans = [known for stack in about.stacks.values() for known in stack.relayed.values()]
    return any(known.overlaps(at_s, at_s) for known in spans for at_s in ends)


def traffic_of(asked: Asked) -> Traffic | Answer:
    """Both counts; an answer, unknown, where there is nothing to compare."""
    evidence, contacts = asked.evidence, asked.endpoint.contacts
    control_s, test_s = (evidence.phases.seconds(phase, evidence.last_s) for phase in (CONTROL, TEST))
    if not control_s:
        return unknown("no control phase to compare with")
    if not test_s:
        return unknown("the test has not begun")
    if may_be_anothers(evidence, asked.endpoint):
        return unknown("the device speaks to this host by itself as well")
    if asked.endpoint.endpoint.app_id in asked.peers.troubled:
        return unknown("a real server answered the app with errors under interception, which may be why")
    if held_over(evidence, asked.endpoint):
        return unknown("a connection of the control was still open in the test, and may carry its traffic")
    if asked.endpoint.checks.total:
        return unknown("some connections here are checks that come by themselves, which a relay does not tell apart")
    if contacts.cut:
        return unknown("too many connections to compare one by one")
    counts = contacts.bursts(evidence.phases)
    if not counts.get(CONTROL):
        return unknown("not seen in the control")
    return Traffic(control=counts[CONTROL], test=counts.get(TEST, 0), control_s=control_s, test_s=test_s)
