"""JA4 of a ClientHello by its published definition, and the fingerprint of its TLS stack. Pure.

JA4 is FoxIO's TLS client fingerprint; the stack is made like it, without the parts in which two uses of one TLS
library differ: server name, ALPN, padding, and what a session ticket of an earlier connection adds.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

SERVER_NAME, ALPN, SIGNATURE_ALGORITHMS, SUPPORTED_VERSIONS = 0, 16, 13, 43
NOT_THE_STACKS_OWN = frozenset({SERVER_NAME, ALPN, 21, 41, 42, 44})
"""server_name, ALPN, padding, pre_shared_key, early_data, cookie: they depend on host and history.

A relay hands the client genuine session tickets, and its next hello carries them."""

_VERSIONS = {0x304: "13", 0x303: "12", 0x302: "11", 0x301: "10", 0x300: "s3", 0x2: "s2"}
_NAMES = {0x304: "TLSv1.3", 0x303: "TLSv1.2", 0x302: "TLSv1.1", 0x301: "TLSv1", 0x300: "SSLv3"}


@dataclass(frozen=True, slots=True)
class Hello:
    """The parts of a ClientHello (RFC 8446, section 4.1.2) that fingerprints are made of, in wire order.

    Keys and randoms are not among them, so the hellos of one client are mostly equal, and cached.
    """

    legacy_version: int
    cipher_suites: tuple[int, ...]
    extension_types: tuple[int, ...]
    supported_versions: bytes | None
    signature_algorithms: bytes | None
    alpn_protocols: tuple[bytes, ...]

    @classmethod
    def of(
        cls,
        *,
        legacy_version: int,
        cipher_suites: Sequence[int],
        extensions: Sequence[tuple[int, bytes]],
        alpn_protocols: Sequence[bytes],
    ) -> "Hello":
        """From the fields as a parser gives them."""
        bodies = dict(extensions)
        return cls(
            legacy_version,
            tuple(cipher_suites),
            tuple(kind for kind, _ in extensions),
            bodies.get(SUPPORTED_VERSIONS),
            bodies.get(SIGNATURE_ALGORITHMS),
            tuple(alpn_protocols),
        )


def versions_offered(hello: Hello) -> tuple[int, ...]:
    """TLS versions the client offers, newest first, without GREASE (RFC 8701)."""
    if hello.supported_versions is None:
        return (hello.legacy_version,)
    return tuple(sorted({v for v in _u16s(hello.supported_versions[1:]) if not _grease(v)}, reverse=True))


def version_name(version: int) -> str:
    """As mitmproxy and OpenSSL write it."""
    return _NAMES.get(version, f"0x{version:04x}")


@lru_cache(maxsize=1024)
def version_names(hello: Hello) -> tuple[str, ...]:
    """The names of the TLS versions the client offers, newest first."""
    return tuple(map(version_name, versions_offered(hello)))


@lru_cache(maxsize=1024)
def ja4(hello: Hello, *, protocol: str = "t") -> str:
    """JA4, for TLS over TCP (`t`) or QUIC (`q`)."""
    kinds = [kind for kind in hello.extension_types if not _grease(kind)]
    name = "d" if SERVER_NAME in kinds else "i"
    head = f"{protocol}{_version(hello)}{name}{_two(_ciphers(hello))}{_two(kinds)}{_alpn(hello)}"
    hashed = [kind for kind in kinds if kind not in {SERVER_NAME, ALPN}]
    return f"{head}_{_hash(_hexed(_ciphers(hello)))}_{_hash(_hexed(hashed) + _signatures(hello))}"


@lru_cache(maxsize=1024)
def stack(hello: Hello, *, protocol: str = "t") -> str:
    """A fingerprint of the TLS stack and its configuration, whichever host and protocol it speaks."""
    kinds = [kind for kind in hello.extension_types if not _grease(kind) and kind not in NOT_THE_STACKS_OWN]
    head = f"{protocol}{_version(hello)}{_two(_ciphers(hello))}{_two(kinds)}"
    return f"{head}_{_hash(_hexed(_ciphers(hello)))}_{_hash(_hexed(kinds) + _signatures(hello))}"


def _version(hello: Hello) -> str:
    return _VERSIONS.get(max(versions_offered(hello), default=0), "00")


def _ciphers(hello: Hello) -> list[int]:
    return [suite for suite in hello.cipher_suites if not _grease(suite)]


def _signatures(hello: Hello) -> str:
    if hello.signature_algorithms is None:
        return ""
    listed = ",".join(f"{scheme:04x}" for scheme in _u16s(hello.signature_algorithms[2:]) if not _grease(scheme))
    return "_" + listed if listed else ""


def _alpn(hello: Hello) -> str:
    first = hello.alpn_protocols[0] if hello.alpn_protocols else b""
    if not first:
        return "00"
    ends = first[:1] + first[-1:]
    if all(chr(byte).isascii() and chr(byte).isalnum() for byte in ends):
        return ends.decode("ascii")
    return first.hex()[0] + first.hex()[-1]


def _hexed(numbers: Sequence[int]) -> str:
    return ",".join(sorted(f"{number:04x}" for number in numbers))


def _two(items: Sequence[int]) -> str:
    return f"{min(len(items), 99):02d}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:12] if text else "0" * 12


def _grease(value: int) -> bool:
    return value & 0x0F0F == 0x0A0A and value >> 8 == value & 0xFF


def _u16s(data: bytes) -> list[int]:
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data) - 1, 2)]
