"""One name per host, whatever case, dots, brackets or script it came in, and nothing that a terminal obeys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.mitm.names import LONGEST_NAME, host_name

NAMES: dict[str | None, str | None] = {
    None: None,
    "": None,
    ".": None,
    "[]": None,
    "example.com": "example.com",
    "EXAMPLE.com": "example.com",
    "example.com.": "example.com",
    "example.com...": "example.com",
    "bücher.example": "xn--bcher-kva.example",
    "BÜCHER.example.": "xn--bcher-kva.example",
    "xn--bcher-kva.example": "xn--bcher-kva.example",
    "例え。テスト": "xn--r8jz45g.xn--zckzah",
    "example.com。": "example.com",
    "203.0.113.7": "203.0.113.7",
    "[2001:DB8::1]": "2001:db8::1",
    "2001:0db8:0:0:0:0:0:1": "2001:db8::1",
    "local_host": "local_host",
    "*.example.com": "*.example.com",
    "a b": "a\\x20b",
    "host!~": "host!~",
    "user:secret@example.com": "example.com",
    "user:secret@[2001:db8::1]": "2001:db8::1",
    "user＠example.com": "example.com",
    "a@b@example.com.": "example.com",
    "example.com/secret@x": "example.com",
    "example.com?secret": "example.com",
    "example.com．#secret": "example.com",
    "secret@": None,
    "/secret": None,
    "evil\x1b[2J.example": "evil\\x1b[2j.example",
    "tab\there": "tab\\x09here",
    # An address may have a zone, and that may be anything.
    "fe80::1%Eth0": "fe80::1%eth0",
    "::1%a\x1b[2J\nb": "::1%a\\x1b[2j\\x0ab",
    "[::1].": "::1",
    "a].": "a",
    "［a.］": "a",
    # Not all of a long one is looked at: IDNA takes its time for each character.
    "x" * 100_000: "x" * 253,
    "ü" * 100_000: "\\xfc" * 63 + "\\",
}


@pytest.mark.parametrize(("given_name", "canonical"), NAMES.items())
def test_names(given_name: str | None, canonical: str | None) -> None:
    assert host_name(given_name) == canonical


@given(st.text())
def test_any_text_becomes_a_short_printable_name(text: str) -> None:
    name = host_name(text)
    if name is not None:
        assert all("!" <= character <= "~" for character in name)
        assert 0 < len(name) <= LONGEST_NAME


@given(st.text(max_size=60) | st.from_regex(r"[a-zA-Z0-9.ßÄé。-]{1,40}", fullmatch=True))
def test_a_canonical_name_stays_as_it_is(text: str) -> None:
    """Else one host would be two endpoints."""
    name = host_name(text)
    assert host_name(name) == name


def test_overlong_labels_and_names_are_cut_and_no_error() -> None:
    assert host_name("ü" * 100) is not None
    assert len(host_name("a." * 5000) or "") <= LONGEST_NAME
