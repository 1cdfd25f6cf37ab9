"""What the proxy's side remembers of one client connection, and how it tells of it."""

from collections.abc import Callable

from mitmproxy import tls

from pinprobe import events as ev
from pinprobe.attempts import TRUSTED_CA
from pinprobe.mitm.clock import now_s
from pinprobe.mitm.records import RelayedRecords
from pinprobe.mitm.tap import Tap, TappedConnection
from pinprobe.schedule import Choice

Emit = Callable[[ev.Event], None]

Shape = tuple[bytes, bytes, bytes, int]
"""A request's version, authority, scheme and port, as mitmproxy holds them: enough to know its host again."""

REQUESTS_TOLD = 3
"""RequestSeen events per connection and host: enough to judge; the rest is a number at the end."""
CLEARTEXT_TOLD = 16
"""CleartextSeen events per connection and host: each may follow another refusal."""
STATUSES_TOLD = 8
"""Different status codes told of per connection."""
AUTHORITIES_TOLD = 64
"""Hosts told of per connection."""


class Watch:
    """A client connection. Its methods are what a tap listens to."""

    def __init__(self, id: int, transport: str, emit: Emit) -> None:
        self.id = id
        self.transport = transport
        self.client = 0
        self.listener = ""
        self._emit = emit
        self.destination: tuple[str | None, int] | None = None
        """CONNECT or original destination."""
        self.hello_told = False
        self.hello_s = 0.0
        self.clienthello: tls.ClientHelloData | None = None
        self.choice = Choice(TRUSTED_CA)
        self.relay: RelayedRecords | None = None
        self.relay_told = False
        self.tap: Tap | None = None
        self.served: TappedConnection | None = None
        self.failed = False
        self.server_closed_first = False
        self.requests = 0
        self.exchanges = 0
        """Requests that were compared with earlier ones."""
        self.closed = False
        self.user_agent_told = False
        self.last_user_agent: int | None = None
        """The hash of what the latest request had: the same again says nothing new, and the words are not kept."""
        self.only_counted: set[Shape] = set()
        """Those HTTP/2 requests of whose host all was told; the host of others stands in their headers."""
        self._told: dict[str, int] = {}
        self.statuses: set[int] = set()
        """Those that were told."""

    @property
    def client_bytes(self) -> int:
        """Application bytes from the client: decrypted ones, or those of a relay as far as lengths tell."""
        if self.relay is not None:
            return self.relay.client_payload
        return self.tap.client_bytes if self.tap is not None else 0

    @property
    def server_bytes(self) -> int:
        """Bytes to the client, likewise."""
        if self.relay is not None:
            return self.relay.server_bytes
        return self.tap.server_bytes if self.tap is not None else 0

    def release(self) -> None:
        """It is over: let go of what is large. The timer may hold this watch a while longer, and OpenSSL's objects,
        a hundred kilobytes each, would wait for the garbage collector in the circle that they form with it."""
        self.closed = True
        self.clienthello = self.served = self.tap = self.relay = None

    def alert_received(self, level: int, description: int, *, after_established: bool) -> None:
        """See `tap.Listener`."""
        self._emit(
            ev.AlertReceived(
                at_s=now_s(),
                connection_id=self.id,
                level=level,
                description=description,
                after_established=after_established,
            )
        )

    def alert_sent(self, description: int) -> None:
        """See `tap.Listener`."""
        self._emit(ev.AlertSent(at_s=now_s(), connection_id=self.id, description=description))

    def certificate_sent(self) -> None:
        """See `tap.Listener`."""
        self._emit(ev.CertificateSent(at_s=now_s(), connection_id=self.id))

    def application_data(self, protocol: str, *, preface_only: bool) -> None:
        """See `tap.Listener`."""
        self._emit(
            ev.ApplicationDataSeen(at_s=now_s(), connection_id=self.id, protocol=protocol, preface_only=preface_only)
        )

    def probe_applied(
        self,
        probe_id: str,
        *,
        leaf_sha256: str | None = None,
        leaf_pin_sha256: str | None = None,
        names_missing: bool = False,
        as_planned: bool = True,
        chain_id: str | None = None,
    ) -> None:
        """What this connection is shown; a relay shows the server's own certificate, so none of ours is named."""
        self._emit(
            ev.ProbeApplied(
                at_s=now_s(),
                connection_id=self.id,
                probe_id=probe_id,
                leaf_sha256=leaf_sha256,
                leaf_pin_sha256=leaf_pin_sha256,
                names_missing=names_missing,
                as_planned=as_planned,
                chain_id=chain_id,
            )
        )

    def datagram(self, host: str | None, port: int, protocol: str, *, blocked: bool) -> None:
        """UDP that is no name lookup."""
        self._emit(
            ev.DatagramSeen(
                at_s=now_s(), connection_id=self.id, host=host, port=port, protocol=protocol, blocked=blocked
            )
        )

    def requests_are_told(self, host: str, port: int) -> bool:
        """Whether all that is ever told of requests to this host was told."""
        return self._told.get(f"{host}:{port}", 0) >= REQUESTS_TOLD

    def only_count(self, shape: Shape) -> None:
        """Further requests of this shape are looked at no more."""
        if len(self.only_counted) < AUTHORITIES_TOLD:
            self.only_counted.add(shape)

    def request(self, host: str, port: int, purpose: str = ev.CONTENT) -> None:
        """A decrypted request, told a few times per host."""
        self.requests += 1
        if self._may_tell(f"{host}:{port}", REQUESTS_TOLD):
            self._emit(
                ev.RequestSeen(
                    at_s=now_s(), connection_id=self.id, authority_host=host, authority_port=port, purpose=purpose
                )
            )

    def response(self, status: int) -> None:
        """A decrypted answer, told once per status code."""
        if status not in self.statuses and len(self.statuses) < STATUSES_TOLD:
            self.statuses.add(status)
            self._emit(ev.ResponseSeen(at_s=now_s(), connection_id=self.id, status=status))

    def policy_header(self, host: str, port: int, header: str) -> None:
        """A decrypted answer carried this header; told once."""
        if self._may_tell(f"{host}:{port} {header}", 1):
            self._emit(ev.PolicyHeaderSeen(at_s=now_s(), connection_id=self.id, host=host, port=port, header=header))

    def pin_material(self, host: str, port: int, kind: str, count: int) -> None:
        """A decrypted answer carried pins."""
        self._emit(
            ev.PinMaterialSeen(at_s=now_s(), connection_id=self.id, host=host, port=port, kind=kind, count=count)
        )

    def exchange_repeated(self, earlier_connection_id: int) -> None:
        """Its request is that of an earlier connection; told once."""
        if self._may_tell("", 1):
            self._emit(
                ev.ExchangeRepeated(at_s=now_s(), connection_id=self.id, earlier_connection_id=earlier_connection_id)
            )

    def user_agent(self, app_id: str) -> None:
        """A decrypted request's user agent named an app; told once."""
        if not self.user_agent_told and self._may_tell("user agent", 1):
            self.user_agent_told = True
            self._emit(ev.UserAgentSeen(at_s=now_s(), connection_id=self.id, app_id=app_id))

    def pin_report(self, format: str, host: str, enforced: bool | None) -> None:
        """A report of a failed pin passed by."""
        if self._may_tell(f"{host} {format}", REQUESTS_TOLD):
            self._emit(
                ev.PinReportSeen(at_s=now_s(), connection_id=self.id, format=format, host=host, enforced=enforced)
            )

    def cleartext(self, host: str, port: int, protocol: str, purpose: str = ev.CONTENT) -> None:
        """Traffic without TLS, told a few times per host."""
        if self._may_tell(f"{host}:{port} {purpose}", CLEARTEXT_TOLD):
            self._emit(
                ev.CleartextSeen(
                    at_s=now_s(), connection_id=self.id, host=host, port=port, protocol=protocol, purpose=purpose
                )
            )

    def relayed_bytes(self, data: bytes, from_client: bool) -> None:
        """A relayed segment."""
        if self.relay is not None and self.relay.feed(data, from_client=from_client):
            self.tell_relay(True)

    def tell_relay(self, worked: bool | None) -> None:
        """What became of the control; once."""
        if self.relay is None or self.relay_told:
            return
        self.relay_told = True
        self._emit(
            ev.Relayed(
                at_s=now_s(),
                connection_id=self.id,
                worked=worked,
                tls_version=self.relay.tls_version,
                client_records=tuple(self.relay.client.shown),
                server_records=tuple(self.relay.server.shown),
            )
        )

    def _may_tell(self, key: str, times: int) -> bool:
        if key not in self._told and len(self._told) >= AUTHORITIES_TOLD:
            return False
        self._told[key] = self._told.get(key, 0) + 1
        return self._told[key] <= times
