"""pyOpenSSL's connection with the same bytes and the same errors, in fewer steps.

mitmproxy reads five times for each piece of data that passes, and pyOpenSSL allocates 64 KB each time. Watching a connection
costs a few microseconds for each piece; this saves them again (docs/performance.md).
"""

import threading
from typing import Any, NoReturn

from OpenSSL import SSL

from pinprobe.mitm.openssl import CFFI, LIBRARY

BUFFER_BYTES = 1 << 16
"""mitmproxy asks for one less."""
RECORD_BYTES = 1 << 14
"""The most data that a record holds (RFC 8446, section 5.1)."""


class _Own(threading.local):
    """Each thread has a buffer: OpenSSL is called without the interpreter's lock, so another thread may read meanwhile."""

    def __init__(self) -> None:
        self.buffer: Any = CFFI.new("char[]", BUFFER_BYTES)


_OWN = _Own()
# Looked up once: they are called for each piece of data.
_copy, _from_buffer = CFFI.buffer, CFFI.from_buffer
_bio_read, _bio_write, _should_read = LIBRARY.BIO_read, LIBRARY.BIO_write, LIBRARY.BIO_should_read
_read, _write, _get_error = LIBRARY.SSL_read, LIBRARY.SSL_write, LIBRARY.SSL_get_error
_WANT_READ: int = LIBRARY.SSL_ERROR_WANT_READ


class DirectConnection(SSL.Connection):
    """Over memory, as all of mitmproxy's are.

    pyOpenSSL also looks for exceptions of its callbacks after each call, which belong to handshakes: here that is left to
    `do_handshake`.
    """

    _ssl: Any
    _into_ssl: Any
    _from_ssl: Any

    def recv(self, bufsiz: int, flags: int | None = None) -> bytes:
        """As in pyOpenSSL."""
        if flags:
            return super().recv(bufsiz, flags)
        buffer = _OWN.buffer
        result = _read(self._ssl, buffer, min(bufsiz, BUFFER_BYTES))
        if result > 0:
            data: bytes = _copy(buffer, result)[:]
            return data
        if _get_error(self._ssl, result) == _WANT_READ:
            raise SSL.WantReadError
        self.recv_failed(result)

    def recv_failed(self, result: int) -> NoReturn:
        """Raise what pyOpenSSL would."""
        self._raise_ssl_error(self._ssl, result)
        raise SSL.ZeroReturnError

    def sendall(self, buf: Any, flags: int = 0) -> int:
        """As in pyOpenSSL."""
        if not (isinstance(buf, bytes) and 0 < len(buf) <= RECORD_BYTES):
            return super().sendall(buf, flags)
        sent: int = _write(self._ssl, _from_buffer(buf), len(buf))
        if sent <= 0:
            self._raise_ssl_error(self._ssl, sent)
        if sent < len(buf):
            # OpenSSL takes a record at a time, and the client may have asked for short ones (RFC 6066, section 4).
            sent += super().sendall(buf[sent:], flags)
        return sent

    def bio_read(self, bufsiz: int) -> bytes:
        """As in pyOpenSSL."""
        buffer = _OWN.buffer
        result = _bio_read(self._from_ssl, buffer, min(bufsiz, BUFFER_BYTES))
        if result > 0:
            data: bytes = _copy(buffer, result)[:]
            return data
        if _should_read(self._from_ssl):
            raise SSL.WantReadError
        return super().bio_read(bufsiz)

    def bio_write(self, buf: Any) -> int:
        """As in pyOpenSSL."""
        if isinstance(buf, bytes) and (result := _bio_write(self._into_ssl, _from_buffer(buf), len(buf))) > 0:
            return int(result)
        return super().bio_write(buf)
