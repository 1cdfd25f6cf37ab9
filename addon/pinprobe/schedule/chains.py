"""Genuine chains that were learnt, and how one is related to another. Pure."""

from dataclasses import dataclass, field

from pinprobe.events import ReplayChainKnown
from pinprobe.thresholds import REPLAY_CHAINS_KEPT

GENUINE, SIBLING, FOREIGN = "replay_genuine", "replay_sibling", "replay_foreign"


@dataclass(slots=True)
class ChainBook:
    """What may be replayed, files first, then in the order in which the session met them."""

    _known: dict[str, ReplayChainKnown] = field(default_factory=dict)

    def learn(self, chain: ReplayChainKnown) -> None:
        """One more chain."""
        if len(self._known) < REPLAY_CHAINS_KEPT:
            self._known.setdefault(chain.chain_id, chain)

    def relation(self, own: str, other: str) -> str | None:
        """What replaying `other` to the host of `own` is; None where it would tell nothing."""
        mine, its = self._known.get(own), self._known.get(other)
        if mine is None or its is None:
            return None
        if own == other:
            return None if mine.own_refused_because else GENUINE
        if its.refused_because or mine.leaf_pin == its.leaf_pin:
            return None
        if mine.issuer_pin is not None and mine.issuer_pin == its.issuer_pin:
            return SIBLING
        if not mine.marks or not its.marks:
            return None  # it could not be read: nobody knows its authorities
        # In doubt neither: a foreign chain with a common CA would make a pinned client look unpinned.
        return None if set(mine.marks) & set(its.marks) else FOREIGN

    def related(self, own: str, relation: str) -> list[str]:
        """The chains in this relation to a host's own, no two with an authority in common."""
        found: list[str] = []
        marks: set[str] = set()
        for chain in sorted(self._known.values(), key=lambda chain: chain.source != "file"):
            # Two intermediates of one root are one CA to a client that has a small store of its own.
            if self.relation(own, chain.chain_id) == relation and marks.isdisjoint(chain.marks):
                marks.update(chain.marks)
                found.append(chain.chain_id)
        return found
