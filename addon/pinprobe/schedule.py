"""Which probe next, for this endpoint of this client and stack. Pure: the same seed and events, the same choices.

An experiment, not a tally: an endpoint starts with `trusted_ca`; after its first refusal trusted_ca and relay
alternate in balanced random order until enough of each is seen; then come the contrasts that a verdict hangs on;
then it is relayed, so that the app lives and shows its other endpoints, with a trusted_ca attempt now and then.
"""

import random
from dataclasses import dataclass, field

from pinprobe.attempts import REFUSALS, RELAY, TRUSTED_CA, Attempt, Outcome, Settled
from pinprobe.probes import UNKNOWN_CA
from pinprobe.thresholds import (
    BURST_S,
    CONTRAST_NEEDED,
    ENDPOINTS_KEPT,
    RELAY_EVERY,
    RETEST_EVERY,
    SCHEDULE_EACH,
    SCHEDULE_EACH_BARE,
)

UNEASY_AFTER = 2
"""Attempts that decided nothing before a relay is tried: perhaps the app is waiting for something."""
TRIES_FACTOR = 3
"""The alternation ends after this many times the attempts it aims for, reached or not."""
CLAIM_PATIENCE = 4
"""Attempts at other accepting endpoints before one of them takes over as the canary-to-be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is scheduled together. The app is joined later, since attribution may come after the ClientHello."""

    listener: str
    client: int
    host: str
    port: int
    stack: str


@dataclass(slots=True)
class _Progress:
    """What one key has shown so far."""

    accepts: int = 0
    requests: int = 0
    refusals: int = 0
    refusals_after: int = 0
    bare: int = 0
    neutral: int = 0
    relayed: int = 0
    relays_worked: int = 0
    contrasts: int = 0
    """unknown_ca attempts that were answered."""
    contrast_alerts: int = 0
    pending: list[tuple[int, str, float]] = field(default_factory=list)
    """Connections whose outcome is not known yet, with the probe they were given, and when."""
    block: list[str] = field(default_factory=list)
    blocks: int = 0


@dataclass(slots=True)
class _Group:
    """The endpoints of one client's stack: one of them may have to vouch for the others."""

    wants_canary: bool = False
    proven: bool = False
    claim: Key | None = None
    waited: int = 0


