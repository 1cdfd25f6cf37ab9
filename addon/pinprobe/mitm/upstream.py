"""Does the real server ask for a client certificate? OpenSSL's state says so, and nothing else in the proxy does."""

from typing import Any

from mitmproxy import ctx, tls
from OpenSSL import SSL

SSL_CB_LOOP: int = SSL.SSL_CB_LOOP
_STATE = b"read server certificate request"
_ASKED = "_pinprobe_client_certificate_requested"


def watch_upstream(data: tls.TlsData) -> None:
    """Let mitmproxy make its connection to the server, and watch its handshake."""
    try:
        ctx.master.addons.get("tlsconfig").tls_start_server(data)
    except Exception:
        return  # mitmproxy will fail in the same way by itself, as with a name that OpenSSL refuses
    connection = data.ssl_conn
    if connection is None:
        return
    setattr(connection, _ASKED, False)
    if hasattr(connection, "set_info_callback"):
        connection.set_info_callback(_seen)
    else:
        # Before pyOpenSSL 25.2 only a context has callbacks, and it may still be changed while in use.
        connection.get_context().set_info_callback(_seen)


def asks_for_client_certificate(data: tls.TlsData) -> bool:
    """True where the server sent a CertificateRequest (RFC 8446, section 4.3.2)."""
    return bool(getattr(data.ssl_conn, _ASKED, False))


def _seen(connection: Any, where: int, ret: int) -> None:
    if where & SSL_CB_LOOP and _STATE in connection.get_state_string():
        setattr(connection, _ASKED, True)
