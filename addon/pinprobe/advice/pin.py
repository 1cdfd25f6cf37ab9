"""A pin, and what its key is to the app's servers."""

import re
from dataclasses import dataclass
from enum import StrEnum

_PIN = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
"""Base64 of 32 bytes: the last letter carries four bits."""
_PREFIX = "sha256/"


class Role(StrEnum):
    """Whose key it is."""

    ISSUER = "issuer"
    """The CA that issues the server's certificates now."""
    ROOT = "root"
    """The root above it: a backup for want of a better one."""
    OWN = "own"
    """A key of the developer's own that no server uses yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A pin. One whose value is none cannot be built."""

    pin_sha256: str
    role: Role
    subject: str = ""
    """Of the certificate that holds the key; empty for a key of one's own."""
    until_s: float = 0.0
    """When that certificate ends."""

    def __post_init__(self) -> None:
        if not is_pin(self.pin_sha256):
            raise ValueError(f"{self.pin_sha256!r} is no pin")


def is_pin(text: str) -> bool:
    """Whether it is the base64 of a SHA-256 (RFC 7469, section 2.4)."""
    return _PIN.fullmatch(text) is not None


def pin_in(text: str) -> str:
    """A pin as people write it, with `sha256/` before it or without. Raises ValueError, whose message says how."""
    pin = text.strip().removeprefix(_PREFIX)
    if not is_pin(pin):
        raise ValueError(
            f"{text[:80]!r} is no pin: give the base64 of a public key's SHA-256, 44 characters ending in ="
        )
    return pin
