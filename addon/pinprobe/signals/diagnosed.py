"""Which refusals the lines of the app's own log speak of. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import NamedTuple

from pinprobe.attempts import TRUSTED_CA, Endpoint
from pinprobe.events import UNATTRIBUTED, DiagnosticSeen
from pinprobe.evidence import Evidence, Moment, Turn
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


class _Line:
    """A line of the log, and the failures that it may speak of."""

    def __init__(self, line: DiagnosticSeen) -> None:
        self.line = line
        self._where: tuple[Endpoint, str] | None = None
        self._near = 0
        self._counted: list[_Failure] = []
        self._open = True
        """False once it may speak of more than one endpoint or stack."""

    def take(self, failure: _Failure) -> None:
        """One more failure of the line's app, from about its time."""
        if not self._open or _apart(self.line.at_s, failure.moment) > DIAGNOSTIC_WINDOW_S:
            return
        if self.line.host not in {None, failure.endpoint.host}:
            return
        where = (failure.endpoint, failure.stack)
        if self._where is not None and self._where != where:
            self._open = False
        self._where = where
        self._near += 1
        if failure.counts:
            self._counted.append(failure)

    def meant(self, until_s: float) -> _Failure | None:
        """The refusal that it speaks of: the nearest, where all that it may mean are of one endpoint and stack."""
        at_s = self.line.at_s
        if not self._open or not self._counted or at_s + DIAGNOSTIC_WINDOW_S >= until_s:
            return None
        if self.line.cause != PIN and len(self._counted) < self._near:
            return None  # a pin is a pin under whatever certificate; any other cause may be that certificate's own
        return min(self._counted, key=lambda one: (abs(at_s - one.moment.decided_s), one.moment.connection_id))


def diagnosed_in(evidence: Evidence) -> Diagnosed:
    """Each line that speaks of one refusal beyond doubt, joined to it."""
    lines = [_Line(line) for line in evidence.diagnostics if line.cause in CAUSE_WORDS]
    until_s = {app_id: _join(evidence, app_id, lines) for app_id in {one.line.app_id for one in lines}}
    found: dict[tuple[Endpoint, str], dict[str, set[int]]] = {}
    for one in lines:
        meant = one.meant(until_s[one.line.app_id])
        if meant is not None:
            causes = found.setdefault((meant.endpoint, meant.stack), {})
            causes.setdefault(one.line.cause, set()).add(meant.moment.connection_id)
    return {where: {cause: frozenset(ids) for cause, ids in causes.items()} for where, causes in found.items()}


def _join(evidence: Evidence, app_id: str, lines: list[_Line]) -> float:
    """Show each failure to the lines from about its time; returns until when the app's failures are known."""
    ordered = sorted((one for one in lines if one.line.app_id == app_id), key=lambda one: one.line.at_s)
    times_s = [one.line.at_s for one in ordered]
    stacks = [
        (about.endpoint, name, stack)
        for one in sorted({app_id, UNATTRIBUTED})  # what nobody could name the app of may be what a line speaks of
        for about in evidence.of_app(one)
        for name, stack in about.stacks.items()
    ]
    for endpoint, name, stack in stacks:
        for moment in stack.moments.decided.values():
            if moment.turn is not Turn.WORKED:
                first = bisect_left(times_s, moment.opened_s - 2 * DIAGNOSTIC_WINDOW_S)
                last = bisect_right(times_s, moment.decided_s + 2 * DIAGNOSTIC_WINDOW_S)
                for one in ordered[first:last]:
                    one.take(_Failure(endpoint, name, moment))
    return min((stack.moments.until_s for _, _, stack in stacks), default=float("inf"))


def _apart(at_s: float, moment: Moment) -> float:
    """How long before its beginning or after its end a moment was."""
    return max(moment.opened_s - at_s, at_s - moment.decided_s, 0.0)