class Schedule:
    """Chooses probes. `choose` is asked at every ClientHello, `observe` told of every settled attempt."""

    def __init__(self, seed: int, mode: str) -> None:
        self._seed = seed
        self._observe_only = mode == "observe"
        self._keys: dict[Key, _Progress] = {}
        self._groups: dict[tuple[str, int, str], _Group] = {}
        self._given: dict[int, tuple[Key, str]] = {}

    def choose(self, key: Key, connection_id: int, at_s: float) -> str:
        """The id of the probe for this connection, whose ClientHello came at this time."""
        if self._observe_only:
            return TRUSTED_CA
        if key not in self._keys and len(self._keys) >= ENDPOINTS_KEPT:
            return TRUSTED_CA
        progress = self._keys.setdefault(key, _Progress())
        probe_id = self._choose(key, progress, at_s)
        progress.pending.append((connection_id, probe_id, at_s))
        self._given[connection_id] = (key, probe_id)
        return probe_id

    def observe(self, settled: Settled) -> None:
        """Learn how an attempt ended, or that it ended otherwise than first thought."""
        attempt = settled.attempt
        key, probe_id = self._given.get(attempt.connection_id, (None, ""))
        if key is None:
            return
        progress = self._keys[key]
        if settled.before is None:
            progress.pending = [p for p in progress.pending if p[0] != attempt.connection_id]
        if attempt.ended_s is not None:
            del self._given[attempt.connection_id]
        if settled.before is None or settled.before.outcome is not attempt.outcome:
            _count(progress, attempt, probe_id)
        elif attempt.outcome is Outcome.DATA_EXCHANGED and probe_id == TRUSTED_CA:
            progress.requests += attempt.requests - settled.before.requests
        self._group_learns(key, progress, attempt)

    def _choose(self, key: Key, progress: _Progress, at_s: float) -> str:
        # Parallel connections of one moment get the same treatment: a spare socket must be comparable with its
        # neighbour that carries the data.
        parallel = [p for _, p, since_s in progress.pending if p != UNKNOWN_CA.id and at_s - since_s <= BURST_S]
        if parallel:
            return parallel[-1]
        if progress.accepts and not _refused(progress):
            return self._accepting(key, progress)
        if _refused(progress) or progress.neutral >= UNEASY_AFTER:
            return self._refusing(key, progress)
        return TRUSTED_CA

    def _accepting(self, key: Key, progress: _Progress) -> str:
        if self._may_vouch(key, progress):
            return UNKNOWN_CA.id
        return self._next(key, progress, [TRUSTED_CA] * (RELAY_EVERY - 1) + [RELAY])

    def _refusing(self, key: Key, progress: _Progress) -> str:
        refused = progress.refusals + progress.refusals_after
        each = SCHEDULE_EACH if refused or not progress.bare else SCHEDULE_EACH_BARE
        intercepted = refused + progress.bare + progress.accepts + progress.neutral
        enough = intercepted >= each and progress.relays_worked >= each
        if not enough and intercepted + progress.relayed < TRIES_FACTOR * 2 * each:
            return self._next(key, progress, [TRUSTED_CA, RELAY])
        if progress.accepts:
            # It accepts as well: interception does not stop the app, and tells more than relaying.
            return self._next(key, progress, [TRUSTED_CA, TRUSTED_CA, TRUSTED_CA, RELAY])
        if progress.refusals_after and self._contrasts(progress) < CONTRAST_NEEDED:
            return UNKNOWN_CA.id
        return self._next(key, progress, [RELAY] * (RETEST_EVERY - 1) + [TRUSTED_CA])

    def _contrasts(self, progress: _Progress) -> int:
        return progress.contrasts + sum(probe_id == UNKNOWN_CA.id for _, probe_id, _ in progress.pending)

    def _next(self, key: Key, progress: _Progress, block: list[str]) -> str:
        """The next of a balanced block in random order, which no other endpoint's attempts disturb."""
        if not progress.block or set(progress.block) - set(block):
            progress.block = list(block)
            # Not for secrets: a seeded choice that the journal can repeat.
            random.Random(f"{self._seed}|{key}|{progress.blocks}").shuffle(progress.block)
            progress.blocks += 1
        return progress.block.pop()

    def _may_vouch(self, key: Key, progress: _Progress) -> bool:
        """True where this accepting endpoint should now show that it refuses a CA nobody trusts."""
        group = self._groups.get((key.listener, key.client, key.stack))
        if group is None or not group.wants_canary or group.proven or not progress.requests:
            return False
        if self._contrasts(progress) >= CONTRAST_NEEDED:
            return False
        if group.claim is not None and group.claim != key:
            group.waited += 1
            if group.waited < CLAIM_PATIENCE:
                return False
        group.claim, group.waited = key, 0
        return True

    def _group_learns(self, key: Key, progress: _Progress, attempt: Attempt) -> None:
        group = self._groups.setdefault((key.listener, key.client, key.stack), _Group())
        if attempt.outcome is Outcome.ALERT_DURING_HANDSHAKE and attempt.probe_id == TRUSTED_CA:
            group.wants_canary = True
        if group.claim == key and progress.contrasts >= CONTRAST_NEEDED:
            group.proven = progress.contrast_alerts == progress.contrasts
            if not group.proven:
                group.claim = None


def _refused(progress: _Progress) -> bool:
    return bool(progress.refusals or progress.refusals_after or progress.bare)


def _count(progress: _Progress, attempt: Attempt, probe_id: str) -> None:
    outcome = attempt.outcome
    if probe_id == RELAY:
        progress.relayed += 1
        progress.relays_worked += outcome is Outcome.RELAY_WORKED
    elif probe_id == UNKNOWN_CA.id:
        progress.contrasts += 1
        progress.contrast_alerts += outcome is Outcome.ALERT_DURING_HANDSHAKE
    elif outcome is Outcome.DATA_EXCHANGED:
        progress.accepts += 1
        progress.requests += attempt.requests
    elif outcome is Outcome.ALERT_DURING_HANDSHAKE:
        progress.refusals += 1
    elif outcome is Outcome.CLOSED_DURING_HANDSHAKE:
        progress.bare += 1
    elif outcome in REFUSALS:
        progress.refusals_after += 1
    else:
        progress.neutral += 1
