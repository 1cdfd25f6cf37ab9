"""Which probe next, for this endpoint of this client and stack. Pure: the same seed and events, the same choices.

An experiment, not a tally: an endpoint starts with `trusted_ca`; after its first refusal the stages of `stages.py`
follow one another; then it is relayed, so that the app lives and shows its other endpoints, with a trusted_ca
attempt now and then. Accepting endpoints stay intercepted, with a relay about every tenth attempt. Outside the test
phase everything is relayed, whatever the mode.
"""

import random
from dataclasses import dataclass, field

from pinprobe.attempts import RELAY, TRUSTED_CA, Attempt, Outcome, Settled
from pinprobe.events import TEST, Event, Marked, ReplayChainKnown, ServerChainSeen, SessionStarted
from pinprobe.probes import UNKNOWN_CA
from pinprobe.schedule.chains import ChainBook
from pinprobe.schedule.progress import Choice, Group, Key, Pending, Progress
from pinprobe.schedule.stages import ACCEPTING, REFUSING, Situation, Stage, Wants, references
from pinprobe.thresholds import (
    ACCEPTS_BEFORE_MORE,
    BURST_S,
    CONTRAST_NEEDED,
    ENDPOINTS_KEPT,
    LET_THROUGH_EVERY,
    RELAY_EVERY,
    RETEST_EVERY,
)

__all__ = ["Choice", "Key", "Plan", "Schedule"]

UNEASY_AFTER = 2
"""Attempts that decided nothing before a relay is tried: perhaps the app is waiting for something."""
CLAIM_PATIENCE = 4
"""Attempts of one other accepting endpoint before it takes over from a canary-to-be that does not come back."""

