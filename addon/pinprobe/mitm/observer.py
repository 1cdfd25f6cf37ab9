"""From what mitmproxy hands to its hooks to events. The only place that knows both."""

from typing import Any

from mitmproxy import connection, http, tls
from mitmproxy.net.tls import starts_like_tls_record
from mitmproxy.proxy import layer

from pinprobe import events as ev
from pinprobe import x509
from pinprobe.mitm import fingerprint
from pinprobe.mitm.attributing import device_of, listener_name, seen_of
from pinprobe.mitm.chainstore import chain_id
from pinprobe.mitm.clock import now_s
from pinprobe.mitm.hello import ClientHello, client_hello
from pinprobe.mitm.names import host_name
from pinprobe.mitm.protocols import protocol_name, protocol_names
from pinprobe.mitm.reading import (
    error_words,
    host_and_port,
    negotiated,
    resumed,
    was_ignored,
)
from pinprobe.mitm.records import RelayedRecords
from pinprobe.mitm.relay import RelayLayer
from pinprobe.mitm.served import Chains
from pinprobe.mitm.tap import Tap
from pinprobe.mitm.traffic import TrafficObserver
from pinprobe.mitm.upstream import asks_for_client_certificate
from pinprobe.mitm.watch import Watch
from pinprobe.probes import BY_ID, RELAY, CertificatePlan, Stuffing
from pinprobe.schedule import Choice, Key


