"""What the schedule remembers: per endpoint, client and stack what was shown and answered. Pure."""

from dataclasses import dataclass, field

from pinprobe.attempts import REFUSALS, RELAY, TRUSTED_CA, Attempt, Outcome
from pinprobe.probes import UNKNOWN_CA


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is scheduled together. The app is joined later, since attribution may come after the ClientHello."""

    listener: str
    client: int
    host: str
    port: int
    stack: str


@dataclass(frozen=True, slots=True, order=True)
class Choice:
    """A probe, and the genuine chain that it needs, if any."""

    probe_id: str
    chain_id: str | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A connection whose outcome is not known yet."""

    connection_id: int
    choice: Choice
    since_s: float


@dataclass(slots=True)
class Progress:
    """What one key has shown so far."""

    accepts: int = 0
    requests: int = 0
    refusals_by_alert: int = 0
    refusals_after: int = 0
    bare_closes: int = 0
    neutral: int = 0
    relays_worked: int = 0
    answered: dict[Choice, int] = field(default_factory=dict)
    """Attempts that ended, by what they were shown."""
    contrast_alerts: int = 0
    """Of the unknown_ca ones, those that ended in an alert inside the handshake."""
    own_chain: str | None = None
    alert: int | None = None
    """Of the latest refusal inside the handshake."""
    pending: list[Pending] = field(default_factory=list)
    block: list[Choice] = field(default_factory=list)
    drawn: int = 0
    """Random choices made, so that each is another one."""
    failing: int = 0
    """Attempts in a row that were bound to fail."""

    @property
    def refused(self) -> bool:
        """True after any refusal, weak ones included."""
        return bool(self.refusals_by_alert or self.refusals_after or self.bare_closes)

    @property
    def intercepted(self) -> int:
        """Attempts under trusted_ca that ended."""
        return self.answered.get(Choice(TRUSTED_CA), 0)

    def done(self, choice: Choice) -> int:
        """Attempts that were or are being shown this."""
        return self.answered.get(choice, 0) + sum(pending.choice == choice for pending in self.pending)

    def count(self, attempt: Attempt, choice: Choice) -> None:
        """An attempt ended."""
        outcome = attempt.outcome
        self.answered[choice] = self.answered.get(choice, 0) + 1
        if choice.probe_id == RELAY:
            self.relays_worked += outcome is Outcome.RELAY_WORKED
        elif choice.probe_id == UNKNOWN_CA.id:
            self.contrast_alerts += outcome is Outcome.ALERT_DURING_HANDSHAKE
        elif choice.probe_id == TRUSTED_CA:
            self._count_trusted(attempt, outcome)

    def _count_trusted(self, attempt: Attempt, outcome: Outcome) -> None:
        if outcome is Outcome.DATA_EXCHANGED:
            self.accepts += 1
            self.requests += attempt.requests
        elif outcome is Outcome.ALERT_DURING_HANDSHAKE:
            self.refusals_by_alert += 1
            self.alert = attempt.alert
        elif outcome is Outcome.CLOSED_DURING_HANDSHAKE:
            self.bare_closes += 1
        elif outcome in REFUSALS:
            self.refusals_after += 1
        else:
            self.neutral += 1


@dataclass(slots=True)
class Group:
    """The endpoints of one client's stack: they vouch for one another."""

    wants_canary: bool = False
    proven: bool = False
    claim: Key | None = None
    waited: dict[Key, int] = field(default_factory=dict)
    """Attempts of others since the claim was last used."""
    chains: list[str] = field(default_factory=list)
    """Chains replayed to any of them, so that each can be a reference for the others."""