_TRUSTED, _RELAY, _UNKNOWN = Choice(TRUSTED_CA), Choice(RELAY), Choice(UNKNOWN_CA.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the user wants of the experiment."""

    seed: int
    mode: str
    probes: tuple[str, ...] = ()
    """Bad certificates and stuffed chains asked for."""
    contrasts: bool = True


@dataclass(slots=True)
class Schedule:
    """Chooses probes. `choose` is asked at every ClientHello, `observe` told of every settled attempt."""

    plan: Plan
    _keys: dict[Key, Progress] = field(default_factory=dict)
    _groups: dict[tuple[str, int, str], Group] = field(default_factory=dict)
    _given: dict[int, tuple[Key, Choice]] = field(default_factory=dict)
    _chains: ChainBook = field(default_factory=ChainBook)
    _phase: str = TEST
    _over: bool = False

    def end(self) -> None:
        """The experiment is over, as nothing more is recorded: from now on as in `observe`, but what refused is let through."""
        self._over = True

    def choose(self, key: Key, connection_id: int, at_s: float) -> Choice:
        """The probe for this connection, whose ClientHello came at this time."""
        relayed = self._phase != TEST or (self._over and self._refuses(key))
        if self._over or self.plan.mode == "observe" or (key not in self._keys and len(self._keys) >= ENDPOINTS_KEPT):
            return _RELAY if relayed else _TRUSTED
        progress = self._keys.setdefault(key, Progress())
        choice = _RELAY if relayed else self._choose(key, progress, at_s)
        progress.pending.append(Pending(connection_id, choice, at_s))
        let_through = choice == _RELAY or (choice == _TRUSTED and not progress.refused)
        progress.failing = 0 if let_through else progress.failing + 1
        self._given[connection_id] = (key, choice)
        return choice

    def _refuses(self, key: Key) -> bool:
        """Whether this endpoint would never work again if it were only intercepted."""
        progress = self._keys.get(key)
        return progress is not None and progress.refused and not progress.accepts

    def learn(self, event: Event) -> None:
        """Facts beside the attempts: which phase it is, which chains there are, and whose is whose."""
        if isinstance(event, SessionStarted | Marked):
            self._phase = event.phase
        elif isinstance(event, ReplayChainKnown):
            self._chains.learn(event)
        elif isinstance(event, ServerChainSeen) and event.connection_id in self._given:
            progress = self._keys[self._given[event.connection_id][0]]
            # The first one stands: a host whose certificates rotate must not be probed anew for each.
            progress.own_chain = progress.own_chain or event.chain_id

    def observe(self, settled: Settled) -> None:
        """Learn how an attempt ended, or that it ended otherwise than first thought."""
        attempt = settled.attempt
        given = self._given.get(attempt.connection_id)
        if given is None:
            return
        key, choice = given
        progress = self._keys[key]
        if settled.before is None:
            progress.pending = [p for p in progress.pending if p.connection_id != attempt.connection_id]
        if attempt.ended_s is not None:
            del self._given[attempt.connection_id]
        if settled.before is None or settled.before.outcome is not attempt.outcome:
            progress.count(attempt, choice)
        elif attempt.outcome is Outcome.DATA_EXCHANGED and choice == _TRUSTED:
            progress.requests += attempt.requests - settled.before.requests
        self._group_learns(key, progress, attempt)

    def _choose(self, key: Key, progress: Progress, at_s: float) -> Choice:
        # Parallel connections of one moment get the same treatment: a spare socket must be comparable with its
        # neighbour that carries the data.
        for pending in reversed(progress.pending):
            if pending.choice in (_TRUSTED, _RELAY) and at_s - pending.since_s <= BURST_S:
                return pending.choice
        if progress.accepts and not progress.refused:
            return self._accepting(key, progress)
        if progress.refused or progress.neutral >= UNEASY_AFTER:
            return self._refusing(key, progress)
        return _TRUSTED

    def _accepting(self, key: Key, progress: Progress) -> Choice:
        group = self._group(key)
        if self._may_vouch(key, progress, group):
            return _UNKNOWN
        if progress.accepts < ACCEPTS_BEFORE_MORE:
            return _TRUSTED
        stages: tuple[Stage, ...] = (references, *ACCEPTING) if group.claim == key else ACCEPTING
        wanted = self._wanted(key, progress, stages)
        return wanted or self._from_block(key, progress, [_TRUSTED] * (RELAY_EVERY - 1) + [_RELAY])

    def _refusing(self, key: Key, progress: Progress) -> Choice:
        wanted = self._wanted(key, progress, REFUSING)
        if wanted is not None:
            return wanted
        if progress.accepts:
            # It accepts as well: interception does not stop the app, and tells more than relaying.
            return self._from_block(key, progress, [_TRUSTED, _TRUSTED, _TRUSTED, _RELAY])
        return self._from_block(key, progress, [_RELAY] * (RETEST_EVERY - 1) + [_TRUSTED])

    def _wanted(self, key: Key, progress: Progress, stages: tuple[Stage, ...]) -> Choice | None:
        situation = Situation(
            progress=progress,
            group=self._group(key),
            chains=self._chains,
            probes=self.plan.probes,
            contrasts=self.plan.contrasts,
        )
        for stage in stages:
            missing = _missing(progress, stage(situation))
            if missing:
                failing = not set(missing) <= {_TRUSTED, _RELAY}
                if failing and progress.failing >= LET_THROUGH_EVERY:
                    return _RELAY if progress.refused else _TRUSTED
                return self._draw(key, progress, missing)
        return None

    def _from_block(self, key: Key, progress: Progress, block: list[Choice]) -> Choice:
        """The next of a balanced block in random order."""
        if not progress.block or set(progress.block) - set(block):
            progress.block = list(block)
        return progress.block.pop(self._random(key, progress).randrange(len(progress.block)))

    def _draw(self, key: Key, progress: Progress, missing: list[Choice]) -> Choice:
        return self._random(key, progress).choice(missing)

    def _random(self, key: Key, progress: Progress) -> random.Random:
        """A seeded chance that the journal can repeat, and that no other endpoint's attempts disturb."""
        progress.drawn += 1
        return random.Random(f"{self.plan.seed}|{key}|{progress.drawn}")

    def _group(self, key: Key) -> Group:
        return self._groups.setdefault((key.listener, key.client, key.stack), Group())

    def _may_vouch(self, key: Key, progress: Progress, group: Group) -> bool:
        """True where this accepting endpoint should now show that it refuses a CA nobody trusts."""
        if not self.plan.contrasts or not group.wants_canary or group.proven or not progress.requests:
            return False
        if progress.done(_UNKNOWN) >= CONTRAST_NEEDED:
            return False
        if group.claim is not None and group.claim != key:
            group.waited[key] = group.waited.get(key, 0) + 1
            if group.waited[key] < CLAIM_PATIENCE:
                return False
        group.claim = key
        group.waited.clear()
        return True

    def _group_learns(self, key: Key, progress: Progress, attempt: Attempt) -> None:
        group = self._group(key)
        if attempt.outcome is Outcome.ALERT_DURING_HANDSHAKE and attempt.probe_id == TRUSTED_CA:
            group.wants_canary = True
        shown = progress.answered.get(_UNKNOWN, 0)
        if group.claim == key and shown >= CONTRAST_NEEDED and not group.proven:
            group.proven = progress.contrast_alerts == shown
            if not group.proven:
                group.claim = None


def _missing(progress: Progress, wants: Wants) -> list[Choice]:
    """Each choice as often as it is still wanted: drawing from this keeps the stage balanced."""
    return [choice for choice, number in wants for _ in range(number - progress.done(choice))]
