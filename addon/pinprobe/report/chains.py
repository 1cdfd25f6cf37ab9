"""The real server's chains, in the order in which they are shown: the latest first. Pure."""

from collections.abc import Iterable

from pinprobe.advice import Chain
from pinprobe.evidence import EndpointEvidence, Evidence
from pinprobe.thresholds import CHAINS_KEPT


def chains_of(evidence: Evidence, about: EndpointEvidence) -> tuple[Chain, ...]:
    """The chains that an endpoint's server showed, each with the trusted root that it ends in, where that is known."""
    seen = reversed(about.chains.items())
    return tuple(Chain(certificates=chain, root=evidence.roots.get(chain_id)) for chain_id, chain in seen)


def without_repeats(chains: Iterable[Chain]) -> tuple[Chain, ...]:
    """Each chain once, at its first place, as many as one session keeps."""
    return tuple(dict.fromkeys(chain for chain in chains if chain.certificates))[:CHAINS_KEPT]
