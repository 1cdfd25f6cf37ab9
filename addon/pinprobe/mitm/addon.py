"""The mitmproxy addon: options, the session's life, and which hook tells the observer what. Nothing is judged here.

Every hook goes through the session's guard: an error of ours becomes a notice, never a broken connection, and
never silences the scripts that come after this one.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from mitmproxy import connection, ctx, exceptions, http, tcp, tls
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy import layer, server_hooks

from pinprobe import x509
from pinprobe.config import OPTIONS, ConfigError, Settings, settings_of
from pinprobe.mitm.chainstore import check_files
from pinprobe.mitm.observer import Observer
from pinprobe.mitm.session import Session
from pinprobe.mitm.upstream import watch_upstream
from pinprobe.mitm.watch import Watch

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
Tell = Callable[Concatenate[Observer, Watch, P], R]


class Pinprobe:
    """Finds out, endpoint by endpoint, whether an app pins its certificates."""

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._session: Session | None = None
        self._observer: Observer | None = None
        self._watches: dict[str, Watch] = {}
        self._ticker: asyncio.Task[None] | None = None

    # -- life cycle: called synchronously also at a reload, so none of these may be async ------------------

    def load(self, loader: Loader) -> None:
        """Declare the options."""
        for option in OPTIONS:
            sequence = isinstance(option.default, tuple)
            loader.add_option(
                name=option.name,
                typespec=_SEQUENCE if sequence else str,
                default=list(option.default) if sequence else option.default,
                help=option.help,
                choices=list(option.choices) or None,
            )

    def configure(self, updated: set[str]) -> None:
        """Check the options; a wrong one is refused with the fix."""
        changed = {option.name for option in OPTIONS} & updated
        if not changed:
            return
        given = frozenset(option.name for option in OPTIONS if ctx.options.has_changed(option.name))
        values = {option.name: getattr(ctx.options, option.name) for option in OPTIONS}
        try:
            settings = settings_of(values, given)
            if self._session is not None and settings != self._settings:
                raise ConfigError(
                    f"{', '.join(sorted(changed))}: a running session keeps its options; restart the proxy."
                )
            check_files(settings)
        except ConfigError as error:
            # Without the cause: mitmproxy prints tracebacks of what a script raises while it loads.
            raise exceptions.OptionsError(str(error)) from None
        self._settings = settings

    def running(self) -> None:
        """The proxy listens: the session begins."""
        if self._settings is None:
            return
        try:
            authority = ctx.master.addons.get("tlsconfig").certstore.default_ca._cert
            self._session = Session(self._settings, x509.pin_sha256(authority), ctx.options.connection_strategy)
        except OSError as error:
            logger.warning(
                "pinprobe: pinprobe_reports=%s cannot be written (%s). The proxy goes on, and nothing is recorded: "
                "name another folder with --set pinprobe_reports=FOLDER.",
                self._settings.reports,
                error.strerror,
            )
            return
        self._observer = Observer(self._session)
        self._ticker = asyncio.get_running_loop().create_task(self._session.tick())
        logger.info(
            "pinprobe: %s mode, CA store: %s, app: %s, recording to %s",
            self._settings.mode,
            self._settings.ca_store,
            self._settings.app_id or "not named",
            self._session.folder,
        )

    def done(self) -> None:
        """The proxy ends, or the script is reloaded: what is open is closed, and the last report is written."""
        session, self._session = self._session, None
        if session is None or self._observer is None:
            return
        if self._ticker is not None:
            self._ticker.cancel()
        for watch in self._watches.values():
            # Connections that are open now get no event from mitmproxy (measured).
            session.guard(self._observer.closed, watch, "shutdown")
        self._watches.clear()
        try:
            session.stop()
        except Exception as error:
            logger.warning("pinprobe: the last report failed: %s", error, exc_info=error)

    def _tell(self, client: connection.Client, tell: Tell[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Tell the observer of a connection that is watched, guarded."""
        watch = self._watches.get(client.id)
        if self._session is None or self._observer is None or watch is None:
            return None
        return self._session.guard(tell, self._observer, watch, *args, **kwargs)

    # -- connections -----------------------------------------------------------------------------------------

    def client_connected(self, client: connection.Client) -> None:
        """A new connection."""
        if self._session is not None and self._observer is not None:
            watch = self._session.guard(self._observer.connected, client)
            if watch is not None:
                self._watches[client.id] = watch

    def client_disconnected(self, client: connection.Client) -> None:
        """The end of one."""
        watch = self._watches.get(client.id)
        by_us = watch is not None and watch.server_closed_first
        self._tell(client, Observer.closed, "proxy" if by_us else "client")
        self._watches.pop(client.id, None)

    def server_disconnected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Who closed first: nothing in mitmproxy says so, but the client's state does at this moment."""
        watch = self._watches.get(data.client.id)
        if watch is not None and data.client.state & connection.ConnectionState.CAN_READ:
            watch.server_closed_first = True

    def server_connect_error(self, data: server_hooks.ServerConnectionHookData) -> None:
        """The real server cannot be reached."""
        self._tell(data.client, Observer.server_failed, "connect", data.server)

    # -- the ClientHello, and what to do with it ------------------------------------------------------------

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """The destination as the client names it, before anybody resolves or rewrites it."""
        self._tell(flow.client_conn, Observer.connect_requested, flow)

    def next_layer(self, nextlayer: layer.NextLayer) -> None:
        """Decide between interception and relay, at the ClientHello."""
        if nextlayer.layer is None and self._tell(nextlayer.context.client, Observer.first_bytes, nextlayer):
            # More of the hello is to come. Else mitmproxy would choose a layer now, too late to relay.
            raise exceptions.AddonHalt

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Interception begins, unless another addon says otherwise."""
        if (watch := self._watches.get(data.context.client.id)) is not None:
            watch.clienthello = data

    # -- TLS with the client --------------------------------------------------------------------------------

    def tls_start_client(self, data: tls.TlsData) -> None:
        """Serve the planned certificate; on any error mitmproxy serves its normal one."""
        self._tell(data.context.client, Observer.serve, data)

    def tls_established_client(self, data: tls.TlsData) -> None:
        """The handshake with the client is complete, which is not yet acceptance."""
        self._tell(data.context.client, Observer.established, data)

    def tls_failed_client(self, data: tls.TlsData) -> None:
        """The handshake with the client failed."""
        self._tell(data.context.client, Observer.handshake_failed, data)

    # -- TLS with the real server ---------------------------------------------------------------------------

    def tls_start_server(self, data: tls.TlsData) -> None:
        """See whether the server will ask for a client certificate."""
        if self._session is not None and data.ssl_conn is None and not data.is_dtls:
            self._session.guard(watch_upstream, data)

    def tls_established_server(self, data: tls.TlsData) -> None:
        """The real server's chain, also when the client then refuses ours."""
        self._tell(data.context.client, Observer.server_chain, data)

    def tls_failed_server(self, data: tls.TlsData) -> None:
        """The real server is not trusted, or does not speak TLS as we do."""
        self._tell(data.context.client, Observer.server_failed, "tls", data.conn)

    # -- traffic ---------------------------------------------------------------------------------------------

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """A request was decrypted, or came without TLS."""
        if flow.live:
            self._tell(flow.client_conn, Observer.request, flow)

    def tcp_start(self, flow: tcp.TCPFlow) -> None:
        """Raw TCP; inside TLS the tap sees it."""
        if flow.live and not flow.client_conn.tls_established:
            self._tell(flow.client_conn, Observer.raw_tcp, flow)


_SEQUENCE = Sequence[str]
