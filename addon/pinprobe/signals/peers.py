"""What other endpoints of an app say about one: gathered once per judging, not once per endpoint. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pinprobe.attempts import Endpoint
from pinprobe.events import IDLE
from pinprobe.evidence import EndpointEvidence, Evidence, Follows, StackEvidence, follows_of
from pinprobe.probes import UNKNOWN_CA
from pinprobe.signals.diagnosed import Diagnosed, diagnosed_in
from pinprobe.signals.network import AppNetwork, Network, network_of
from pinprobe.signals.replay_answers import accepted_chains
from pinprobe.thresholds import CONTRAST_NEEDED

NOT_THE_APPS_OWN = frozenset({"os", "oem", "pki", "google-play-services", "browser"})
"""Where the app was merely named, hosts of these categories may be another program's: nobody's canary."""
OBSERVED = frozenset({"tunnel", "listener", "socket_table"})
"""Sources of attribution that see which app it is; a device's address and the option only say so."""
KEPT = 2
"""Endpoints kept of each kind: one may be the endpoint that asks."""

K = TypeVar("K")
Found = tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """The endpoints that can vouch for others."""

    canaries: Mapping[tuple[str, str, int], Found]
    """By app, stack and alert: decrypted, and seen to answer a CA that nobody trusts with that very alert."""
    anchored: Mapping[tuple[str, str, int, tuple[str, ...]], Found]
    """Canaries by the trust anchors as well that the app's package gives them, where it was read."""
    decrypted: Mapping[tuple[str, str], Found]
    """By app and stack."""
    accepting: Mapping[str, Found]
    """By app."""
    references: Mapping[tuple[str, str, str, int, str], Found]
    """By app, stack, TLS version, normal refusal and chain: seen to accept that chain of another host."""
    follows: Follows
    """By endpoint and stack: places that are contacted only after refusals there."""
    by_host: Mapping[str, tuple[EndpointEvidence, ...]]
    """All endpoints of a host."""
    troubled: frozenset[str]
    """Apps that a real server answered with errors under interception."""
    diagnosed: Diagnosed
    """By endpoint and stack: refusals of which the app's own log names the cause."""
    networks: Mapping[str, AppNetwork]
    """By app: how many of its connections worked, and how many broke off."""

    def network(self, endpoint: Endpoint) -> AppNetwork:
        """What the app's connections show of the network that it is behind."""
        return self.networks.get(endpoint.app_id, AppNetwork())


def peers_of(evidence: Evidence) -> Peers:
    """Gather them."""
    canaries: dict[tuple[str, str, int], Found] = {}
    anchored: dict[tuple[str, str, int, tuple[str, ...]], Found] = {}
    decrypted: dict[tuple[str, str], Found] = {}
    accepting: dict[str, Found] = {}
    references: dict[tuple[str, str, str, int, str], Found] = {}
    by_host: dict[str, list[EndpointEvidence]] = {}
    troubled: set[str] = set()
    counts: dict[str, Network] = {}
    stacks: dict[str, list[StackEvidence]] = {}
    for endpoint in sorted(evidence.endpoints):
        about = evidence.endpoints[endpoint]
        by_host.setdefault(endpoint.host, []).append(about)
        for name in sorted(about.stacks):
            stack = about.stacks[name]
            counts[endpoint.app_id] = counts.get(endpoint.app_id, Network()) + network_of(stack)
            stacks.setdefault(endpoint.app_id, []).append(stack)
            if any(life.trouble for life in stack.moments.intercepted.values()):
                troubled.add(endpoint.app_id)
            if stack.replays.answers and not may_be_anothers(evidence, about):
                for replay, normal in accepted_chains(stack):
                    key = (endpoint.app_id, name, replay.tls_version, normal, replay.chain_id)
                    _keep(references, key, endpoint)
            if not stack.accepts:
                continue
            _keep(accepting, endpoint.app_id, endpoint)
            if not stack.requests or may_be_anothers(evidence, about):
                continue
            _keep(decrypted, (endpoint.app_id, name), endpoint)
            if (alert := _refusal_of_unknown_ca(stack)) is not None:
                _keep(canaries, (endpoint.app_id, name, alert), endpoint)
                if (declared := evidence.hosts_declared.get((endpoint.app_id, endpoint.host))) is not None:
                    _keep(anchored, (endpoint.app_id, name, alert, declared.anchors), endpoint)
    return Peers(
        canaries=canaries,
        anchored=anchored,
        decrypted=decrypted,
        accepting=accepting,
        references=references,
        follows=follows_of(evidence),
        by_host={host: tuple(about) for host, about in by_host.items()},
        troubled=frozenset(troubled),
        diagnosed=diagnosed_in(evidence),
        networks={app_id: AppNetwork(counts=counts[app_id], stacks=stacks[app_id]) for app_id in counts},
    )


def may_be_anothers(evidence: Evidence, about: EndpointEvidence) -> bool:
    """Whether another program of the device speaks to this endpoint too: by the catalog, or seen while it was idle; and
    nobody saw that it is this app."""
    if about.attributed_by and about.attributed_by.keys() <= OBSERVED:
        return False
    known = evidence.hosts.get(about.endpoint.host)
    if known is not None and known.category in NOT_THE_APPS_OWN:
        return True
    return evidence.phases.seen(IDLE) and IDLE in about.contacts.in_phase(evidence.phases)


def _refusal_of_unknown_ca(stack: StackEvidence) -> int | None:
    """The one alert that answers an untrusted chain, every time and often enough; None for anything less.

    An SDK that trusts everything is no canary, and neither is one that answers now so, now otherwise.
    """
    answered = stack.alerts(UNKNOWN_CA.id)
    alert, count = next(iter(answered.items()), (None, 0))
    always = count == stack.count(UNKNOWN_CA.id) and len(answered) == 1
    return alert if always and count >= CONTRAST_NEEDED else None


def _keep(found: dict[K, Found], key: K, endpoint: Endpoint) -> None:
    known = found.get(key, ())
    if len(known) < KEPT and endpoint not in known:
        found[key] = (*known, endpoint)
