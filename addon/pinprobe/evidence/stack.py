"""What one TLS stack did at one endpoint, in bounded counts. Pure.

Everything that depends on which connections overlapped in time is decided when asked, from intervals, so that the
order of arrival does not matter. Over 300 lines: what is counted here is taken back together when an attempt is revised.
"""

from dataclasses import dataclass, field

from pinprobe.attempts import REFUSALS, RELAY, RELAY_PROBES, TRUSTED_CA, Attempt, Outcome, Settled
from pinprobe.evidence.apart import apart
from pinprobe.evidence.doubts import doubts_of
from pinprobe.evidence.moments import Moment, Moments, Turn
from pinprobe.evidence.replays import Replays
from pinprobe.evidence.spans import Spans
from pinprobe.evidence.tally import Pattern, Tally, look_alike, pattern_of
from pinprobe.thresholds import (
    BARE_CLOSE_CONTROLS_NEEDED,
    BARE_CLOSES_NEEDED,
    BURST_S,
    EMPTIES_KEPT,
    EXAMPLES_KEPT,
    PATTERNS_KEPT,
    PREFACE_CLOSES_NEEDED,
    REQUEST_LEAST_BYTES,
)

_EXCHANGED, _PREFACE_ONLY, _RELAY_WORKED = Outcome.DATA_EXCHANGED, Outcome.PREFACE_ONLY, Outcome.RELAY_WORKED
_ALERTED = Outcome.ALERT_DURING_HANDSHAKE
"""Looked up once: every revision of every attempt asks for them, and on Python 3.11 a member of an enumeration takes as
long as all else in such a line."""


