"""From a probe's plan to a TLS connection: mints the certificate once, and serves it as often as it is asked for."""

from datetime import UTC, datetime
from typing import Any

from mitmproxy import certs, ctx, tls
from mitmproxy.addons import tlsconfig
from mitmproxy.proxy.layers import modes

from pinprobe import x509
from pinprobe.mitm.served.contexts import Contexts
from pinprobe.mitm.served.leaf import Chains, Leaf
from pinprobe.mitm.served.signed import Signed
from pinprobe.mitm.tap import TappedConnection
from pinprobe.probes import CertificatePlan

LEAVES_KEPT = 512


class Server:
    """Makes the TLS connections that clients meet."""

    def __init__(self) -> None:
        self._signed = Signed()
        self._keys = x509.Keys()
        self._contexts = Contexts()
        self._leaves: dict[tuple[Any, ...], tuple[certs.CertStoreEntry, Leaf]] = {}
        self._names: dict[bytes, frozenset[str]] = {}

    def prepare(self) -> None:
        """Make keys ahead; may run in a thread."""
        self._keys.prepare()

    def connection(
        self, data: tls.TlsData, plan: CertificatePlan, chains: Chains | None = None
    ) -> tuple[TappedConnection, Leaf]:
        """A connection that shows the client the planned certificate. Its tap is not set yet.

        `chains` are the genuine ones that the plan may want; without them, the host's own is what the server of this
        very connection sent. Raises x509.Unservable where the plan wants one that is not there.
        """
        config = ctx.master.addons.get("tlsconfig")
        try:
            entry = self._signed.entry(config, data.context)
        except Exception as error:
            # It imitates the server's names, and some cannot be read; nor can mitmproxy itself serve anything then.
            raise x509.Unservable("mitmproxy makes no certificate like this server's") from error
        if chains is None and plan.needs_genuine:
            chains = Chains(genuine=tuple(one._cert for one in data.context.server.certificate_list))
        leaf = self._leaf(config.certstore, entry, plan, chains or Chains())
        connection = self._contexts.connection(data, entry, plan, leaf)
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

    def _leaf(self, store: certs.CertStore, entry: certs.CertStoreEntry, plan: CertificatePlan, chains: Chains) -> Leaf:
        genuine = chains.genuine if plan.needs_genuine else ()
        replay = chains.replay if plan.needs_replay else ()
        # Keyed by identity, which the kept entry makes safe: mitmproxy's store makes a new one per certificate.
        key = (plan.id, id(entry), genuine, replay)
        known = self._leaves.get(key)
        if known is not None and known[0] is entry:
            return known[1]
        material = _material(store, entry, plan, genuine, replay)
        leaf = Leaf.of(x509.mint(plan, material, self._keys, datetime.now(UTC)))
        while len(self._leaves) >= LEAVES_KEPT:
            self._leaves.pop(next(iter(self._leaves)))
        self._leaves[key] = (entry, leaf)
        return leaf


def _material(
    store: certs.CertStore,
    entry: certs.CertStoreEntry,
    plan: CertificatePlan,
    genuine: tuple[x509.X509, ...],
    replay: tuple[x509.X509, ...],
) -> x509.Material:
    # A certificate of the user's own (`--certs`) brings its own chain; what we mint hangs below the proxy's CA.
    leaf = entry.cert._cert
    chain = store.default_chain_certs if plan.mints else entry.chain_certs
    return x509.Material(
        normal=leaf,
        normal_key=entry.privatekey,
        ca=store.default_ca._cert,
        ca_key=store.default_privatekey,
        ca_chain=tuple(one._cert for one in chain if plan.mints or one._cert != leaf),
        genuine=genuine,
        replay=replay,
    )


def _app_data(data: tls.TlsData) -> Any:
    context = data.context
    # As in mitmproxy: an HTTPS proxy speaks HTTP/1 to its client.
    outer = len(context.layers) == 2 and isinstance(context.layers[0], modes.HttpProxy)
    return tlsconfig.AppData(
        client_alpn=b"http/1.1" if outer else context.client.alpn,
        server_alpn=context.server.alpn,
        http2=ctx.options.http2,
    )
