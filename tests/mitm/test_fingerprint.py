"""JA4 against its published examples; the stack's fingerprint against what must not change it.

The examples are facts from FoxIO's repository (github.com/FoxIO-LLC/ja4): technical_details/JA4.md, and the raw lists
(JA4_ro) of python/test/testdata/latest.pcapng.json and sigalg-grease.pcapng.json.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.mitm.fingerprint import Hello, ja4, stack, version_name, versions_offered

GREASE = [0x0A0A + 0x1010 * number for number in range(16)]
"""RFC 8701, section 2."""


def numbers(text: str) -> list[int]:
    return [int(part, 16) for part in text.split(",")]


def u16s(values: list[int]) -> bytes:
    return b"".join(value.to_bytes(2, "big") for value in values)


@dataclass(frozen=True)
class Parts:
    """A ClientHello as lists of numbers."""

    ciphers: tuple[int, ...]
    extensions: tuple[int, ...]
    signatures: tuple[int, ...] | None
    versions: tuple[int, ...] | None = (0x0304, 0x0303)
    alpn: tuple[bytes, ...] = (b"h2", b"http/1.1")
    legacy_version: int = 0x0303

    def hello(self) -> Hello:
        bodies: dict[int, bytes] = {}
        if self.versions is not None:
            bodies[43] = bytes([2 * len(self.versions)]) + u16s(list(self.versions))
        if self.signatures is not None:
            bodies[13] = (2 * len(self.signatures)).to_bytes(2, "big") + u16s(list(self.signatures))
        return Hello.of(
            legacy_version=self.legacy_version,
            cipher_suites=self.ciphers,
            extensions=[(kind, bodies.get(kind, b"")) for kind in self.extensions if kind != 43 or self.versions],
            alpn_protocols=self.alpn,
        )


def raw(ciphers: str, extensions: str, signatures: str, **other: object) -> Parts:
    """As JA4_ro writes a hello down: in wire order, without GREASE."""
    return Parts(tuple(numbers(ciphers)), tuple(numbers(extensions)), tuple(numbers(signatures)), **other)  # type: ignore[arg-type]


CHROME_CIPHERS = "1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035"
CHROME_SIGNATURES = "0403,0804,0401,0503,0805,0501,0806,0601"
CHROME = raw(
    CHROME_CIPHERS,
    "001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015",
    CHROME_SIGNATURES,
)
CHROME_RESUMING = raw(
    CHROME_CIPHERS,
    "000d,0010,0000,000b,0023,4469,ff01,0033,000a,002d,002b,0005,0017,0012,001b,0029",
    CHROME_SIGNATURES,
)

PUBLISHED = {
    "the document's own example": (CHROME, "t13d1516h2_8daaf6152771_e5627efa2ab1"),
    "the same browser, resuming": (CHROME_RESUMING, "t13d1516h2_8daaf6152771_9b887d9acb53"),
    "TLS 1.2, no ALPN, no supported_versions": (
        raw(
            "c02c,c02b,c030,c02f,c024,c023,c028,c027,c00a,c009,c014,c013,009d,009c,003d,003c,0035,002f,000a",
            "0000,0005,000a,000b,000d,0023,0017,ff01",
            "0804,0805,0806,0401,0501,0201,0403,0503,0203,0202,0601,0603",
            versions=None,
            alpn=(),
        ),
        "t12d190800_d83cc789557e_7af1ed941c26",
    ),
    "signature schemes out of GREASE's way": (
        raw(
            CHROME_CIPHERS,
            "fe0d,0010,0017,0033,44cd,ff01,000a,000d,0023,002b,000b,ca34,002d,0000,0005,001b,0012",
            "0904,0905,0906,0403,0804,0401,0503,0805,0501,0806,0601",
        ),
        "t13d1517h2_8daaf6152771_cb7bf5808d99",
    ),
}


@pytest.mark.parametrize(("parts", "expected"), PUBLISHED.values(), ids=PUBLISHED.keys())
def test_published_examples(parts: Parts, expected: str) -> None:
    assert ja4(parts.hello()) == expected


def test_without_signature_algorithms_the_published_hash_has_no_underscore() -> None:
    assert ja4(replace(CHROME, signatures=None).hello()).endswith("_6d807ffa2a79")


def test_nothing_to_hash_is_twelve_zeros() -> None:
    assert ja4(Parts((), (0,), None, versions=None, alpn=()).hello()) == "t12d000100_000000000000_000000000000"


def test_quic_and_addresses() -> None:
    assert ja4(CHROME.hello(), protocol="q").startswith("q13d1516h2_")
    without_name = replace(CHROME, extensions=tuple(kind for kind in CHROME.extensions if kind))
    assert ja4(without_name.hello()) == "t13i1515h2_8daaf6152771_e5627efa2ab1"


def test_counts_have_two_digits() -> None:
    many = replace(CHROME, ciphers=tuple(range(1, 151)))
    assert ja4(many.hello())[4:6] == "99"
    assert ja4(replace(CHROME, ciphers=(0x1301,)).hello())[4:6] == "01"


ALPN = {
    # the document's examples
    b"h2": "h2",
    b"http/1.1": "h1",
    b"": "00",
    b"\xab": "ab",
    b"\xab\xcd": "ad",
    b"\x30\xab": "3b",
    b"\x30\x31\xab\xcd": "3d",
    b"\x30\xab\xcd\x31": "01",
    # and what follows from its words
    b"x": "xx",
    b"H3": "H3",
    b"\x20\x61": "21",
}


@pytest.mark.parametrize(("protocol", "expected"), ALPN.items())
def test_the_first_protocol_by_its_ends(protocol: bytes, expected: str) -> None:
    assert ja4(replace(CHROME, alpn=(protocol, b"zz")).hello())[8:10] == expected


def test_no_protocol() -> None:
    assert ja4(replace(CHROME, alpn=()).hello())[8:10] == "00"


VERSIONS = {
    "the highest that is listed": ((0x0303, 0x0304), 0x0303, "13"),
    "whatever the old field says": ((0x0302, 0x0301), 0x0303, "11"),
    "GREASE is no version": ((0x7A7A, 0x0303), 0x0303, "12"),
    "the old field, where none are listed": (None, 0x0301, "10"),
    "SSL 3.0": (None, 0x0300, "s3"),
    "SSL 2.0": (None, 0x0002, "s2"),
    "unknown": (None, 0x0399, "00"),
    "nothing but GREASE": ((0x0A0A,), 0x0303, "00"),
}


@pytest.mark.parametrize(("listed", "legacy", "expected"), VERSIONS.values(), ids=VERSIONS.keys())
def test_versions(listed: tuple[int, ...] | None, legacy: int, expected: str) -> None:
    hello = replace(CHROME, versions=listed, legacy_version=legacy).hello()
    assert ja4(hello)[1:3] == expected
    assert stack(hello)[1:3] == expected


def test_versions_offered_have_names() -> None:
    hello = replace(CHROME, versions=(0x4A4A, 0x0304, 0x0303, 0x0399)).hello()
    assert [version_name(version) for version in versions_offered(hello)] == ["0x0399", "TLSv1.3", "TLSv1.2"]


# -- the stack ------------------------------------------------------------------------------------

NOT_ITS_OWN = {
    "server_name": 0,
    "ALPN": 16,
    "padding": 21,
    "pre_shared_key": 41,
    "early_data": 42,
    "cookie": 44,
}
BARE = replace(CHROME, extensions=tuple(kind for kind in CHROME.extensions if kind not in NOT_ITS_OWN.values()))


@pytest.mark.parametrize("kind", NOT_ITS_OWN.values(), ids=NOT_ITS_OWN.keys())
def test_what_host_and_history_add_does_not_change_the_stack(kind: int) -> None:
    for at in (0, 3, len(BARE.extensions)):
        more = replace(BARE, extensions=(*BARE.extensions[:at], kind, *BARE.extensions[at:]))
        assert stack(more.hello()) == stack(BARE.hello())
        assert ja4(more.hello()) != ja4(BARE.hello())


@given(st.permutations(CHROME.extensions), st.permutations(CHROME.ciphers), st.sampled_from(GREASE))
def test_order_and_grease_change_neither(extensions: list[int], ciphers: list[int], grease: int) -> None:
    """Chromium shuffles its extensions at every connection, and greases all lists."""
    other = replace(
        CHROME,
        extensions=(grease, *extensions, grease ^ 0x1010),
        ciphers=(grease, *ciphers),
        versions=(grease, 0x0304, 0x0303),
        signatures=(*numbers(CHROME_SIGNATURES), grease),
    )
    assert stack(other.hello()) == stack(CHROME.hello())
    assert ja4(other.hello()) == ja4(CHROME.hello())


@pytest.mark.parametrize("protocols", [(), (b"h2",), (b"http/1.1",), (b"h2", b"http/1.1"), (b"\xab",)])
def test_protocols_do_not_change_the_stack(protocols: tuple[bytes, ...]) -> None:
    assert stack(replace(CHROME, alpn=protocols).hello()) == stack(CHROME.hello())


def test_a_resuming_client_is_the_same_stack() -> None:
    assert ja4(CHROME_RESUMING.hello()) != ja4(CHROME.hello())
    assert stack(CHROME_RESUMING.hello()) == stack(CHROME.hello())


@pytest.mark.parametrize(
    "other",
    [
        replace(CHROME, ciphers=CHROME.ciphers[:-1]),
        replace(CHROME, extensions=(*CHROME.extensions, 0x001C)),
        replace(CHROME, signatures=tuple(reversed(numbers(CHROME_SIGNATURES)))),
        replace(CHROME, versions=(0x0303,)),
    ],
    ids=["a cipher less", "an extension more", "other signature preference", "TLS 1.2 only"],
)
def test_what_a_stack_is_made_of_changes_it(other: Parts) -> None:
    assert stack(other.hello()) != stack(CHROME.hello())


def test_other_large_values_are_no_grease() -> None:
    """Only 0x?A?A with equal bytes are GREASE."""
    for value in (0x0A1A, 0xAAAB, 0x1A0A):
        assert ja4(replace(CHROME, ciphers=(*CHROME.ciphers, value)).hello())[4:6] == "16"


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_crooked_extension_bodies_are_no_error(versions: bytes, signatures: bytes) -> None:
    hello = Hello.of(
        legacy_version=0x0303, cipher_suites=(), extensions=[(43, versions), (13, signatures)], alpn_protocols=()
    )
    assert len(ja4(hello)) == 36
    assert stack(hello)
