"""Certificates among other bytes: real ones are found with their facts, everything else is left alone."""

from __future__ import annotations

import certifi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.certificates import bench

from pinprobe.x509 import der, der_size, embedded, facts
from pinprobe.x509.roots import Roots

CHAIN = bench().material.genuine
DERS = [der(one) for one in CHAIN]


def test_those_that_stand_one_after_another_are_found() -> None:
    assert list(embedded(b"".join(DERS))) == [(der(one), facts(one)) for one in CHAIN]


@pytest.mark.parametrize("rest", [b"\0", b"\x30\x82\xff\xff", DERS[0][:-1]])
def test_what_follows_is_no_matter(rest: bytes) -> None:
    assert [found for found, _ in embedded(DERS[0] + rest)] == [DERS[0]]


def test_a_size_is_that_of_the_whole_sequence() -> None:
    assert der_size(DERS[0] + b"more") == len(DERS[0])
    assert der_size(b"\x30\x81\x80" + bytes(200)) == 131
    assert [der_size(data) for data in (b"", b"\x30", b"\x31\x82\1\1", b"\x30\x80\0\0", b"\x30\x03\2\1")] == [0] * 5


def test_every_public_root_is_one_odd_serials_included() -> None:
    with open(certifi.where(), "rb") as file:
        roots = Roots.from_pem(file.read(), public=True)
    every = [one for named in roots._by_name.values() for one in named]
    assert len(every) > 100
    assert [len(list(embedded(der(one)))) for one in every] == [1] * len(every)


def test_mangled_bytes_do_no_harm() -> None:
    for at in range(len(DERS[0])):
        for change in (0x01, 0x80, 0xFF):
            mangled = bytearray(DERS[0])
            mangled[at] ^= change
            assert all(len(found) <= len(mangled) for found, _ in embedded(bytes(mangled)))


@given(st.binary(max_size=300))
def test_any_bytes_do_no_harm(junk: bytes) -> None:
    assert list(embedded(junk)) == list(embedded(b"\x30\x82" + junk)) == []
