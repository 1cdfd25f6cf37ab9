"""Experiment: sessions that belong together, each with its own evidence, never pooled. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from pinprobe import events as ev
from pinprobe.attempts import UNATTRIBUTED
from pinprobe.evidence import Evidence
from pinprobe.runs.role import Role, role_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One session: everything that its journal tells. The evidence must have a session."""

    evidence: Evidence = field(compare=False)
    journal_sha256: str
    """The same journal, the same run."""

    @property
    def session(self) -> ev.SessionStarted:
        """The session's first line."""
        assert self.evidence.session is not None
        return self.evidence.session

    @property
    def app_id(self) -> str:
        """Whose traffic it is."""
        return self.session.app_id or UNATTRIBUTED

    @property
    def role(self) -> Role:
        """Its part in the experiment."""
        return role_of(self.evidence)

    @property
    def _fullness(self) -> tuple[float, int, str]:
        """A total order on copies of one journal: the one that goes on for longest is the whole of it."""
        return self.evidence.last_s, self.evidence.connections, self.journal_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A set of runs, by session id: `join` is associative, commutative and idempotent."""

    runs: tuple[Run, ...] = ()
    """One per session id, by start and id."""

    def join(self, other: "Experiment") -> "Experiment":
        """The runs of both; of two copies of one session, the longer."""
        kept: dict[str, Run] = {}
        for run in (*self.runs, *other.runs):
            known = kept.setdefault(run.session.session_id, run)
            if run._fullness > known._fullness:
                kept[run.session.session_id] = run
        return Experiment(runs=tuple(sorted(kept.values(), key=lambda run: (run.session.at_s, run.session.session_id))))

    @property
    def app_ids(self) -> tuple[str, ...]:
        """The apps that the runs speak of; an experiment is about one."""
        return tuple(sorted({run.app_id for run in self.runs}))

    @property
    def ids_sha256(self) -> str:
        """Hex digest of the sorted session ids: the same runs have the same name."""
        return _digest(run.session.session_id for run in self.runs)

    @property
    def journals_sha256(self) -> str:
        """Hex digest of the sorted digests of the journals."""
        return _digest(run.journal_sha256 for run in self.runs)


def experiment_of(runs: Iterable[Run]) -> Experiment:
    """These runs together."""
    joined = Experiment()
    for run in runs:
        joined = joined.join(Experiment(runs=(run,)))
    return joined


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(texts)).encode("utf-8", "surrogatepass")).hexdigest()
