"""Names of application protocols as they are kept: registered ones alone. Pure.

A client can write whatever it likes into its ALPN list, and a server may choose it.
"""

from collections.abc import Iterable

PROTOCOLS = frozenset(
    "acme-tls/1 c-webrtc co coap dicom doq dot ftp h2 h2c h3 http/0.9 http/1.0 http/1.1 imap irc managesieve mqtt nnsp "
    "nntp ntske/1 pop3 postgresql radius/1.0 radius/1.1 sip/2 smb spdy/1 spdy/2 spdy/3 stun.nat-discovery stun.turn "
    "sunrpc tds/8.0 webrtc xmpp-client xmpp-server".split()
)
"""IANA's registry of ALPN protocol ids (RFC 7301, section 6)."""
UNREGISTERED = "unregistered"


def protocol_name(protocol: bytes | None) -> str | None:
    """An ALPN protocol as text; None where none was chosen."""
    if not protocol:
        return None
    name = protocol.decode("latin-1")
    return name if name in PROTOCOLS else UNREGISTERED


def protocol_names(offers: Iterable[bytes]) -> tuple[str, ...]:
    """A list of offers; what is not registered stands in it once, where it is first."""
    return tuple(dict.fromkeys(protocol_name(offer) or UNREGISTERED for offer in offers))
