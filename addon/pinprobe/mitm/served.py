"""The certificate that an attempt is shown: from a probe's plan to a TLS connection of our own.

Contexts are ours and not mitmproxy's: they issue no session tickets (a resumed handshake shows no certificate, and
mitmproxy's tickets resume across hosts and certificates, measured), carry the info callback from their making
(pyOpenSSL 26 refuses to change a context in use), and follow the real server's TLS version.
"""

from dataclasses import dataclass
from typing import Any

from mitmproxy import certs, ctx, tls
from mitmproxy.addons import tlsconfig
from mitmproxy.net import tls as net_tls
from mitmproxy.proxy.layers import modes
from OpenSSL import SSL, crypto

from pinprobe import x509
from pinprobe.mitm.tap import TappedConnection, info_callback
from pinprobe.probes import CertificatePlan, Issuer

CONTEXTS_KEPT = 256
LEAVES_KEPT = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A certificate ready to be served, with what is asked about it each time."""

    certificate: x509.X509
    key: Any
    sha256: str
    digest: bytes
    """The same as pyOpenSSL writes it, to compare with what is really served."""
    pin_sha256: str
    der_bytes: int
    names: frozenset[str]


class Server:
    """Makes the TLS connections that clients meet."""

    def __init__(self) -> None:
        self._unknown_ca = x509.UnknownCA()
        self._contexts: dict[tuple[Any, ...], SSL.Context] = {}
        self._leaves: dict[tuple[str, int], tuple[certs.CertStoreEntry, Leaf]] = {}
        self._names: dict[bytes, frozenset[str]] = {}

    def prepare(self) -> None:
        """Make keys ahead; may run in a thread."""
        self._unknown_ca.prepare()

    def connection(self, data: tls.TlsData, plan: CertificatePlan) -> tuple[TappedConnection, Leaf]:
        """A connection that shows the client the planned certificate. Its tap is not set yet."""
        config = ctx.master.addons.get("tlsconfig")
        entry: certs.CertStoreEntry = config.get_cert(data.context)
        leaf = self._leaf(entry, plan)
        connection = TappedConnection(self._context(data, config, entry, plan, leaf))
        connection.set_app_data(_app_data(data))
        connection.set_accept_state()
        return connection, leaf

    def names(self, certificate: certs.Cert) -> frozenset[str]:
        """Names of a server's leaf, looked up once per certificate."""
        key = certificate.fingerprint()
        if key not in self._names:
            while len(self._names) >= LEAVES_KEPT:
                self._names.pop(next(iter(self._names)))
            self._names[key] = x509.names(certificate._cert)
        return self._names[key]

    def _leaf(self, entry: certs.CertStoreEntry, plan: CertificatePlan) -> Leaf:
        # Keyed by identity, which the kept entry makes safe: mitmproxy's store makes a new one per certificate.
        key = (plan.id, id(entry))
        known = self._leaves.get(key)
        if known is not None and known[0] is entry:
            return known[1]
        certificate = entry.cert._cert
        if plan.issuer is Issuer.UNKNOWN_CA:
            certificate = self._unknown_ca.reissue(certificate)
        leaf = Leaf(
            certificate=certificate,
            key=entry.privatekey,
            sha256=x509.sha256_hex(certificate),
            digest=x509.sha256_with_colons(certificate),
            pin_sha256=x509.pin_sha256(certificate),
            der_bytes=len(x509.der(certificate)),
            names=x509.names(certificate),
        )
        while len(self._leaves) >= LEAVES_KEPT:
            self._leaves.pop(next(iter(self._leaves)))
        self._leaves[key] = (entry, leaf)
        return leaf

    def _context(
        self, data: tls.TlsData, config: Any, entry: certs.CertStoreEntry, plan: CertificatePlan, leaf: Leaf
    ) -> SSL.Context:
        options, client, server = ctx.options, data.context.client, data.context.server
        if not client.cipher_list and options.ciphers_client:
            client.cipher_list = options.ciphers_client.split(":")
        minimum = net_tls.Version[options.tls_version_client_min]
        curve = options.tls_ecdh_curve_client
        arguments = {
            "method": net_tls.Method.TLS_SERVER_METHOD,
            "min_version": minimum,
            "max_version": _max_version(options.tls_version_client_max, minimum, server.tls_version),
            "cipher_list": tuple(client.cipher_list or tlsconfig._default_ciphers(minimum)),
            "ecdh_curve": net_tls.get_curve(curve) if hasattr(net_tls, "get_curve") else curve,
            "chain_file": entry.chain_file if plan.issuer is Issuer.PROXY_CA else None,
            "request_client_cert": options.request_client_cert,
            "alpn_select_callback": tlsconfig.alpn_select_callback,
            "extra_chain_certs": tuple(server.certificate_list) if options.add_upstream_certs_to_client_chain else (),
            "dhparams": config.certstore.dhparams,
        }
        key = (leaf.sha256, *arguments.values())
        if key not in self._contexts:
            while len(self._contexts) >= CONTEXTS_KEPT:
                self._contexts.pop(next(iter(self._contexts)))
            self._contexts[key] = _new_context(arguments, leaf)
        return self._contexts[key]


def _new_context(arguments: dict[str, Any], leaf: Leaf) -> SSL.Context:
    # The undecorated function: what mitmproxy caches for its own use stays untouched.
    context = net_tls.create_client_proxy_context.__wrapped__(**arguments)
    context.set_info_callback(info_callback)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_options(SSL.OP_NO_TICKET)
    # Loaded once per certificate and not once per connection, which is where much of mitmproxy's own time goes.
    if hasattr(certs.Cert, "to_cryptography"):
        context.use_certificate(leaf.certificate)
        context.use_privatekey(leaf.key)
    else:
        context.use_certificate(crypto.X509.from_cryptography(leaf.certificate))
        context.use_privatekey(crypto.PKey.from_cryptography_key(leaf.key))
    return context


def _max_version(option: str, minimum: net_tls.Version, server: str | None) -> net_tls.Version:
    """Not above what the real server chose: a client may close over the difference, and that is no pin."""
    maximum = net_tls.Version[option]
    chosen = {"TLSv1": "TLS1", "TLSv1.1": "TLS1_1", "TLSv1.2": "TLS1_2"}.get(server or "")
    if chosen is None:
        return maximum
    wanted = net_tls.Version[chosen]
    unbounded = maximum is net_tls.Version.UNBOUNDED
    fits = (unbounded or wanted.value <= maximum.value) and wanted.value >= minimum.value
    return wanted if fits else maximum


def _app_data(data: tls.TlsData) -> Any:
    context = data.context
    # As in mitmproxy: an HTTPS proxy speaks HTTP/1 to its client.
    outer = len(context.layers) == 2 and isinstance(context.layers[0], modes.HttpProxy)
    return tlsconfig.AppData(
        client_alpn=b"http/1.1" if outer else context.client.alpn,
        server_alpn=context.server.alpn,
        http2=ctx.options.http2,
    )
