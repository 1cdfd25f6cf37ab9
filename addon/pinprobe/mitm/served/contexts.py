"""TLS contexts of our own, kept while they are used.

Contexts are ours and not mitmproxy's: they issue no session tickets (a resumed handshake shows no certificate, and
mitmproxy's tickets resume across hosts and certificates, measured), carry the info callback from their making
(pyOpenSSL 26 refuses to change a context in use), and follow the real server's TLS version.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import OpenSSL
from mitmproxy import certs, ctx, tls
from mitmproxy.addons import tlsconfig
from mitmproxy.net import tls as net_tls
from OpenSSL import SSL, crypto

from pinprobe import x509
from pinprobe.mitm.served.keyless import NO_KEY_TRANSPORT, KeylessConnection, use_keyless
from pinprobe.mitm.served.leaf import Leaf
from pinprobe.mitm.tap import TappedConnection, info_callback
from pinprobe.probes import CertificatePlan, Stuffing

K = TypeVar("K")
V = TypeVar("V")

CONTEXTS_KEPT = 256
SHOWN_KEPT = 1024
"""Certificates that are remembered to have been shown once."""
TAKES_CRYPTOGRAPHY = tuple(map(int, OpenSSL.__version__.split(".")[:2])) >= (24, 3)
"""Whether pyOpenSSL takes cryptography's objects. From then on it warns of its own."""
ANY_STRENGTH = "@SECLEVEL=0"
"""OpenSSL's word for serving keys and signatures that it declines by default."""


class Contexts:
    """One for each certificate, chain and set of options.

    A context costs more than a connection that loads its certificate itself, and less than a few of these (measured).
    Many a certificate of the usual kind is shown once and never again, so its first connection loads it itself.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], SSL.Context] = {}
        self._empty: dict[tuple[Any, ...], SSL.Context] = {}
        """With a key and no certificate."""
        self._shown: dict[tuple[Any, ...], None] = {}
        """What was shown once, by an empty one."""

    def connection(
        self, data: tls.TlsData, entry: certs.CertStoreEntry, plan: CertificatePlan, leaf: Leaf
    ) -> TappedConnection:
        """A connection that serves this leaf. Raises x509.Unservable where OpenSSL refuses what it is given."""
        arguments, chain = _arguments(data, entry, plan, leaf), _chain(data, plan, leaf)
        options = tuple(arguments.values())
        key = (leaf.sha256, leaf.keyless, chain, *options)
        context = self._kept.get(key)
        if context is None and plan.plain and not chain and key not in self._shown:
            _keep(self._shown, key, None, SHOWN_KEPT)
            if (leaf.key, options) not in self._empty:
                _keep(self._empty, (leaf.key, options), keyed_context(arguments, leaf), CONTEXTS_KEPT)
            connection = TappedConnection(self._empty[leaf.key, options])
            with _refusals():
                connection.use_certificate(_certificate(leaf.certificate))
            return connection
        if context is None:
            context = new_context(arguments, leaf, chain)
            _keep(self._kept, key, context, CONTEXTS_KEPT)
        return (KeylessConnection if leaf.keyless else TappedConnection)(context)


def _keep(kept: dict[K, V], key: K, value: V, most: int) -> None:
    """Remember; the oldest makes room."""
    while len(kept) >= most:
        kept.pop(next(iter(kept)))
    kept[key] = value


def _arguments(data: tls.TlsData, entry: certs.CertStoreEntry, plan: CertificatePlan, leaf: Leaf) -> dict[str, Any]:
    options, client, server = ctx.options, data.context.client, data.context.server
    if not client.cipher_list and options.ciphers_client:
        client.cipher_list = options.ciphers_client.split(":")
    minimum = net_tls.Version[options.tls_version_client_min]
    curve = options.tls_ecdh_curve_client
    ciphers = tuple(client.cipher_list or tlsconfig._default_ciphers(minimum))
    return {
        "method": net_tls.Method.TLS_SERVER_METHOD,
        "min_version": minimum,
        "max_version": _max_version(options.tls_version_client_max, minimum, server.tls_version),
        "cipher_list": _ciphers(ciphers, plan, leaf),
        "ecdh_curve": net_tls.get_curve(curve) if hasattr(net_tls, "get_curve") else curve,
        "chain_file": entry.chain_file if plan.plain else None,
        "request_client_cert": options.request_client_cert,
        "alpn_select_callback": tlsconfig.alpn_select_callback,
        "extra_chain_certs": (),
        "dhparams": ctx.master.addons.get("tlsconfig").certstore.dhparams,
    }


def _ciphers(usual: tuple[str, ...], plan: CertificatePlan, leaf: Leaf) -> tuple[str, ...]:
    if plan.needs_weak_crypto:
        return (ANY_STRENGTH, *usual)
    return (*usual, NO_KEY_TRANSPORT) if leaf.keyless else usual


def _chain(data: tls.TlsData, plan: CertificatePlan, leaf: Leaf) -> tuple[x509.X509, ...]:
    ours = () if plan.plain else leaf.chain
    wanted = ctx.options.add_upstream_certs_to_client_chain and not leaf.keyless and plan.stuffing is Stuffing.NONE
    return (*ours, *(one._cert for one in data.context.server.certificate_list)) if wanted else ours


def new_context(arguments: dict[str, Any], leaf: Leaf, chain: tuple[x509.X509, ...]) -> SSL.Context:
    """With the certificate, its chain and key: loaded once for all connections, which is where much of mitmproxy's own
    time goes. Raises x509.Unservable where OpenSSL refuses what it is given.
    """
    context = empty_context(arguments)
    with _refusals():
        context.use_certificate(_certificate(leaf.certificate))
        for one in chain:
            context.add_extra_chain_cert(_certificate(one))
        _use_key(context, leaf)
    return context


def keyed_context(arguments: dict[str, Any], leaf: Leaf) -> SSL.Context:
    """With the leaf's key alone, which mitmproxy's leaves share: each connection brings its certificate. Raises as above."""
    context = empty_context(arguments)
    with _refusals():
        _use_key(context, leaf)
    return context


def empty_context(arguments: dict[str, Any]) -> SSL.Context:
    """With none of the ways to come back without seeing the certificate. `arguments` are those of mitmproxy's own function."""
    # The undecorated function: what mitmproxy caches for its own use stays untouched.
    context: SSL.Context = net_tls.create_client_proxy_context.__wrapped__(**arguments)
    context.set_info_callback(info_callback)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_options(SSL.OP_NO_TICKET)
    return context


@contextmanager
def _refusals() -> Iterator[None]:
    """Real servers have certificates that OpenSSL serves from nobody else: its own reader of keys is another."""
    try:
        yield
    except (SSL.Error, crypto.Error, ValueError) as error:
        raise x509.Unservable("OpenSSL does not take this certificate, its chain or its key") from error


def _use_key(context: SSL.Context, leaf: Leaf) -> None:
    if leaf.key is not None:
        context.use_privatekey(leaf.key if TAKES_CRYPTOGRAPHY else crypto.PKey.from_cryptography_key(leaf.key))
    else:
        use_keyless(context, leaf.keyless or b"")


def _certificate(certificate: x509.X509) -> Any:
    return certificate if TAKES_CRYPTOGRAPHY else crypto.X509.from_cryptography(certificate)


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
