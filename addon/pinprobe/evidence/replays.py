"""How one TLS stack answered genuine chains that were replayed without their key. Pure."""

from dataclasses import dataclass, field

from pinprobe.attempts import Attempt, Outcome
from pinprobe.thresholds import PATTERNS_KEPT

NO_ALERT = -1
"""An answer without an alert: a close, or silence."""
GENUINE, SIBLING, FOREIGN = "replay_genuine", "replay_sibling", "replay_foreign"
"""The host's own chain; another host's from the same CA; another host's from another CA."""

_NO_ANSWER = frozenset(
    {
        Outcome.CLOSED_BEFORE_CERTIFICATE,
        Outcome.UPSTREAM_FAILED,
        Outcome.PROXY_ERROR,
        Outcome.RESUMED,
        Outcome.UNFINISHED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Replay:
    """One chain, shown in one relation to the host, under one TLS version."""

    probe_id: str
    chain_id: str
    tls_version: str


@dataclass(slots=True)
class Replays:
    """Answers by replay: alert numbers with their counts."""

    answers: dict[Replay, dict[int, int]] = field(default_factory=dict)

    def add(self, attempt: Attempt) -> None:
        """Count the answer of an attempt that was shown a replayed chain; other attempts are ignored."""
        self._count(attempt, +1)

    def take_back(self, attempt: Attempt) -> None:
        """Undo `add`, for an attempt that turned out otherwise."""
        self._count(attempt, -1)

    def _count(self, attempt: Attempt, one: int) -> None:
        if not attempt.probe_id.startswith("replay_") or attempt.chain_id is None or attempt.outcome in _NO_ANSWER:
            return
        replay = Replay(
            probe_id=attempt.probe_id, chain_id=attempt.chain_id, tls_version=attempt.tls_version or "unknown"
        )
        if replay not in self.answers and len(self.answers) >= PATTERNS_KEPT:
            return
        counts = self.answers.setdefault(replay, {})
        answer = NO_ALERT if attempt.alert is None else attempt.alert
        counts[answer] = counts.get(answer, 0) + one
        if counts[answer] <= 0:
            del counts[answer]
        if not counts:
            del self.answers[replay]
