"""Does the real server ask for a client certificate? OpenSSL says so in a callback, and nothing else in the proxy does."""

from typing import Any

from mitmproxy import ctx, tls
from OpenSSL import SSL

from pinprobe.mitm.direct import DirectConnection
from pinprobe.mitm.openssl import CFFI, LIBRARY

_ASKED = "_pinprobe_client_certificate_requested"
_GO_ON = 1


def watch_upstream(data: tls.TlsData) -> None:
    """Let mitmproxy make its connection to the server, and watch its handshake."""
    try:
        ctx.master.addons.get("tlsconfig").tls_start_server(data)
    except Exception:
        return  # mitmproxy will fail in the same way by itself, as with a name that OpenSSL refuses
    connection: Any = data.ssl_conn
    if connection is None:
        return
    setattr(connection, _ASKED, False)
    if type(connection) is SSL.Connection:
        connection.__class__ = DirectConnection
    # Called when a client's certificate is wanted and at no other step, as the info callback is: that costs 30 µs more.
    LIBRARY.SSL_set_cert_cb(connection._ssl, _asked, CFFI.NULL)


def asks_for_client_certificate(data: tls.TlsData) -> bool:
    """True where the server sent a CertificateRequest (RFC 8446, section 4.3.2)."""
    return bool(getattr(data.ssl_conn, _ASKED, False))


@CFFI.callback("int (*)(SSL *, void *)", error=_GO_ON)  # type: ignore[untyped-decorator]
def _asked(handle: Any, _: Any) -> int:
    setattr(SSL.Connection._reverse_mapping[handle], _ASKED, True)
    return _GO_ON
