"""What pyOpenSSL has no public word for: OpenSSL's own functions, as both supported versions of it hold them."""

from typing import Any

from OpenSSL import SSL

LIBRARY: Any = SSL._lib  # type: ignore[attr-defined]
"""OpenSSL's functions and constants, by their names."""
CFFI: Any = SSL._ffi  # type: ignore[attr-defined]
"""Makes and reads memory of C."""
