"""Serving a genuine certificate without its key: the key that is none, and a connection that hands nothing on."""

from typing import Any

from OpenSSL import SSL, crypto

from pinprobe.mitm.openssl import LIBRARY
from pinprobe.mitm.tap import TappedConnection

NO_KEY_TRANSPORT = "!kRSA"
"""Key exchanges without a signature (TLS 1.2): there the client would not be the one to notice, but we."""


def use_keyless(context: SSL.Context, key_der: bytes) -> None:
    """Give the context a key whose private half is none. OpenSSL compares the public halves only."""
    key: Any = crypto.load_privatekey(crypto.FILETYPE_ASN1, key_der)
    # Not `Context.use_privatekey`: it warns of pyOpenSSL's own keys, and takes no other that holds this one.
    if LIBRARY.SSL_CTX_use_PrivateKey(context._context, key._pkey) != 1:
        raise ValueError("OpenSSL refuses the key that is none")


class KeylessConnection(TappedConnection):
    """Ends where data would begin.

    The handshake cannot complete, unless the client does not check signatures. Then its data is counted, which
    makes it a finding, and goes no further.
    """

    def recv(self, bufsiz: int, flags: int | None = None) -> bytes:
        """As the tap's, but what came is thrown away and the connection over."""
        super().recv(bufsiz, flags)
        raise SSL.ZeroReturnError