@dataclass(slots=True, kw_only=True)
class StackEvidence:
    """What one TLS stack did at one endpoint."""

    stack: str
    ja4s: list[str] = field(default_factory=list)
    tallies: dict[Pattern, Tally] = field(default_factory=dict)
    patterns_cut: int = 0
    requests: int = 0
    """Decrypted requests under trusted_ca."""
    exchanged_beyond_http: int = 0
    """Attempts with application data that was no HTTP request."""
    doubtful: int = 0
    """Refusals after the handshake or without alert that a name, TLS or client-certificate difference may explain."""
    doubts: dict[str, int] = field(default_factory=dict)
    mutual_tls: bool = False
    data: dict[int, Spans] = field(default_factory=dict)
    """Per client, when data flowed under our certificate."""
    relayed: dict[int, Spans] = field(default_factory=dict)
    """Per client, when a relay worked."""
    preface_bytes: int = 0
    """Most that a client sent when it sent no more than an HTTP/2 preface."""
    relayed_bytes: int = 0
    """Most that a relayed client sent."""
    empties: list[Attempt] = field(default_factory=list)
    """closed_without_data under trusted_ca: each may be the spare socket of a connection that carried data."""
    old_spares: int = 0
    """Spare sockets among the empty closes that are no longer kept one by one."""
    bare_closes_s: dict[int, float] = field(default_factory=dict)
    """When handshakes were closed without alert, by connection."""
    first_accept_s: float | None = None
    last_accept_s: float | None = None
    silent_s: dict[int, float] = field(default_factory=dict)
    """When connections began that stayed mute, by connection."""
    silent_doubtful: bool = False
    """A name, TLS or client-certificate difference may explain some silence."""
    alerts_s: list[float] = field(default_factory=list)
    """When certificate alerts came that nothing but the certificate explains."""
    replays: Replays = field(default_factory=Replays)
    moments: Moments = field(default_factory=Moments)

    def count(self, probe_id: str, *outcomes: Outcome) -> int:
        """Attempts under a probe with one of these outcomes (all, when none is named)."""
        return sum(
            tally.count
            for pattern, tally in self.tallies.items()
            if pattern.probe_id == probe_id and (not outcomes or pattern.outcome in outcomes)
        )

    def alerts(self, probe_id: str) -> dict[int, int]:
        """Numbers of the alerts inside the handshake, under a probe, with their counts."""
        found: dict[int, int] = {}
        for pattern, tally in self.tallies.items():
            if pattern.probe_id == probe_id and pattern.outcome is Outcome.ALERT_DURING_HANDSHAKE and tally.count:
                found[pattern.alert] = found.get(pattern.alert, 0) + tally.count
        return found

    @property
    def accepts(self) -> int:
        """Attempts that carried application bytes under trusted_ca."""
        return self.count(TRUSTED_CA, Outcome.DATA_EXCHANGED)

    @property
    def spares(self) -> int:
        """Empty closes beside a concurrent connection of the same client that carried data: no refusals."""
        return self.old_spares + sum(map(self._is_spare, self.empties))

    def _is_spare(self, empty: Attempt) -> bool:
        spans = [self.data.get(empty.client)]
        if self.accepts:
            # An app known to accept may have its data on a relayed neighbour.
            spans.append(self.relayed.get(empty.client))
        return any(kept is not None and kept.overlaps(*_lifetime(empty)) for kept in spans)

    @property
    def kept_moments(self) -> list[Moment]:
        """The decided attempts that are remembered, in order, without spare sockets."""
        spare = {empty.connection_id for empty in self.empties if self._is_spare(empty)}
        return sorted(moment for number, moment in self.moments.decided.items() if number not in spare)

    @property
    def refusals_in_handshake(self) -> int:
        """Refusals by a certificate alert inside the handshake, under trusted_ca."""
        return self.count(TRUSTED_CA, Outcome.ALERT_DURING_HANDSHAKE)

    @property
    def refusals_after_handshake(self) -> int:
        """Refusals after a complete handshake, under trusted_ca, spare sockets left out."""
        closed = self.count(TRUSTED_CA, Outcome.ALERT_AFTER_HANDSHAKE, Outcome.CLOSED_WITHOUT_DATA)
        # Beside accepts, a close that names or TLS parameters may explain is no refusal at all.
        explained = sum(bool(doubts_of(empty)) and not self._is_spare(empty) for empty in self.empties)
        return closed - self.spares + self.preface_refusals - (explained if self.accepts else 0)

    @property
    def clear_refusals_s(self) -> list[float]:
        """When the certificate was refused, in order, leaving out what has another explanation; the first hundreds."""
        closes = [e.opened_s for e in self.empties if not doubts_of(e) and not self._is_spare(e)]
        return sorted([*self.alerts_s, *closes])

    @property
    def mute_closes_s(self) -> list[float]:
        """When empty closes that nothing else explains began, in order; those that overlap in time count once."""
        return apart(_lifetime(e) for e in self.empties if not doubts_of(e) and not self._is_spare(e))

    @property
    def overlapping_closes(self) -> int:
        """Empty closes beside others of the same moment: whatever ended one ended all."""
        lives = [_lifetime(empty) for empty in self.empties if not self._is_spare(empty)]
        return len(lives) - len(apart(lives))

    @property
    def refusing_clients(self) -> set[int]:
        """The devices that refused our CA here; that they refuse one that nobody trusts says nothing."""
        ours_s = {*self.clear_refusals_s, *self.bare_closes_s.values()}
        return {m.client for m in self.kept_moments if m.turn is Turn.REFUSED and m.opened_s in ours_s}

    @property
    def silences_s(self) -> list[float]:
        """When connections began that stayed mute under trusted_ca, in order, bursts counted once."""
        bursts: list[float] = []
        last_s = float("-inf")
        for at_s in sorted(self.silent_s.values()):
            if at_s - last_s > BURST_S:
                bursts.append(at_s)
            last_s = at_s
        return bursts

    @property
    def preface_refusals(self) -> int:
        """Closes after nothing but an HTTP/2 preface: refusals where it is so every time, while relays talk."""
        closes = self.count(TRUSTED_CA, Outcome.PREFACE_ONLY)
        # A relayed preconnect exchanges settings as well: a request must be seen in the number of bytes.
        talks = self.relayed_bytes >= self.preface_bytes + REQUEST_LEAST_BYTES
        return closes if closes >= PREFACE_CLOSES_NEEDED and talks and not self.accepts else 0

    @property
    def bare_closes(self) -> int:
        """Closes without alert inside the handshake, bursts counted once."""
        bursts = 0
        last_s = float("-inf")
        for at_s in sorted(self.bare_closes_s.values()):
            bursts += at_s - last_s > BURST_S
            last_s = at_s
        return bursts

    @property
    def bare_refusals(self) -> int:
        """Closes without alert inside the handshake, where they and their controls are enough to mean something."""
        enough = (
            self.bare_closes >= BARE_CLOSES_NEEDED
            and self.count(RELAY, Outcome.RELAY_WORKED) >= BARE_CLOSE_CONTROLS_NEEDED
        )
        return self.bare_closes if enough else 0

    @property
    def refusals(self) -> int:
        """All refusals under trusted_ca that count."""
        return self.refusals_in_handshake + self.refusals_after_handshake + self.bare_refusals

    @property
    def tested(self) -> int:
        """Attempts that were shown a certificate of ours, or would have been."""
        return sum(tally.count for pattern, tally in self.tallies.items() if pattern.probe_id not in RELAY_PROBES)

    @property
    def faults(self) -> int:
        """Connections that broke off for no reason that is seen: a flaky network's, relayed ones included."""
        broken = (Outcome.CLOSED_DURING_HANDSHAKE, Outcome.CLOSED_BEFORE_CERTIFICATE)
        return self.count(TRUSTED_CA, *broken) + self.count(RELAY, Outcome.RELAY_FAILED, Outcome.RELAY_UNCLEAR)

    def settle(self, settled: Settled, at_s: float) -> None:
        """Count an attempt that was decided at this time, or correct what was counted before."""
        attempt, before = settled.attempt, settled.before
        outcome = attempt.outcome
        self.moments.settle(attempt, at_s)
        if before is not None and before.chain_id is not None:
            self.replays.take_back(before)
        if attempt.chain_id is not None:
            self.replays.add(attempt)
        if attempt.ja4 and attempt.ja4 not in self.ja4s and len(self.ja4s) < EXAMPLES_KEPT:
            self.ja4s.append(attempt.ja4)
        if not self._tallied(attempt, before):
            self.patterns_cut += 1
            return
        self.mutual_tls |= attempt.mutual_tls
        if outcome is _PREFACE_ONLY:
            self.preface_bytes = max(self.preface_bytes, attempt.client_bytes)
        if outcome is _RELAY_WORKED and attempt.probe_id == RELAY:
            self.relayed_bytes = max(self.relayed_bytes, attempt.client_bytes)
            _note_span(self.relayed, attempt)
        new = before is None or before.outcome is not outcome
        if new:
            self.bare_closes_s.pop(attempt.connection_id, None)
            self.silent_s.pop(attempt.connection_id, None)
        if attempt.probe_id == TRUSTED_CA:
            self._under_trusted_ca(attempt, +1)
            if new:
                self._remember(attempt)

    def _let_go(self, empty: Attempt) -> None:
        if self._is_spare(empty):
            self.old_spares += 1
            self.moments.decided.pop(empty.connection_id, None)

    def _tallied(self, attempt: Attempt, before: Attempt | None) -> bool:
        """Count it in its pattern, and no longer in that of what was said before; False where no place is left."""
        pattern = pattern_of(attempt)
        if before is not None:
            known = self.tallies.get(pattern)
            if known is not None and known.count > 1 and look_alike(attempt, before):
                known.revise(attempt)
                if before.probe_id == TRUSTED_CA:
                    self._under_trusted_ca(before, -1)
                return True
            self._take_back(before)
        tally = self.tallies.get(pattern)
        if tally is None:
            if len(self.tallies) >= PATTERNS_KEPT:
                return False
            tally = self.tallies[pattern] = Tally()
        tally.add(attempt)
        return True

    def _take_back(self, before: Attempt) -> None:
        tally = self.tallies.get(pattern_of(before))
        if tally is None:
            return
        tally.take_back(before)
        if not tally.count:
            del self.tallies[pattern_of(before)]
        if before.probe_id == TRUSTED_CA:
            self._under_trusted_ca(before, -1)

    def _under_trusted_ca(self, attempt: Attempt, one: int) -> None:
        """What is counted under trusted_ca, and taken back when an attempt is revised."""
        if attempt.outcome is _EXCHANGED:
            self.requests += one * attempt.requests
            self.exchanged_beyond_http += one * (attempt.requests == 0 and attempt.protocol == "other")
            if one > 0:
                _note_span(self.data, attempt)
        elif attempt.outcome in REFUSALS and attempt.outcome is not _ALERTED:
            reasons = doubts_of(attempt)
            self.doubtful += one * bool(reasons)
            for reason in reasons:
                self.doubts[reason] = self.doubts.get(reason, 0) + one

    def _remember(self, attempt: Attempt) -> None:
        """What is noted once, when an attempt gets its outcome."""
        outcome, at_s = attempt.outcome, attempt.opened_s
        if outcome is Outcome.DATA_EXCHANGED:
            self.first_accept_s = at_s if self.first_accept_s is None else min(self.first_accept_s, at_s)
            self.last_accept_s = max(self.last_accept_s or 0.0, at_s)
        elif outcome is Outcome.ALERT_DURING_HANDSHAKE or (
            outcome is Outcome.ALERT_AFTER_HANDSHAKE and not doubts_of(attempt)
        ):
            _keep(self.alerts_s, at_s)
        if outcome is Outcome.CLOSED_WITHOUT_DATA:
            self.empties.append(attempt)
            if len(self.empties) > EMPTIES_KEPT:
                self._let_go(self.empties.pop(1))  # the first stays: it may be when the refusals began
        if outcome is Outcome.SILENT and len(self.silent_s) < EMPTIES_KEPT:
            self.silent_s[attempt.connection_id] = at_s
            self.silent_doubtful |= bool(doubts_of(attempt))
        if outcome is Outcome.CLOSED_DURING_HANDSHAKE:
            if len(self.bare_closes_s) < EMPTIES_KEPT:
                self.bare_closes_s[attempt.connection_id] = at_s


def _note_span(spans: dict[int, Spans], attempt: Attempt) -> None:
    kept = spans.get(attempt.client)
    if kept is None:
        kept = spans[attempt.client] = Spans()
    kept.add(attempt.connection_id, attempt.opened_s, attempt.ended_s)


def _lifetime(attempt: Attempt) -> tuple[float, float]:
    return attempt.opened_s, attempt.opened_s if attempt.ended_s is None else attempt.ended_s


def _keep(times_s: list[float], at_s: float) -> None:
    if len(times_s) < EMPTIES_KEPT:
        times_s.append(at_s)
    else:
        times_s[-1] = max(times_s[-1], at_s)  # the last place is the latest's: it says whether it goes on