class Observer(TrafficObserver):
    """Emits the facts of one session. Its methods may raise: the addon calls them guarded."""

    # -- connections -----------------------------------------------------------------------------------------

    def connected(self, client: connection.Client) -> Watch:
        """A client connected."""
        watch = Watch(self._session.connection_number(), client.transport_protocol, self._emit)
        watch.client = self._session.client_number(device_of(client))
        watch.listener = listener_name(client)
        self._emit(
            ev.ConnectionOpened(
                at_s=now_s(),
                connection_id=watch.id,
                client=watch.client,
                listener=watch.listener,
                transport=client.transport_protocol,
            )
        )
        self._session.guard(self._attribute, watch, client)
        return watch

    def _attribute(self, watch: Watch, client: connection.Client) -> None:
        self._session.attributing.opened(watch.id, seen_of(client))

    def closed(self, watch: Watch, closed_by: str) -> None:
        """A connection ended, or the session did."""
        if watch.hello_told and watch.relay is None and was_ignored(watch):
            # Passed through at the user's wish (ignore_hosts and the like): nothing was shown, nothing measured.
            watch.probe_applied(RELAY.id)
            watch.relay = RelayedRecords()
        if watch.relay is not None:
            cut_off = closed_by == "shutdown" and not watch.relay.worked
            watch.tell_relay(None if cut_off else watch.relay.verdict())
        self._emit(self._session.closing(watch, closed_by))
        watch.release()

    def server_failed(self, watch: Watch, stage: str, server: connection.Connection) -> None:
        """The real server could not be reached or trusted."""
        host, port = watch.destination or host_and_port(getattr(server, "address", None))
        self._emit(
            ev.ServerFailed(
                at_s=now_s(),
                connection_id=watch.id,
                host=host,
                port=port,
                stage=stage,
                error=error_words(server.error),
            )
        )

    # -- the ClientHello, and what to do with it ------------------------------------------------------------

    def connect_requested(self, watch: Watch, flow: http.HTTPFlow) -> None:
        """CONNECT: the destination as the client names it."""
        watch.destination = (host_name(flow.request.host), flow.request.port)

    def first_bytes(self, watch: Watch, nextlayer: layer.NextLayer) -> bool:
        """The first bytes of a layer; True where a ClientHello began and is not complete."""
        if watch.transport == "udp":
            self.datagram(watch, nextlayer)
            return False
        data = nextlayer.data_client()
        to_the_proxy_itself = nextlayer.context.server.address is None
        if watch.hello_told or to_the_proxy_itself or not starts_like_tls_record(data):
            return False
        try:
            hello = client_hello(data)
        except ValueError:
            return False  # mitmproxy will say what is wrong with it
        if hello is None:
            return True
        plan = BY_ID[self._hello(watch, nextlayer.context, hello)]
        if not plan.intercepts:
            self._relay(watch, nextlayer, hello, plan)
        return False

    def _hello(self, watch: Watch, context: Any, hello: ClientHello) -> str:
        if watch.destination is None:
            watch.destination = host_and_port(context.server.address)
        host, port = watch.destination
        sni = host_name(hello.sni)
        name = sni or host or ""
        self._session.host_seen(name)
        parts = hello.parts
        event = ev.ClientHelloSeen(
            at_s=now_s(),
            connection_id=watch.id,
            sni=sni,
            server_host=host,
            server_port=port,
            alpn_offers=protocol_names(hello.alpn_protocols),
            tls_versions_offered=fingerprint.version_names(parts),
            ja4=fingerprint.ja4(parts),
            stack=fingerprint.stack(parts),
        )
        watch.hello_told, watch.hello_s = True, event.at_s
        self._emit(event)
        key = Key(listener=watch.listener, client=watch.client, host=name, port=port, stack=event.stack)
        watch.choice = self._session.schedule.choose(key, watch.id, event.at_s)
        return watch.choice.probe_id

    def _relay(self, watch: Watch, nextlayer: layer.NextLayer, hello: ClientHello, plan: CertificatePlan) -> None:
        client = nextlayer.context.client
        client.sni, client.alpn_offers = hello.sni, list(hello.alpn_protocols)
        watch.relay = records = RelayedRecords()
        guard = self._session.guard

        def seen(data: bytes, from_client: bool) -> None:
            guard(watch.relayed_bytes, data, from_client)

        delay_s = self._session.interception_s() if plan.delayed else 0.0
        nextlayer.layer = RelayLayer(nextlayer.context, seen, records.only_counts, delay_s)
        watch.probe_applied(plan.id)

    # -- TLS with the client --------------------------------------------------------------------------------

    def serve(self, watch: Watch, data: tls.TlsData) -> None:
        """Give the client a connection of our own with the planned certificate, unless somebody else already did."""
        if not watch.hello_told or data.ssl_conn is not None or data.is_dtls:
            return
        plan = BY_ID[watch.choice.probe_id]
        try:
            served, leaf = self._session.server.connection(data, plan, self._chains(watch.choice, plan))
        except x509.Unservable:
            # mitmproxy serves its usual certificate, which is not what was planned: the attempt says nothing.
            watch.probe_applied(plan.id, as_planned=False, chain_id=watch.choice.chain_id)
            return
        watch.tap = served.tap = Tap(watch, leaf.der_bytes, self._session.guard)
        watch.served = data.ssl_conn = served
        shown = served.get_certificate()
        upstream = data.context.server.certificate_list
        watch.probe_applied(
            plan.id,
            leaf_sha256=leaf.sha256,
            leaf_pin_sha256=leaf.pin_sha256,
            names_missing=bool(upstream) and not leaf.names >= self._session.server.names(upstream[0]),
            as_planned=shown is not None and shown.digest("sha256") == leaf.digest,
            chain_id=watch.choice.chain_id,
        )

    def _chains(self, choice: Choice, plan: CertificatePlan) -> Chains | None:
        """The genuine chains that a choice names; None leaves it to what this connection's server sent."""
        if choice.chain_id is None:
            return None
        chain = self._session.chains.get(choice.chain_id)
        if plan.needs_replay:
            return Chains(replay=chain)
        if plan.stuffing is not Stuffing.NONE:
            # With its root, so that a pinner that searches what was sent finds a pinned root too.
            chain = x509.completed(chain, self._session.chains.roots)
        return Chains(genuine=chain)

    def established(self, watch: Watch, data: tls.TlsData) -> None:
        """The handshake with the client is complete."""
        if not watch.hello_told or data.ssl_conn is None:
            return
        self._check_served(watch, data)
        self._session.interception_took(now_s() - watch.hello_s)
        self._emit(
            ev.HandshakeEstablished(
                at_s=now_s(),
                connection_id=watch.id,
                tls_version=data.conn.tls_version or "",
                alpn=protocol_name(data.conn.alpn),
                cipher=data.conn.cipher or "",
                resumed=resumed(data.ssl_conn),
            )
        )
        self._session.await_data(watch)

    def handshake_failed(self, watch: Watch, data: tls.TlsData) -> None:
        """The handshake with the client failed; without a ClientHello that is never evidence."""
        if not watch.hello_told or watch.transport != "tcp":
            return
        watch.failed = True
        self._check_served(watch, data)
        certificate_sent = watch.tap is not None and watch.tap.certificate_sent
        if certificate_sent:
            self._session.interception_took(now_s() - watch.hello_s)
        self._emit(
            ev.HandshakeFailed(
                at_s=now_s(),
                connection_id=watch.id,
                certificate_sent=certificate_sent,
                tls_version=negotiated(data) if certificate_sent else None,
                error=error_words(data.conn.error),
            )
        )

    def _check_served(self, watch: Watch, data: tls.TlsData) -> None:
        """Another script may have put its own connection in the place of ours: then nothing was tested."""
        if data.ssl_conn is not None and data.ssl_conn is not watch.served:
            watch.probe_applied(watch.choice.probe_id, as_planned=False)

    # -- the real server ---------------------------------------------------------------------------------------

    def server_chain(self, watch: Watch, data: tls.TlsData) -> None:
        """The real server's chain and what it negotiated."""
        if not data.conn.certificate_list or watch.destination is None:
            return
        host, port = watch.destination
        chain = tuple(certificate._cert for certificate in data.conn.certificate_list)
        name = host_name(data.context.client.sni) or host or ""
        id = chain_id(chain)
        new = self._session.chain_is_new(id)
        told = tuple(map(x509.facts, chain)) if new else ()
        root = self._session.guard(self._session.chains.root_of, chain) if new else None
        if (
            new
            and self._session.settings.mode != "observe"
            and (fact := self._session.chains.add(id, chain, name, "session"))
        ):
            self._emit(fact)
        self._emit(
            ev.ServerChainSeen(
                at_s=now_s(),
                connection_id=watch.id,
                host=name,
                port=port,
                chain_id=id,
                chain=told,
                tls_version=data.conn.tls_version,
                alpn=protocol_name(data.conn.alpn),
                client_certificate_requested=asks_for_client_certificate(data),
                root=root,
            )
        )
