"""The mitmproxy addon: options, the session's life, and which hook tells the observer what. Nothing is judged here.

Every hook goes through the session's guard: an error of ours becomes a notice, never a broken connection, and
never silences the scripts that come after this one.

It takes more than 300 lines, since every hook that is used stands here, with a few lines each.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from mitmproxy import command, connection, ctx, dns, exceptions, http, tcp, tls
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy import layer, server_hooks

from pinprobe import x509
from pinprobe.catalog import Table
from pinprobe.config import OPTIONS, ConfigError, Settings, settings_of
from pinprobe.mishap import words_of
from pinprobe.mitm import known
from pinprobe.mitm.catalogs import catalog_in
from pinprobe.mitm.chainstore import check_files
from pinprobe.mitm.live import Door
from pinprobe.mitm.log_reading import LogReading
from pinprobe.mitm.observer import Observer
from pinprobe.mitm.package_reading import PackageNames
from pinprobe.mitm.policies import policy_in
from pinprobe.mitm.session import Session
from pinprobe.mitm.upstream import watch_upstream
from pinprobe.mitm.watch import Watch

if TYPE_CHECKING:
    from pinprobe.policy import Policy

logger = logging.getLogger(__name__)

BEGIN_AGAIN_S = 2.0
"""Between two tries to begin a session whose folder cannot be written."""

P = ParamSpec("P")
R = TypeVar("R")
Tell = Callable[Concatenate[Observer, Watch, P], R]
LetGo = Callable[[Watch, http.HTTPFlow], bool]
"""True where a message needs no more than what this has done."""


class Pinprobe:
    """Finds out, endpoint by endpoint, whether an app pins its certificates."""

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._policy: Policy | None = None
        self._catalog: Table | None = None
        self._session: Session | None = None
        self._observer: Observer | None = None
        self._door: Door | None = None
        self._magic = False
        """Whether the live page has its magic host."""
        self._log: LogReading | None = None
        self._names = PackageNames()
        self._watches: dict[str, Watch] = {}
        self._unmet: dict[str, bool] = {}
        """Connections that have asked for nothing yet, or (True) for the live page at its magic host alone."""
        self._ticker: asyncio.Task[None] | None = None
        self._refused = False
        self._ran = False

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
            name = self._names.of(settings.apk)
            if name is not None and settings.app_id is None:
                settings = settings_of({**values, "pinprobe_app": name}, given)
            if self._session is not None and self._settings is not None:
                if replace(settings, phase=self._settings.phase) != self._settings:
                    raise ConfigError(
                        f"{', '.join(sorted(changed))}: a running session keeps its options; restart the proxy."
                    )
                if "pinprobe_phase" in updated:
                    self._session.mark(settings.phase, "option")
            check_files(settings)
            if self._session is None:
                self._policy = policy_in(settings)
                self._catalog = catalog_in(settings)
        except ConfigError as error:
            # Without the cause: mitmproxy prints tracebacks of what a script raises while it loads.
            raise exceptions.OptionsError(str(error)) from None
        self._settings = settings

    def running(self) -> None:
        """The proxy listens: the session begins, or as soon as its folder can be written."""
        self._ran = True
        if self._session is None and self._settings is not None and not self._begin(self._settings):
            self._ticker = asyncio.get_running_loop().create_task(self._begin_later())

    async def _begin_later(self) -> None:
        began = False
        while not began:
            await asyncio.sleep(BEGIN_AGAIN_S)
            began = self._settings is not None and self._begin(self._settings)

    def _begin(self, settings: Settings) -> bool:
        """False, which is told once, where the folder cannot be written."""
        try:
            tlsconfig = ctx.master.addons.get("tlsconfig")
            if tlsconfig.certstore is None:
                # With the default confdir mitmproxy makes its CA in its own `running`, which comes after the scripts'.
                tlsconfig.configure({"confdir"})
            authority = tlsconfig.certstore.default_ca._cert
            self._session = Session(
                settings,
                x509.pin_sha256(authority),
                ctx.options.connection_strategy,
                self._policy,
                self._catalog,
            )
        except OSError as error:
            if not self._refused:
                self._refused = True
                logger.warning(
                    "pinprobe: pinprobe_reports=%s cannot be written (%s). The proxy goes on, and nothing is recorded "
                    "until it can: or name another folder with --set pinprobe_reports=FOLDER.",
                    settings.reports,
                    error.strerror,
                )
            return False
        self._observer = Observer(self._session)
        self._door = Door(settings, self._session.pages)
        self._magic = settings.magic_host
        self._ticker = asyncio.get_running_loop().create_task(self._session.tick())
        logger.info(
            "pinprobe: %s mode, phase: %s, CA store: %s, app: %s, recording to %s",
            settings.mode,
            settings.phase,
            settings.ca_store,
            settings.app_id or "not named",
            self._session.folder,
        )
        self._session.guard(self._door.open)
        self._log = LogReading(self._session)
        self._session.guard(self._log.start)
        return True

    @command.command("pinprobe.mark")  # type: ignore[untyped-decorator]  # mitmproxy's has no annotations
    def mark(self, phase: str) -> None:
        """Another phase begins: idle, control or test."""
        if self._session is None:
            raise exceptions.CommandError("pinprobe.mark: no session is running.")
        try:
            self._session.mark(phase, "command")
        except ValueError as error:
            raise exceptions.CommandError(f"pinprobe.mark: {error}.") from None

    def done(self) -> None:
        """The proxy ends, or the script is reloaded: what is open is closed, and the last report is written."""
        if self._ticker is not None:
            self._ticker.cancel()
        session, self._session = self._session, None
        if session is None or self._observer is None:
            return
        if self._log is not None:
            session.guard(self._log.stop)
        door, self._door = self._door, None
        if door is not None:
            session.guard(door.close)
        for watch in self._watches.values():
            # Connections that are open now get no event from mitmproxy (measured).
            session.guard(self._observer.closed, watch, "shutdown")
        self._watches.clear()
        self._unmet.clear()
        try:
            session.stop()
        except Exception as error:
            logger.warning("pinprobe: the last report failed: %s", words_of(error))

    def _tell(self, client: connection.Client, tell: Tell[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Tell the observer of a connection that is watched, guarded."""
        if self._unmet and self._unmet.pop(client.id, None) is not None:
            self._meet(client)
        watch = self._watches.get(client.id)
        if self._session is None or self._observer is None or watch is None:
            return None
        return self._session.guard(tell, self._observer, watch, *args, **kwargs)

    # -- connections -----------------------------------------------------------------------------------------

    def client_connected(self, client: connection.Client) -> None:
        """A new connection; the first may come before `running`, as mitmproxy listens before it says so (measured)."""
        if not self._ran and self._session is None and self._settings is not None:
            self._begin(self._settings)
        if self._door is not None and self._door.magic:
            # It may only want to see the live page: it is told of once it asks for something else.
            self._unmet[client.id] = False
        else:
            self._meet(client)

    def _meet(self, client: connection.Client) -> None:
        if self._session is not None and self._observer is not None:
            watch = self._session.guard(self._observer.connected, client)
            if watch is not None:
                self._watches[client.id] = watch

    def client_disconnected(self, client: connection.Client) -> None:
        """The end of one."""
        if self._unmet.get(client.id):
            del self._unmet[client.id]
            return
        watch = self._watches.get(client.id)
        by_us = watch is not None and watch.server_closed_first
        self._tell(client, Observer.closed, "proxy" if by_us else "client")
        self._watches.pop(client.id, None)

    def server_disconnected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Who closed first: nothing in mitmproxy says so, but the client's state does at this moment."""
        if self._session is not None and self._door is not None:
            self._session.guard(self._door.disconnected, data.server)
        watch = self._watches.get(data.client.id)
        if watch is not None and data.client.state & connection.ConnectionState.CAN_READ:
            watch.server_closed_first = True

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Through the proxy nobody reaches the live page's port."""
        if self._session is not None and self._door is not None:
            self._session.guard(self._door.connecting, data.server)

    def server_connected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Nor by a name that leads there."""
        if self._session is not None and self._door is not None:
            self._session.guard(self._door.connected, data.server)

    def server_connect_error(self, data: server_hooks.ServerConnectionHookData) -> None:
        """The real server cannot be reached."""
        self._tell(data.client, Observer.server_failed, "connect", data.server)

    # -- the ClientHello, and what to do with it ------------------------------------------------------------

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """The destination as the client names it, before anybody resolves or rewrites it."""
        if not self._for_the_page(flow):
            self._tell(flow.client_conn, Observer.connect_requested, flow)

    def next_layer(self, nextlayer: layer.NextLayer) -> None:
        """Decide between interception and relay, at the ClientHello."""
        if self._unmet and nextlayer.context.client.id in self._unmet and nextlayer.context.server.address is None:
            return  # a request to the proxy itself: which one, will be told
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

    def _is_magic(self, flow: http.HTTPFlow) -> bool:
        return self._magic and self._door is not None and self._door.is_magic(flow)

    def _for_the_page(self, flow: http.HTTPFlow) -> bool:
        """Answer what is for the live page; True where that was no traffic of the app."""
        if self._session is not None and self._door is not None:
            self._session.guard(self._door.answer, flow)
        magic = self._is_magic(flow)
        if magic and flow.client_conn.id in self._unmet:
            self._unmet[flow.client_conn.id] = True
        return magic

    def _tell_new(self, flow: http.HTTPFlow, let_go: LetGo, tell: Tell[[http.HTTPFlow], None]) -> None:
        """Tell the observer of a message, unless it is for the page, or nothing of it is new."""
        if not flow.live or self._is_magic(flow):
            return
        watch = self._watches.get(flow.client_conn.id)
        try:
            if watch is not None and let_go(watch, flow):
                return
        except Exception as error:  # guarded here, without another call: it is done four times for each request
            if self._session is not None:
                self._session.failed(let_go.__qualname__, error)
        self._tell(flow.client_conn, tell, flow)

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """A request was decrypted, or came without TLS."""
        self._tell_new(flow, known.request_head, Observer.request)

    def request(self, flow: http.HTTPFlow) -> None:
        """A whole request, looked at while it passes."""
        concerns_it = flow.live and self._door is not None and self._door.may_answer(flow)
        if not (concerns_it and self._for_the_page(flow)):
            self._tell_new(flow, known.request, Observer.whole_request)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """The head of an answer."""
        self._tell_new(flow, known.response_head, Observer.response)

    def response(self, flow: http.HTTPFlow) -> None:
        """A whole answer, looked at while it passes."""
        self._tell_new(flow, known.response, Observer.whole_response)

    def dns_request(self, flow: dns.DNSFlow) -> None:
        """A name is looked up through the proxy."""
        if flow.live and self._session is not None and self._observer is not None:
            self._session.guard(self._observer.name_asked, flow)

    def tcp_start(self, flow: tcp.TCPFlow) -> None:
        """Raw TCP; inside TLS the tap sees it."""
        if flow.live and not flow.client_conn.tls_established:
            self._tell(flow.client_conn, Observer.raw_tcp, flow)


_SEQUENCE = Sequence[str]
