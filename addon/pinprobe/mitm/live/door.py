"""Who comes to the live page, and by which way: this machine's own port, the proxy, or the magic host."""

import logging
from http import HTTPStatus

from mitmproxy import connection, http

from pinprobe.config import Settings
from pinprobe.mitm.live.asked import Asked, is_loopback
from pinprobe.mitm.live.pages import Answer, Pages, refused
from pinprobe.mitm.live.server import Address, LiveServer
from pinprobe.mitm.names import host_name

logger = logging.getLogger(__name__)

MAGIC_HOST = "pinprobe.test"
"""A reserved name (RFC 2606): nobody can own it."""
NAMES_OF_HERE = frozenset({"localhost", "0.0.0.0", "::"})  # noqa: S104  # compared with, not bound to
MAGIC_NAMES = frozenset({MAGIC_HOST, f"{MAGIC_HOST}:80"})


class Door:
    """One for each session. The addon calls its methods guarded."""

    def __init__(self, settings: Settings, pages: Pages) -> None:
        self.magic = settings.magic_host
        self._asked_port = settings.live_port
        self._pages = pages
        self._server: LiveServer | None = None
        self._of_the_proxy: set[Address] = set()
        """Near ends of the proxy's own connections to our port, whatever name led there."""

    def open(self) -> None:
        """Begin to show the page, and say where."""
        if self._asked_port is not None:
            try:
                self._server = LiveServer(self._asked_port, self._pages, self._of_the_proxy)
            except OSError as error:
                logger.warning(
                    "pinprobe: pinprobe_live=%s: no live report there (%s). The proxy goes on: name another port, or "
                    "auto for any free one.",
                    self._asked_port or "auto",
                    error.strerror,
                )
            else:
                logger.info("pinprobe: live report: http://127.0.0.1:%s/", self._server.port)
        if self.magic:
            logger.info(
                "pinprobe: live report: http://%s/ through the proxy, for the app under test as well", MAGIC_HOST
            )

    def close(self) -> None:
        """Show nothing any more."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    # -- the magic host -------------------------------------------------------------------------------------

    def is_magic(self, flow: http.HTTPFlow) -> bool:
        """Whether a flow is about the page at its magic host, and so is no traffic of the app."""
        return self.magic and host_name(flow.request.host) == MAGIC_HOST

    def may_answer(self, flow: http.HTTPFlow) -> bool:
        """Whether `answer` has anything to look at: cheap, as it is asked of every request."""
        return self.magic or (self._server is not None and flow.request.data.port == self._server.port)

    def answer(self, flow: http.HTTPFlow) -> None:
        """Answer what is for us, and refuse what is for our port: neither goes on to any server."""
        if self.is_magic(flow):
            plain = flow.request.method != "CONNECT" and not flow.client_conn.tls_established
            flow.response = _response(
                self._pages.answer(_asked(flow.request), MAGIC_NAMES) if plain else refused(HTTPStatus.FORBIDDEN)
            )
        elif self._is_ours(flow.request.host, flow.request.port):
            flow.response = _response(refused(HTTPStatus.FORBIDDEN))

    # -- our port, through the proxy ------------------------------------------------------------------------

    def connecting(self, server: connection.Server) -> None:
        """Refuse a connection of the proxy to our port, as mitmproxy refuses those to its own."""
        if server.address is not None and self._is_ours(*server.address[:2]):
            server.error = "pinprobe: the live report is not shown through the proxy"

    def connected(self, server: connection.Server) -> None:
        """Remember one that came by a name which leads here; its bytes are only sent after this."""
        peer, near = server.peername, server.sockname
        if self._server is not None and peer and near and peer[1] == self._server.port and is_loopback(peer[0]):
            self._of_the_proxy.add((near[0], near[1]))

    def disconnected(self, server: connection.Server) -> None:
        """Its near end may be another program's from now on."""
        if server.sockname:
            self._of_the_proxy.discard((server.sockname[0], server.sockname[1]))

    def _is_ours(self, host: str, port: int) -> bool:
        if self._server is None or port != self._server.port:
            return False
        name = host_name(host) or ""
        return name in NAMES_OF_HERE or name.endswith(".localhost") or is_loopback(name)


def _asked(request: http.Request) -> Asked:
    headers = request.headers
    return Asked(
        method=request.method,
        path=request.path,
        hosts=tuple(headers.get_all("host")) or (request.host,),
        origins=tuple(headers.get_all("origin")),
        site=",".join(headers.get_all("sec-fetch-site")),
        mode=",".join(headers.get_all("sec-fetch-mode")),
    )


def _response(answer: Answer) -> http.Response:
    headers = [(name.encode("ascii"), value.encode("ascii")) for name, value in answer.headers]
    return http.Response.make(answer.status.value, answer.body, headers)
