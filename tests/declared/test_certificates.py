"""Certificates in files: DER and PEM whatever the file is called, base64 within code, and key stores by name."""

from __future__ import annotations

import json
import textwrap
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from hypothesis import given
from hypothesis import strategies as st
from tests import certificates

from pinprobe.declared.certificates import certificates_in_text, certificates_of_file, key_store_in
from pinprobe.declared.windows import Looks, windows
from pinprobe.x509 import der, facts

KEY, CA = certificates.new_ca()
CHAIN = certificates.bench().material.genuine
DER = der(CA)
BASE64 = b64encode(DER).decode()
PEM = certificates.pem(CA).decode()


def found(text: str | bytes) -> list[bytes]:
    data = text.encode() if isinstance(text, str) else text
    return [one.der for window in windows([data]) for one in certificates_in_text(window, Looks(100))]


SPELLINGS = {
    "PEM": PEM,
    "PEM with Windows' line ends": PEM.replace("\n", "\r\n"),
    "PEM in JSON": json.dumps({"ca": PEM}),
    "PEM in PHP's JSON": json.dumps({"ca": PEM}).replace("/", "\\/"),
    "no armour": f"before\0{BASE64}\0after",
    "a wrapped one, indented": textwrap.indent(textwrap.fill(BASE64, 60), "    "),
    "pieces put together": 'x = "' + '" +\n      "'.join(textwrap.wrap(BASE64, 64)) + '";',
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_as_text(text: str) -> None:
    assert found(text) == [DER]


def test_its_facts_are_those_of_the_certificate() -> None:
    (one,) = (one for window in windows([PEM.encode()]) for one in certificates_in_text(window, Looks(100)))
    told = one.at("res/raw/ca.pem")
    expected = facts(CA)
    assert (told.subject, told.pin_sha256, told.not_after_s, told.is_ca, told.where) == (
        expected.subject,
        expected.pin_sha256,
        expected.not_after_s,
        True,
        "res/raw/ca.pem",
    )


LOOKALIKES = {
    "cut off": BASE64[: len(BASE64) // 2],
    "a request or list, by its beginning": "MIIDXTCC" + "A" * 2000,
    "a public key": "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA" + "q" * 340,
    "a broken one": BASE64[:200] + "*" + BASE64[201:],
}


@pytest.mark.parametrize("text", LOOKALIKES.values(), ids=LOOKALIKES)
def test_no_lookalike(text: str) -> None:
    assert found(text) == []


@given(st.lists(st.integers(1, 30_000), max_size=6), st.integers(0, 40_000))
def test_what_is_found_does_not_depend_on_how_the_stream_is_cut(sizes: list[int], gap: int) -> None:
    data = PEM.encode() + b"." * gap + BASE64.encode() + b"\0" * gap
    chunks, at = [], 0
    for size in sizes:
        chunks.append(data[at : at + size])
        at += size
    chunks.append(data[at:])
    assert [one.der for window in windows(chunks) for one in certificates_in_text(window, Looks(100))] == [DER, DER]


def test_files_of_certificates() -> None:
    assert [one.der for one in certificates_of_file(DER)] == [DER]
    assert [one.der for one in certificates_of_file(b"".join(map(der, CHAIN)))] == [der(one) for one in CHAIN]
    assert list(certificates_of_file(b"\x89PNG")) == list(certificates_of_file(b"")) == []


def test_key_stores_are_named_by_what_they_are() -> None:
    p12 = pkcs12.serialize_key_and_certificates(b"x", KEY, CA, None, BestAvailableEncryption(b"secret"))
    jks = bytes.fromhex("feedfeed0000000200000000")
    bks = bytes.fromhex("0000000200000014") + bytes(40)
    assert key_store_in("assets/any.bin", p12) == key_store_in("assets/x.p12", b"") == "PKCS #12"
    assert key_store_in("assets/any.bin", jks) == key_store_in("assets/x.JKS", b"") == "Java"
    assert key_store_in("res/raw/trust.bks", bks) == "Bouncy Castle"
    assert key_store_in("res/raw/trust.bks", b"none") == key_store_in("res/raw/ca.der", DER) == ""
