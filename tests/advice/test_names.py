"""Which names pins are given to."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.samples import HOSTILE

from pinprobe.advice.names import is_below, why_not


@pytest.mark.parametrize("host", ["example.com", "xn--bcher-kva.example", "a-b.c", "localhost", "1.example", "x" * 63])
def test_names(host: str) -> None:
    assert why_not(host) == ""


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "0x7f.1", "127.1", "[::1]", "1.2.3.0x1f"])
def test_addresses_have_no_pins(host: str) -> None:
    assert "address" in why_not(host)


@pytest.mark.parametrize(
    "host",
    ["", "Example.com", "bücher.example", "a..b", "-a.example", "a-.example", "*.example.com", "a_b.example", "a b",
     "example.com.", "x" * 64, ".".join(["abcdefg"] * 40), 'a"b', "a<b", "a$b", "a\n", "exa\u0301mple.com"],
)  # fmt: skip
def test_what_is_no_name(host: str) -> None:
    assert "A-labels" in why_not(host)


@given(st.text(max_size=80))
def test_what_passes_needs_no_escape_anywhere(host: str) -> None:
    if why_not(host) == "":
        assert re.fullmatch(r"[a-z0-9.-]+", host)


@pytest.mark.parametrize("host", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_names_are_refused(host: str) -> None:
    assert why_not(host) or re.fullmatch(r"[a-z0-9.-]+", host)


def test_below_is_by_label() -> None:
    assert is_below("example.com", "example.com") and is_below("a.b.example.com", "example.com")
    assert not is_below("badexample.com", "example.com") and not is_below("com", "example.com")
