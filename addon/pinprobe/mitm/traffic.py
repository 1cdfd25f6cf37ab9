"""From traffic that passes to events: requests and answers, cleartext, datagrams, name lookups.

What is looked at while it passes (bodies, paths, headers) goes no further than a yes, a no or a number.
"""

from mitmproxy import ctx, dns, http, tcp
from mitmproxy.proxy import layer

from pinprobe.attribution import named_by
from pinprobe.mitm.attributing import device_of
from pinprobe.mitm.bodies import decoded
from pinprobe.mitm.names import host_name
from pinprobe.mitm.pin_material import pin_material
from pinprobe.mitm.pin_reports import pin_reports
from pinprobe.mitm.purpose import purpose_of, tells_apart
from pinprobe.mitm.quic import is_quic, layer_for, name_in
from pinprobe.mitm.reading import (
    POLICY_HEADERS,
    POLICY_SIZES,
    field_of,
    header_of,
    holds_data,
    host_and_port,
    host_of,
    is_crl_of_ours,
    shape_of,
    text_of,
)
from pinprobe.mitm.session import Session
from pinprobe.mitm.watch import REQUESTS_TOLD, Watch
from pinprobe.thresholds import ENDPOINTS_KEPT

DNS = 53


class TrafficObserver:
    """The part of the observer that looks at what connections carry."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._emit = session.emit
        self._material: set[tuple[int, str, int, str]] = set()
        """By client, host, port and kind: apps ask for their pins again and again, and it is told once."""

    def request(self, watch: Watch, flow: http.HTTPFlow) -> None:
        """An HTTP request: its host is all that is kept."""
        if self._counted(watch, flow) and not watch.user_agent_told:
            agent = field_of(flow.request, b"user-agent")
            if (known := hash(agent)) != watch.last_user_agent:
                watch.last_user_agent = known
                if app_id := named_by(text_of(agent), self._session.settings.user_agents):
                    watch.user_agent(app_id)

    def _counted(self, watch: Watch, flow: http.HTTPFlow) -> bool:
        """Count a request, and tell what is new of it; False for what is mitmproxy's own."""
        request = flow.request
        host, port = host_of(request), request.port
        if not host or is_crl_of_ours(request.data.path):
            return False
        if flow.client_conn.tls_established and request.scheme == "https" and watch.requests_are_told(host, port):
            watch.requests += 1  # one of many: nothing more is told of it
            if request.is_http2 and request.authority:
                watch.only_count(shape_of(request.data))
        elif host != ctx.options.onboarding_host:
            self._request(watch, flow, host, port)
        else:
            return False
        return True

    def _request(self, watch: Watch, flow: http.HTTPFlow, host: str, port: int) -> None:
        category = self._session.host_seen(host)
        purpose = purpose_of(flow.request.path, flow.request.headers.get("content-type", ""), category)
        if not (flow.client_conn.tls_established and flow.request.scheme == "https"):
            watch.cleartext(host, port, "http", purpose)
        elif watch.hello_told:
            watch.request(host, port, purpose)

    def whole_request(self, watch: Watch, flow: http.HTTPFlow) -> None:
        """A request with its body, looked at while it passes: is it a repetition, or the report of a failed pin?"""
        request = flow.request
        if watch.exchanges < REQUESTS_TOLD and flow.client_conn.tls_established == (request.scheme == "https"):
            watch.exchanges += 1
            body = request.raw_content or b""
            if tells_apart(request.method, request.path, body):
                earlier = self._session.exchanges.earlier(watch.client, watch.id, request.method, request.path, body)
                if earlier is not None:
                    watch.exchange_repeated(earlier)
        if request.method == "POST":
            for report in pin_reports(request.raw_content or b""):
                if host := host_name(report.host):
                    watch.pin_report(report.format, host, report.enforced)

    def response(self, watch: Watch, flow: http.HTTPFlow) -> None:
        """The head of a decrypted answer: its status code, and whether it carries a header that nobody heeds."""
        if flow.response is None or not (watch.hello_told and flow.client_conn.tls_established):
            return
        watch.response(flow.response.status_code)
        fields = flow.response.data.headers.fields
        carried = POLICY_HEADERS & {name.lower() for name, _ in fields if len(name) in POLICY_SIZES}
        if not carried or (host := host_of(flow.request)) is None:
            return
        for header in carried:
            watch.policy_header(host, flow.request.port, header.decode("ascii"))

    def whole_response(self, watch: Watch, flow: http.HTTPFlow) -> None:
        """A decrypted answer with its body, looked at while it passes: does it bring pins? Streamed ones are left alone."""
        if flow.response is None or not (watch.hello_told and flow.client_conn.tls_established):
            return
        body = flow.response.raw_content
        if not body or flow.request.scheme != "https" or not holds_data(flow.response):
            return
        if (text := decoded(body, header_of(flow.response, b"content-encoding"))) is None:
            return
        if (found := pin_material(text)) is None or (host := host_of(flow.request)) is None:
            return
        about = (watch.client, host, flow.request.port, found.kind)
        if about not in self._material and len(self._material) < ENDPOINTS_KEPT:
            self._material.add(about)
            watch.pin_material(host, flow.request.port, found.kind, found.count)

    def name_asked(self, flow: dns.DNSFlow) -> None:
        """A name lookup of a client."""
        question = flow.request.question
        host = host_name(question.name) if question is not None else None
        if host and flow.client_conn.peername:
            client = self._session.client_number(device_of(flow.client_conn))
            self._session.name_asked(client, host)

    def raw_tcp(self, watch: Watch, flow: tcp.TCPFlow) -> None:
        """TCP without TLS that is not HTTP."""
        host, port = watch.destination or host_and_port(flow.server_conn.address)
        if host and watch.transport == "tcp":
            self._session.host_seen(host)
            watch.cleartext(host, port, "tcp")

    def datagram(self, watch: Watch, nextlayer: layer.NextLayer) -> None:
        """UDP that is no name lookup: QUIC is blocked or passed on, the rest is mitmproxy's matter."""
        host, port = host_and_port(nextlayer.context.server.address)
        data = nextlayer.data_client()
        if port == DNS or not data:
            return
        if not is_quic(data):
            watch.datagram(host, port, "other", blocked=False)
            return
        word = self._session.settings.quic
        nextlayer.layer = layer_for(nextlayer.context, word)
        host = name_in(data) or host
        if host:
            self._session.host_seen(host)
        watch.datagram(host, port, "quic", blocked=word == "block")
