"""TLS contexts of our own, kept while they are used.

Contexts are ours and not mitmproxy's: they issue no session tickets (a resumed handshake shows no certificate, and
mitmproxy's tickets resume across hosts and certificates, measured), carry the info callback from their making
(pyOpenSSL 26 refuses to change a context in use), and follow the real server's TLS version.
"""

from typing import Any

import OpenSSL
from mitmproxy import certs, ctx, tls
from mitmproxy.addons import tlsconfig
from mitmproxy.net import tls as net_tls
from OpenSSL import SSL, crypto

from pinprobe import x509
from pinprobe.mitm.served.keyless import NO_KEY_TRANSPORT, use_keyless
from pinprobe.mitm.served.leaf import Leaf
from pinprobe.mitm.tap import info_callback
from pinprobe.probes import CertificatePlan, Stuffing

CONTEXTS_KEPT = 256
TAKES_CRYPTOGRAPHY = tuple(map(int, OpenSSL.__version__.split(".")[:2])) >= (24, 3)
"""Whether pyOpenSSL takes cryptography's objects. From then on it warns of its own."""
ANY_STRENGTH = "@SECLEVEL=0"
"""OpenSSL's word for serving keys and signatures that it declines by default."""


class Contexts:
    """One for each certificate, chain and set of options."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], SSL.Context] = {}

    def get(self, data: tls.TlsData, entry: certs.CertStoreEntry, plan: CertificatePlan, leaf: Leaf) -> SSL.Context:
        """The context that serves this leaf on this connection."""
        arguments = _arguments(data, entry, plan, leaf)
        chain = _chain(data, plan, leaf)
        key = (leaf.sha256, leaf.keyless, chain, *arguments.values())
        if key not in self._kept:
            while len(self._kept) >= CONTEXTS_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = new_context(arguments, leaf, chain)
        return self._kept[key]


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
    """With the certificate, its chain and key, and none of the ways to come back without seeing them.

    `arguments` are those of mitmproxy's own function.
    """
    # The undecorated function: what mitmproxy caches for its own use stays untouched.
    context: SSL.Context = net_tls.create_client_proxy_context.__wrapped__(**arguments)
    context.set_info_callback(info_callback)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_options(SSL.OP_NO_TICKET)
    # Loaded once per certificate and not once per connection, which is where much of mitmproxy's own time goes.
    context.use_certificate(_certificate(leaf.certificate))
    for one in chain:
        context.add_extra_chain_cert(_certificate(one))
    if leaf.key is None:
        use_keyless(context, leaf.keyless or b"")
    else:
        context.use_privatekey(leaf.key if TAKES_CRYPTOGRAPHY else crypto.PKey.from_cryptography_key(leaf.key))
    return context


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
