"""Which refusals the lines of the app's own log speak of. Pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pinprobe.attempts import TRUSTED_CA, Endpoint
from pinprobe.events import UNATTRIBUTED, DiagnosticSeen
from pinprobe.evidence import EndpointEvidence, Evidence, Moment, Turn
from pinprobe.thresholds import DIAGNOSTIC_WINDOW_S

PIN = "pin"
CAUSE_WORDS = {
    PIN: "a pin",
    "distrust": "a CA that is not trusted",
    "ct": "Certificate Transparency",
    "hostname": "the host name",
}
"""Causes that a line can name, as the reader is told of them."""


class _Failure(NamedTuple):
    endpoint: Endpoint
    stack: str
    moment: Moment

    @property
    def counts(self) -> bool:
        """A refusal of the trusted CA, known to be this app's; what fails under another certificate has that one's cause."""
        named = self.endpoint.app_id != UNATTRIBUTED
        return named and self.moment.turn is Turn.REFUSED and self.moment.probe_id == TRUSTED_CA


Diagnosed = Mapping[tuple[Endpoint, str], Mapping[str, frozenset[int]]]
"""By endpoint and stack, then by cause: the refused connections that a line speaks of."""


def diagnosed_in(evidence: Evidence) -> Diagnosed:
    """Each line that speaks of one refusal beyond doubt, joined to it."""
    found: dict[tuple[Endpoint, str], dict[str, set[int]]] = {}
    failures: dict[str, list[_Failure]] = {}
    for line in evidence.diagnostics:
        if line.cause not in CAUSE_WORDS:
            continue
        if line.app_id not in failures:
            failures[line.app_id] = list(_failures(evidence, line.app_id))
        meant = _meant(line, failures[line.app_id], _known_until_s(evidence, line.app_id))
        if meant is not None:
            causes = found.setdefault((meant.endpoint, meant.stack), {})
            causes.setdefault(line.cause, set()).add(meant.moment.connection_id)
    return {where: {cause: frozenset(ids) for cause, ids in causes.items()} for where, causes in found.items()}


def _may_be_of(evidence: Evidence, app_id: str) -> Iterator[EndpointEvidence]:
    """The app's endpoints, and those that nobody could name the app of: a line may speak of either."""
    for one in sorted({app_id, UNATTRIBUTED}):
        yield from evidence.of_app(one)


def _failures(evidence: Evidence, app_id: str) -> Iterator[_Failure]:
    for about in _may_be_of(evidence, app_id):
        for name, stack in about.stacks.items():
            for moment in stack.moments.decided.values():
                if moment.turn is not Turn.WORKED:
                    yield _Failure(about.endpoint, name, moment)


def _known_until_s(evidence: Evidence, app_id: str) -> float:
    """Beyond this, some attempts of the app are no longer remembered one by one."""
    stacks = [stack for about in _may_be_of(evidence, app_id) for stack in about.stacks.values()]
    return min((stack.moments.until_s for stack in stacks), default=float("inf"))


def _meant(line: DiagnosticSeen, failures: list[_Failure], until_s: float) -> _Failure | None:
    """The refusal that a line speaks of: the nearest, where all that it may mean are of one endpoint and stack."""
    if line.at_s + DIAGNOSTIC_WINDOW_S >= until_s:
        return None
    near = [
        one
        for one in failures
        if _apart(line.at_s, one.moment) <= DIAGNOSTIC_WINDOW_S and line.host in {None, one.endpoint.host}
    ]
    counted = [one for one in near if one.counts]
    if not counted or len({(one.endpoint, one.stack) for one in near}) != 1:
        return None
    if line.cause != PIN and len(counted) < len(near):
        return None  # a pin is a pin under whatever certificate; any other cause may be that certificate's own
    return min(counted, key=lambda one: (abs(line.at_s - one.moment.decided_s), one.moment.connection_id))


def _apart(at_s: float, moment: Moment) -> float:
    """How long before its beginning or after its end a moment was."""
    return max(moment.opened_s - at_s, at_s - moment.decided_s, 0.0)
