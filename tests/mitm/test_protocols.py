"""What is kept of application protocols: registered names, and nothing that a client made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.mitm.protocols import PROTOCOLS, UNREGISTERED, protocol_name, protocol_names


@pytest.mark.parametrize(
    ("protocol", "name"),
    [
        (None, None),
        (b"", None),
        (b"h2", "h2"),
        (b"http/1.1", "http/1.1"),
        (b"\xab", UNREGISTERED),
        (b"H2", UNREGISTERED),
    ],
)
def test_one(protocol: bytes | None, name: str | None) -> None:
    assert protocol_name(protocol) == name


def test_a_list_tells_what_is_made_up_once() -> None:
    assert protocol_names([b"a secret", b"h2", b"another", b"http/1.1", b"h2"]) == (UNREGISTERED, "h2", "http/1.1")


@given(st.lists(st.binary(max_size=255)))
def test_whatever_is_offered_only_known_names_are_kept(offers: list[bytes]) -> None:
    kept = protocol_names(offers)
    assert set(kept) <= PROTOCOLS | {UNREGISTERED} and len(kept) == len(set(kept))
