"""Which endpoints a line of a policy speaks of. Pure.

Unlike a first-party pattern, a plain name is that host alone: a waiver or an expectation should reach no further than
it says.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pinprobe.attempts import Endpoint

HOST_PATTERN = r"^(\[[0-9A-Fa-f:.]+\]|[^\s/:\[\]]+)(:[0-9]{1,5}(/(tcp|udp))?)?$"
"""In words: HOST, HOST:PORT or HOST:PORT/udp; `*` is a wildcard, an IPv6 address stands in brackets."""
_PARTS = re.compile(HOST_PATTERN)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPattern:
    """A host, or several by a wildcard; at any port and transport unless it says."""

    text: str
    """As it is written."""
    host: str
    port: int | None
    transport: str | None

    @classmethod
    def of(cls, text: str) -> "HostPattern | None":
        """Read it; None for what is no pattern."""
        parts = _PARTS.fullmatch(text)
        if parts is None:
            return None
        port, _, transport = (parts[2] or "").removeprefix(":").partition("/")
        host = parts[1].strip("[]").lower()
        # As endpoints are named: without the dot at the end, unless there is nothing else.
        return cls(
            text=text, host=host.rstrip(".") or host, port=int(port) if port else None, transport=transport or None
        )

    def matches(self, endpoint: Endpoint) -> bool:
        """Whether it speaks of this endpoint."""
        return (
            _is_host(endpoint.host, self.host)
            and self.port in (None, endpoint.port)
            and self.transport in (None, endpoint.transport)
        )

    def covers(self, other: "HostPattern") -> bool:
        """Whether it speaks of everything that another one speaks of."""
        return (
            _is_host(other.host, self.host)
            and self.port in (None, other.port)
            and self.transport in (None, other.transport)
        )


def _is_host(host: str, pattern: str) -> bool:
    if "*" not in pattern:
        return host == pattern
    # Only the star is a wildcard here; fnmatch knows others.
    return fnmatchcase(host, pattern.replace("?", "[?]"))
