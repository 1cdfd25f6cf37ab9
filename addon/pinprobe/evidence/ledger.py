"""Everything that one journal tells: facts of the session and of hosts, and the evidence per endpoint. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from pinprobe import events as ev
from pinprobe.attempts import RELAY_PROBES, UNATTRIBUTED, AttemptFold, Endpoint, Outcome, Settled
from pinprobe.evidence.endpoint import EndpointEvidence
from pinprobe.evidence.fallbacks import Fallbacks, Followed
from pinprobe.thresholds import (
    CHAINS_KEPT,
    ENDPOINTS_KEPT,
    EXAMPLES_KEPT,
    PATTERNS_KEPT,
    REPLAY_CHAINS_KEPT,
)

K = TypeVar("K")


@dataclass(slots=True)
class Evidence:
    """Everything that one journal tells, in bounded memory."""

    session: ev.SessionStarted | None = None
    last_s: float = 0.0
    connections: int = 0
    resumed: int = 0
    endpoints: dict[Endpoint, EndpointEvidence] = field(default_factory=dict)
    endpoints_cut: int = 0
    hosts: dict[str, ev.HostKnown] = field(default_factory=dict)
    replay_chains: dict[str, ev.ReplayChainKnown] = field(default_factory=dict)
    failures: dict[tuple[str, str], int] = field(default_factory=dict)
    datagrams: dict[str, int] = field(default_factory=dict)
    without_hello: int = 0
    _fold: AttemptFold = field(default_factory=AttemptFold)
    _hello: dict[int, Endpoint] = field(default_factory=dict)
    _client: dict[int, int] = field(default_factory=dict)
    _fallbacks: Fallbacks = field(default_factory=Fallbacks)

    def feed(self, event: ev.Event) -> Settled | None:
        """Take one event; return the attempt that it settled, if any."""
        self.last_s = max(self.last_s, event.at_s)
        self._facts(event)
        settled = self._fold.feed(event)
        if settled is not None:
            self._count(settled, event.at_s)
        if isinstance(event, ev.ConnectionClosed) and event.closed_by != "timer":
            self._forget(event.connection_id)
        return settled

    def finish(self) -> None:
        """The journal has no more to say: what is open is settled as of its last moment."""
        for settled in self._fold.finish(self.last_s):
            self._count(settled, self.last_s)

    def apps(self) -> list[str]:
        """The apps that any endpoint belongs to."""
        named = {endpoint.app_id for endpoint in self.endpoints}
        if self.session is not None:
            named.add(self.session.app_id or UNATTRIBUTED)
        return sorted(named)

    def of_app(self, app_id: str) -> Iterator[EndpointEvidence]:
        """The endpoints of an app, in order."""
        for endpoint in sorted(self.endpoints):
            if endpoint.app_id == app_id:
                yield self.endpoints[endpoint]

    def domain(self, host: str) -> str:
        """The registrable domain of a host, as the catalog said it."""
        known = self.hosts.get(host)
        return known.registrable_domain if known is not None else host

    def _endpoint(self, endpoint: Endpoint) -> EndpointEvidence | None:
        if endpoint not in self.endpoints and len(self.endpoints) >= ENDPOINTS_KEPT:
            self.endpoints_cut += 1
            return None
        return self.endpoints.setdefault(endpoint, EndpointEvidence(endpoint=endpoint))

    def _count(self, settled: Settled, at_s: float) -> None:
        attempt = settled.attempt
        if evidence := self._endpoint(attempt.endpoint):
            evidence.stack(attempt.stack).settle(settled)
            if attempt.upstream_error and settled.before is None:
                _bump(evidence.upstream_errors, attempt.upstream_error)
        self.resumed += attempt.outcome is Outcome.RESUMED and settled.before is None
        place = (attempt.client, self.domain(attempt.endpoint.host))
        for followed in self._fallbacks.settled(settled, place, at_s):
            self._followed(followed)

    def _facts(self, event: ev.Event) -> None:
        match event:
            case ev.SessionStarted():
                self.session = event
            case ev.HostKnown() if len(self.hosts) < ENDPOINTS_KEPT:
                self.hosts[event.host] = event
            case ev.ReplayChainKnown() if len(self.replay_chains) < REPLAY_CHAINS_KEPT:
                self.replay_chains[event.chain_id] = event
            case ev.ToolFailed():
                _bump(self.failures, (event.where, event.error))
            case ev.ConnectionOpened():
                self.connections += 1
                self._client[event.connection_id] = event.client
            case ev.ClientHelloSeen():
                if host := event.sni or event.server_host:
                    self._hello[event.connection_id] = self._named(host, event.server_port or 0)
                    place = (self._client.get(event.connection_id, 0), self.domain(host))
                    self._fallbacks.began(event.connection_id, place, event.at_s)
            case ev.ProbeApplied() if event.probe_id in RELAY_PROBES:
                # A relay may stay open and idle for long; what comes beside it waits for nothing.
                self._fallbacks.ended(event.connection_id)
            case ev.ServerChainSeen():
                self._chain(event)
            case ev.RequestSeen():
                self._request(event)
            case ev.CleartextSeen():
                self._cleartext(event)
            case ev.DatagramSeen():
                self._datagram(event)

    def _forget(self, connection_id: int) -> None:
        self._hello.pop(connection_id, None)
        self._client.pop(connection_id, None)
        self._fallbacks.ended(connection_id)

    def _named(self, host: str, port: int, transport: str = "tcp") -> Endpoint:
        app_id = self.session.app_id if self.session is not None else None
        return Endpoint(app_id=app_id or UNATTRIBUTED, host=host, port=port, transport=transport)

    def _chain(self, event: ev.ServerChainSeen) -> None:
        endpoint = self._hello.get(event.connection_id) or self._named(event.host, event.port)
        if evidence := self._endpoint(endpoint):
            evidence.server_tls_version = event.tls_version
            chain = event.chain or evidence.chains.get(event.chain_id) or self._chain_elsewhere(event.chain_id)
            if chain and event.chain_id not in evidence.chains:
                if len(evidence.chains) >= CHAINS_KEPT:
                    evidence.chains.pop(next(reversed(evidence.chains)))
                evidence.chains[event.chain_id] = chain

    def _chain_elsewhere(self, chain_id: str) -> tuple[ev.Certificate, ...]:
        return next((e.chains[chain_id] for e in self.endpoints.values() if chain_id in e.chains), ())

    def _request(self, event: ev.RequestSeen) -> None:
        over = self._hello.get(event.connection_id)
        if over is not None and event.authority_host != over.host:
            if evidence := self._endpoint(self._named(event.authority_host, event.authority_port)):
                evidence.coalesced += 1
                evidence.coalesced_over = over.host

    def _cleartext(self, event: ev.CleartextSeen) -> None:
        if evidence := self._endpoint(self._named(event.host, event.port)):
            evidence.cleartext += 1
        place = (self._client.get(event.connection_id, 0), self.domain(event.host))
        if followed := self._fallbacks.cleartext(place, event.at_s, event.port):
            self._followed(followed)

    def _followed(self, followed: Followed) -> None:
        if followed.endpoint not in self.endpoints:
            return
        stack = self.endpoints[followed.endpoint].stack(followed.stack)
        if followed.refused:
            stack.cleartext_after_refusal += 1
            if followed.port not in stack.cleartext_ports and len(stack.cleartext_ports) < EXAMPLES_KEPT:
                stack.cleartext_ports.append(followed.port)
        else:
            stack.cleartext_otherwise += 1

    def _datagram(self, event: ev.DatagramSeen) -> None:
        host = event.host or "unknown host"
        if event.protocol == "quic":
            if evidence := self._endpoint(self._named(host, event.port or 0, "udp")):
                evidence.datagrams += 1
        if host in self.datagrams or len(self.datagrams) < ENDPOINTS_KEPT:
            _bump(self.datagrams, f"{event.protocol} {host}")


def _bump(counts: dict[K, int], key: K) -> None:
    if key in counts or len(counts) < PATTERNS_KEPT:
        counts[key] = counts.get(key, 0) + 1


def evidence_of(journal: Iterable[ev.Event]) -> Evidence:
    """The evidence of a finished journal."""
    evidence = Evidence()
    for event in journal:
        evidence.feed(event)
    evidence.finish()
    return evidence
