"""Everything that one journal tells: facts of the session and of hosts, and the evidence per endpoint. Pure.

Over 300 lines, so that it is read in one place what each fact is filed under.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeVar

from pinprobe import events as ev
from pinprobe.attempts import UNATTRIBUTED, AttemptFold, Endpoint, Outcome, Settled, endpoint_named
from pinprobe.events.quick import quick
from pinprobe.evidence.contacts import Contact, How
from pinprobe.evidence.endpoint import EndpointEvidence
from pinprobe.evidence.lookups import Lookups
from pinprobe.evidence.phases import Phases
from pinprobe.thresholds import (
    APPS_KEPT,
    CHAINS_KEPT,
    DIAGNOSTICS_KEPT,
    ENDPOINTS_KEPT,
    PATTERNS_KEPT,
    REPLAY_CHAINS_KEPT,
)

K = TypeVar("K")

_contact = quick(Contact)

OPTION, NO_SOURCE = "option", "none"
"""Of attribution, where nothing better spoke: the app named by option, or nobody at all."""


@dataclass(slots=True)
class Evidence:
    """Everything that one journal tells, in bounded memory."""

    session: ev.SessionStarted | None = None
    last_s: float = 0.0
    stopped: ev.RecordingStopped | None = None
    """Recording stopped before the session did; the latest that was told of it."""
    connections: int = 0
    """Over TCP; datagrams and name lookups are counted apart."""
    resumed: int = 0
    endpoints: dict[Endpoint, EndpointEvidence] = field(default_factory=dict)
    endpoints_cut: int = 0
    hosts: dict[str, ev.HostKnown] = field(default_factory=dict)
    replay_chains: dict[str, ev.ReplayChainKnown] = field(default_factory=dict)
    failures: dict[tuple[str, str], int] = field(default_factory=dict)
    datagrams: dict[str, int] = field(default_factory=dict)
    quic: int = 0
    """Connections that are QUIC, to whatever host."""
    quic_blocked: int = 0
    """Of these, those that were refused so that the client falls back."""
    ways: dict[str, int] = field(default_factory=dict)
    """Connections by the kind of listener that they came to: regular, wireguard, ..."""
    phases: Phases = field(default_factory=Phases)
    connections_in: dict[str, int] = field(default_factory=dict)
    """By phase."""
    lookups: Lookups = field(default_factory=Lookups)
    pin_reports: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    """By app and the host that they are about: reports of failed pins, by format."""
    declared: dict[str, ev.AppDeclared] = field(default_factory=dict)
    """By app: what its package says."""
    hosts_declared: dict[tuple[str, str], ev.HostDeclared] = field(default_factory=dict)
    """By app and host: the configuration that Android would hold for it."""
    roots: dict[str, ev.Certificate] = field(default_factory=dict)
    """By chain: the trusted root that it ends in, where it is known and was not sent."""
    diagnostics: list[ev.DiagnosticSeen] = field(default_factory=list)
    """What the app's log said, in order; the first hundreds."""
    agents: dict[tuple[str, str], int] = field(default_factory=dict)
    """By the app that a connection counts as, where no source saw to that, and the one that its user agent names."""
    apps_of_client: dict[int, set[str]] = field(default_factory=dict)
    """Apps that connections of a client were called, by whatever source."""
    attribution: dict[str, ev.AttributionChecked] = field(default_factory=dict)
    """By source that has to be asked: how it did, the latest."""
    around: dict[str, int] = field(default_factory=dict)
    """By app: its sockets that go past the proxy, as the device's table shows them."""
    _fold: AttemptFold = field(default_factory=AttemptFold)
    _hello: dict[int, Endpoint] = field(default_factory=dict)
    _where: dict[int, Endpoint] = field(default_factory=dict)
    """Of connections without TLS, where they last went."""
    _chains: dict[str, tuple[ev.Certificate, ...]] = field(default_factory=dict)
    """By id: each is told in full once, and then by its id alone."""
    _client: dict[int, int] = field(default_factory=dict)
    _app: dict[int, str] = field(default_factory=dict)
    _source: dict[int, str] = field(default_factory=dict)

    def feed(self, event: ev.Event) -> Settled | None:
        """Take one event; return the attempt that it settled, if any."""
        if isinstance(event, ev.RecordingStopped):
            self._stop(event)
            return None
        if self.stopped is not None:
            if isinstance(event, ev.ToolFailed):  # all else that is told later is no part of what was recorded
                self._tool_failed(event)
            return None
        if event.at_s > self.last_s:
            self.last_s = event.at_s
        kind = type(event)
        if (filed := _FILED.get(kind)) is not None:
            filed(self, event)
        settled = self._fold.feed(event)
        if settled is not None:
            self._count(settled, event.at_s)
        if kind in _ENDS:
            self._ended(event)
        return settled

    def _ended(self, event: ev.Event) -> None:
        if isinstance(event, ev.SessionEnded):
            self._settle_open(self.last_s)  # an error of our own that is told later is no part of what was seen
        elif isinstance(event, ev.ConnectionClosed) and event.closed_by != "timer":
            self._forget(event.connection_id)

    def finish(self) -> None:
        """The journal has no more to say: what is open is settled as of its last moment."""
        self._settle_open(self.last_s)

    def _stop(self, event: ev.RecordingStopped) -> None:
        """Nothing later is known, of open connections either: they are settled as if the session had ended here."""
        if self.stopped is None:
            self.last_s = max(self.last_s, event.since_s)
            self._settle_open(event.since_s)
        self.stopped = event

    def _settle_open(self, at_s: float) -> None:
        for settled in self._fold.finish(at_s):
            self._count(settled, at_s)

    def apps(self) -> list[str]:
        """The apps that any endpoint belongs to."""
        named = {endpoint.app_id for endpoint in self.endpoints}
        if self.session is not None:
            named.add(self.session.app_id or UNATTRIBUTED)
        return sorted(named)

    def of_app(self, app_id: str) -> Iterator[EndpointEvidence]:
        """The endpoints of an app, in order."""
        for endpoint in sorted(endpoint for endpoint in self.endpoints if endpoint.app_id == app_id):
            yield self.endpoints[endpoint]

    def domain(self, host: str) -> str:
        """The registrable domain of a host, as the catalog said it."""
        known = self.hosts.get(host)
        return known.registrable_domain if known is not None else host

    def _endpoint(self, endpoint: Endpoint) -> EndpointEvidence | None:
        about = self.endpoints.get(endpoint)
        if about is None:
            if len(self.endpoints) >= ENDPOINTS_KEPT:
                self.endpoints_cut += 1
                return None
            about = self.endpoints[endpoint] = EndpointEvidence(endpoint=endpoint)
        return about

    def _count(self, settled: Settled, at_s: float) -> None:
        attempt = settled.attempt
        if evidence := self._endpoint(attempt.endpoint):
            evidence.stack(attempt.stack).settle(settled, at_s)
            if settled.before is None:
                self._called(evidence, attempt.connection_id)
                if attempt.upstream_error:
                    _bump(evidence.upstream_errors, attempt.upstream_error)
        if settled.before is None:
            self.resumed += attempt.outcome is Outcome.RESUMED

    def _started(self, event: ev.SessionStarted) -> None:
        self.session = event
        self.phases.begin(event.at_s, event.phase)

    def _marked(self, event: ev.Marked) -> None:
        self.phases.begin(event.at_s, event.phase)

    def _resolved(self, event: ev.NameResolved) -> None:
        self.lookups.add(event.host, event.client, event.at_s)

    def _host_known(self, event: ev.HostKnown) -> None:
        if len(self.hosts) < ENDPOINTS_KEPT:
            self.hosts[event.host] = event

    def _replay_chain(self, event: ev.ReplayChainKnown) -> None:
        if len(self.replay_chains) < REPLAY_CHAINS_KEPT:
            self.replay_chains[event.chain_id] = event

    def _app_declared(self, event: ev.AppDeclared) -> None:
        if len(self.declared) < APPS_KEPT:
            self.declared[event.app_id] = event

    def _host_declared(self, event: ev.HostDeclared) -> None:
        if len(self.hosts_declared) < ENDPOINTS_KEPT:
            self.hosts_declared[event.app_id, event.host] = event

    def _diagnostic(self, event: ev.DiagnosticSeen) -> None:
        if len(self.diagnostics) < DIAGNOSTICS_KEPT:
            self.diagnostics.append(event)

    def _pin_material(self, event: ev.PinMaterialSeen) -> None:
        if evidence := self._endpoint(self._named(event.host, event.port, event.connection_id)):
            _bump(evidence.pin_material, event.kind, event.count)

    def _tool_failed(self, event: ev.ToolFailed) -> None:
        _bump(self.failures, (event.where, event.error))

    def _opened(self, event: ev.ConnectionOpened) -> None:
        if event.transport == "tcp":
            self.connections += 1
            phase = self.phases.at(event.at_s)
            self.connections_in[phase] = self.connections_in.get(phase, 0) + 1
            _bump(self.ways, event.listener.partition("@")[0].partition(":")[0])
        self._client[event.connection_id] = event.client

    def _user_agent(self, event: ev.UserAgentSeen) -> None:
        if self._source.get(event.connection_id, NO_SOURCE) == NO_SOURCE:
            _bump(self.agents, (self._named("", 0, event.connection_id).app_id, event.app_id))

    def _around(self, event: ev.AroundSeen) -> None:
        if event.app_id in self.around or len(self.around) < APPS_KEPT:
            self.around[event.app_id] = event.sockets

    def _attribution_checked(self, event: ev.AttributionChecked) -> None:
        if event.source_id in self.attribution or len(self.attribution) < PATTERNS_KEPT:
            self.attribution[event.source_id] = event

    def _client_hello(self, event: ev.ClientHelloSeen) -> None:
        if host := event.sni or event.server_host:
            endpoint = self._named(host, event.server_port or 0, event.connection_id)
            self._hello[event.connection_id] = endpoint
            self._contact(endpoint, event, How.TLS)

    def _policy_header(self, event: ev.PolicyHeaderSeen) -> None:
        if evidence := self._endpoint(self._named(event.host, event.port, event.connection_id)):
            _bump(evidence.policy_headers, event.header)

    def _forget(self, connection_id: int) -> None:
        for known in (self._hello, self._where, self._client, self._app, self._source):
            known.pop(connection_id, None)

    def _named(self, host: str, port: int, connection_id: int, transport: str = "tcp") -> Endpoint:
        declared = self.session.app_id if self.session is not None else None
        app_id = self._app.get(connection_id) or declared or UNATTRIBUTED
        return endpoint_named(app_id, host, port, transport)

    def _attribute(self, event: ev.AppAttributed) -> None:
        """The connection is another app's than was declared: what was filed of it goes along."""
        if self._fold.decided(event.connection_id):
            return
        self._app[event.connection_id] = event.app_id
        self._source[event.connection_id] = event.source_id
        self.apps_of_client.setdefault(self._client.get(event.connection_id, 0), set()).add(event.app_id)
        for known in (self._hello, self._where):
            if (before := known.get(event.connection_id)) is not None:
                known[event.connection_id] = after = replace(before, app_id=event.app_id)
                old = self.endpoints.get(before)
                if old is not None and (new := self._endpoint(after)) is not None:
                    old.contacts.hand_over(event.connection_id, new.contacts)
                    if replace(old, chains={}, server_tls_version=None) == EndpointEvidence(endpoint=before):
                        del self.endpoints[before]
                        new.chains = dict([*new.chains.items(), *old.chains.items()][:CHAINS_KEPT])
                        new.server_tls_version = new.server_tls_version or old.server_tls_version

    def _called(self, evidence: EndpointEvidence, connection_id: int) -> None:
        """Note who said that this is the app's; the option where nobody else did."""
        declared = self.session is not None and self.session.app_id is not None
        _bump(evidence.attributed_by, self._source.get(connection_id, OPTION if declared else NO_SOURCE))

    def _contact(self, endpoint: Endpoint, event: ev.ConnectionEvent, how: How) -> None:
        if evidence := self._endpoint(endpoint):
            client = self._client.get(event.connection_id, 0)
            evidence.contacts.add(_contact(event.at_s, client, event.connection_id, how))

    def _repeated(self, event: ev.ExchangeRepeated) -> None:
        endpoint = self._hello.get(event.connection_id) or self._where.get(event.connection_id)
        if endpoint is not None and (evidence := self._endpoint(endpoint)):
            evidence.contacts.repeat(event.connection_id, event.earlier_connection_id)

    def _pin_report(self, event: ev.PinReportSeen) -> None:
        if event.enforced:
            return  # it says of itself that the connection was refused
        about = (self._named(event.host, 0, event.connection_id).app_id, event.host)
        if about in self.pin_reports or len(self.pin_reports) < ENDPOINTS_KEPT:
            _bump(self.pin_reports.setdefault(about, {}), event.format)

    def _chain(self, event: ev.ServerChainSeen) -> None:
        if event.root is not None and len(self.roots) < ENDPOINTS_KEPT:
            self.roots[event.chain_id] = event.root
        if event.chain and len(self._chains) < ENDPOINTS_KEPT:
            self._chains.setdefault(event.chain_id, event.chain)
        endpoint = self._hello.get(event.connection_id) or self._named(event.host, event.port, event.connection_id)
        if evidence := self._endpoint(endpoint):
            evidence.server_tls_version = event.tls_version
            if event.chain_id in evidence.chains:
                return
            if chain := event.chain or self._chains.get(event.chain_id):
                if len(evidence.chains) >= CHAINS_KEPT:
                    evidence.chains.pop(next(reversed(evidence.chains)))
                evidence.chains[event.chain_id] = chain

    def _request(self, event: ev.RequestSeen) -> None:
        over = self._hello.get(event.connection_id)
        if over is not None and event.purpose != ev.CONTENT and (about := self.endpoints.get(over)) is not None:
            # Now it is known what the connection is for: a check that comes by itself, and no traffic of the app's.
            about.contacts.hand_over(event.connection_id, about.checks)
        if over is not None and event.authority_host != over.host:
            named = self._named(event.authority_host, event.authority_port, event.connection_id)
            if evidence := self._endpoint(named):
                evidence.coalesced += 1
                evidence.coalesced_over = min(over.host, evidence.coalesced_over or over.host)

    def _cleartext(self, event: ev.CleartextSeen) -> None:
        endpoint = self._named(event.host, event.port, event.connection_id)
        self._where[event.connection_id] = endpoint
        if evidence := self._endpoint(endpoint):
            evidence.cleartext += 1
            self._called(evidence, event.connection_id)
            client = self._client.get(event.connection_id, 0)
            how = How.HTTP if event.protocol == "http" else How.TCP
            into = evidence.contacts if event.purpose == ev.CONTENT else evidence.checks
            into.add(_contact(event.at_s, client, event.connection_id, how))

    def _datagram(self, event: ev.DatagramSeen) -> None:
        host = event.host or "unknown host"
        self.quic += event.protocol == "quic"
        self.quic_blocked += event.protocol == "quic" and event.blocked
        if event.protocol == "quic":
            endpoint = self._named(host, event.port or 0, event.connection_id, "udp")
            self._contact(endpoint, event, How.QUIC)
            if endpoint in self.endpoints:
                self.endpoints[endpoint].datagrams += 1
                self._called(self.endpoints[endpoint], event.connection_id)
        if host in self.datagrams or len(self.datagrams) < ENDPOINTS_KEPT:
            _bump(self.datagrams, f"{event.protocol} {host}")


