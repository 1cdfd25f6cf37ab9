"""The certificates that mitmproxy itself would serve: it signs them, and is asked once for each."""

from collections import deque
from typing import Any

from mitmproxy import certs, ctx
from mitmproxy.addons import tlsconfig
from mitmproxy.proxy.context import Context

KEPT = 512
"""Leaves, and look-ups that found one: as many hosts as an app has, and more."""


class Signed:
    """Finds again what mitmproxy would, which reads the server's own certificate anew each time to do so (measured)."""

    def __init__(self) -> None:
        self._as_of: tuple[certs.CertStore | None, int] = (None, 0)
        """The store, and how many it held when it was looked into last."""
        self._found: dict[tuple[Any, ...], certs.CertStoreEntry] = {}
        """By everything that mitmproxy looks at."""
        self._oldest: deque[certs.CertStoreEntry] = deque()

    def entry(self, config: tlsconfig.TlsConfig, context: Context) -> certs.CertStoreEntry:
        """The certificate, its key and chain. Raises as mitmproxy does, where it cannot read what it would imitate."""
        store: certs.CertStore = config.certstore
        if self._as_of != (store, len(store.certs)):
            self._found.clear()  # it is another one, or somebody else has added to it
        client, server = context.client, context.server
        imitates = ctx.options.upstream_cert and server.certificate_list
        about = (
            server.certificate_list[0]._cert if imitates else None,
            client.sni or client.sockname[0],
            server.address and server.address[0],
        )
        entry = self._found.get(about)
        if entry is None:
            entry = config.get_cert(context)
            self._forget_oldest(store)
            if len(self._found) >= KEPT:
                self._found.clear()
            self._found[about] = entry
            self._as_of = store, len(store.certs)
        return entry

    def _forget_oldest(self, store: certs.CertStore) -> None:
        """In mitmproxy's place: from the hundredth on it forgets one whenever it signs another, and compares the digests of
        all to find it, which takes longer than the signature. What is served holds on to more of them anyway.
        """
        self._oldest += store.expire_queue
        store.expire_queue.clear()
        while len(self._oldest) > KEPT:
            oldest = self._oldest.popleft()
            for name in [name for name, entry in store.certs.items() if entry is oldest]:
                del store.certs[name]