_FILED: dict[type[ev.Event], Callable[[Evidence, Any], None]] = {
    ev.SessionStarted: Evidence._started,
    ev.Marked: Evidence._marked,
    ev.NameResolved: Evidence._resolved,
    ev.HostKnown: Evidence._host_known,
    ev.ReplayChainKnown: Evidence._replay_chain,
    ev.AppDeclared: Evidence._app_declared,
    ev.HostDeclared: Evidence._host_declared,
    ev.DiagnosticSeen: Evidence._diagnostic,
    ev.PinMaterialSeen: Evidence._pin_material,
    ev.ToolFailed: Evidence._tool_failed,
    ev.ConnectionOpened: Evidence._opened,
    ev.AppAttributed: Evidence._attribute,
    ev.UserAgentSeen: Evidence._user_agent,
    ev.AroundSeen: Evidence._around,
    ev.AttributionChecked: Evidence._attribution_checked,
    ev.ClientHelloSeen: Evidence._client_hello,
    ev.ServerChainSeen: Evidence._chain,
    ev.RequestSeen: Evidence._request,
    ev.CleartextSeen: Evidence._cleartext,
    ev.DatagramSeen: Evidence._datagram,
    ev.ExchangeRepeated: Evidence._repeated,
    ev.PinReportSeen: Evidence._pin_report,
    ev.PolicyHeaderSeen: Evidence._policy_header,
}
"""What is known by more than how a connection ended."""
_ENDS = frozenset({ev.SessionEnded, ev.ConnectionClosed})


def _bump(counts: dict[K, int], key: K, by: int = 1) -> None:
    if key in counts or len(counts) < PATTERNS_KEPT:
        counts[key] = counts.get(key, 0) + by


READ_AT_ONCE = 512
"""Events that are read before they are counted: to take turns with each event would keep neither in the processor's
caches, and takes a seventh longer."""


def evidence_of(journal: Iterable[ev.Event]) -> Evidence:
    """The evidence of a finished journal."""
    evidence = Evidence()
    events = iter(journal)
    while some := list(islice(events, READ_AT_ONCE)):
        for event in some:
            evidence.feed(event)
    evidence.finish()
    return evidence
