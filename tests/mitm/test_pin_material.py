"""Pins in bodies: every form in which apps fetch them counts, and nothing that merely looks like them does."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.mitm.pin_material import DOCUMENT, NODES_READ, STRINGS, PinMaterial, pin_material


def pin(number: int = 1) -> str:
    return base64.b64encode(hashlib.sha256(str(number).encode()).digest()).decode()


A, B, C = pin(1), pin(2), pin(3)
HEX = hashlib.sha256(b"1").hexdigest()
URL_SAFE = A.rstrip("=").replace("+", "-").replace("/", "_")

DOCUMENTS: dict[str, tuple[Any, int]] = {
    "lists by host": ({"api.example.com": [f"sha256/{A}", f"sha256/{B}"]}, 2),
    "lists by pattern": ({"**.example.com": [f"sha256/{A}", f"sha256/{B}"], "x": 1}, 2),
    "under pins": ({"pins": [A, B, C]}, 3),
    "under a longer word": ({"config": {"sslPins": {"primary": A, "backup": B}}}, 2),
    "hosts with their pins": (
        {"hosts": [{"host": "a.example.com", "pins": [A]}, {"host": "b.example.com", "pins": [B]}]},
        2,
    ),
    "TrustKit's words": (
        {"TSKPinnedDomains": {"example.com": {"TSKPublicKeyHashes": [A, B], "TSKEnforcePinning": True}}},
        2,
    ),
    "Apple's words": (
        {
            "NSPinnedDomains": {
                "example.com": {"NSPinnedLeafIdentities": [{"SPKI-SHA256-BASE64": A}, {"SPKI-SHA256-BASE64": B}]}
            }
        },
        2,
    ),
    "fingerprints by name": (
        {"fingerprints": [{"name": "a.example.com", "fingerprint": A}, {"name": "b.example.com", "fingerprint": B}]},
        2,
    ),
    "one word and a host": ([{"domain": "a.example.com", "pin": A}, {"domain": "a.example.com", "pin": B}], 2),
    "a remote configuration": ({"entries": {"ssl_pins": json.dumps([f"sha256/{A}", f"sha256/{B}"])}}, 2),
    "a header's form, by host": ({"example.com": f'pin-sha256="{A}"; pin-sha256="{B}"; max-age=5184000'}, 2),
    "one pin twice": ({"pins": [A, A, B]}, 2),
}


@pytest.mark.parametrize(("document", "count"), DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_a_set_of_pins_by_name_is_a_document(document: Any, count: int) -> None:
    assert pin_material(json.dumps(document).encode()) == PinMaterial(kind=DOCUMENT, count=count)


TEXTS: dict[str, tuple[str, int]] = {
    "OkHttp's form": (f"sha256/{A}", 1),
    "one a line": (f"sha256/{A}\nsha256/{B}\n", 2),
    "the header's form": (f'pin-sha256="{A}"; pin-sha256="{B}"', 2),
    "a list in JSON, without a name": (json.dumps({"allowed": [f"sha256/{A}", f"sha256/{B}"]}), 2),
    "one in JSON": (json.dumps({"pins": {"api.example.com": A}}), 1),
    "a Network Security Config": (f'<pin-set><pin digest="SHA-256">{A}</pin>\n<pin digest="SHA-256">{B}</pin>', 2),
    "a property list": (f"<key>TSKPublicKeyHashes</key><array><string>{A}</string>\n<string>{B}</string>", 2),
    "YAML": (f"pins:\n  - {A}\n  - {B}\n  - {C}\n", 3),
    "JSON that is cut off": (f'{{"spki": "{A}", "more', 1),
    "a binary message": (f"\n3sha256/{A}\x12\x0c\n3sha256/{B}\x80", 2),
    "JSON too deep for its reader": ("[" * 100_000 + f'"sha256/{A}"', 1),
    "with a byte order mark": ("\ufeff" + json.dumps([f"sha256/{A}"]), 1),
}


@pytest.mark.parametrize(("text", "count"), TEXTS.values(), ids=TEXTS.keys())
def test_pins_without_a_set_are_strings(text: str, count: int) -> None:
    assert pin_material(text.encode()) == PinMaterial(kind=STRINGS, count=count)


@pytest.mark.parametrize("escaped", [("/", "\\/"), ("=", "\\u003d"), ("=", "\\u003D"), ("+", "\\u002b")])
def test_escapes_of_json_hide_nothing(escaped: tuple[str, str]) -> None:
    """As writers of PHP and Gson escape."""
    body = json.dumps({"pins": [f"sha256/{pin(n)}" for n in range(9)]}).replace(*escaped)
    assert pin_material(body.encode()) == PinMaterial(kind=DOCUMENT, count=9)


CSP = f"default-src 'self'; script-src 'sha256-{A}' 'sha256-{B}'"
INNOCENT: dict[str, str] = {
    "nothing": "",
    "a page with integrity hashes": f'<!DOCTYPE html><script integrity="sha256-{A}"></script><p>pins sha256/{B}</p>',
    "a page without a doctype": f"\n<html><body>certificate pinning: sha256/{A}</body></html>",
    "integrity hashes in JSON": json.dumps({"pinned": True, "resources": {"app.dll": f"sha256-{A}", "x": f"sha256-{B}"}}),
    "integrity hashes in a bundle": f'var pins={{}};n.integrity="sha256-{A}";pinning("sha256-{B}")',
    "a policy in JSON": json.dumps({"pin": {"csp": CSP}}),
    "a policy in text": f"pins: {CSP}",
    "a source map": json.dumps({"version": 3, "sources": ["pins.js"], "mappings": "AAAA", "pins": [A, B]}),
    "a set of keys": json.dumps({"keys": [{"kty": "EC", "x": A, "y": B, "pins": [A]}]}),
    "a key": json.dumps({"kty": "EC", "crv": "P-256", "x": URL_SAFE, "spki": A}),
    "a thumbprint": json.dumps({"pins": [URL_SAFE]}),
    "entity tags": json.dumps({"shipping": [{"etag": A}, {"etag": B}]}),
    "hashes of files": json.dumps({"public": {"files": {"main.js": A, "index.html": B}}}),
    "hashes of files, named": json.dumps({"name": "cdn.example.com", "sha256": A, "public": True}),
    "a pinned post": json.dumps({"pinned": {"image_hash": A, "thumb": B}}),
    "pins of a map": json.dumps({"pins": [{"title": "Café", "photo_token": A}, {"title": "Bar", "photo_token": B}]}),
    "a secret number": json.dumps({"pin": A, "pinHash": B, "encryptedPin": C}),
    "a device's fingerprint": json.dumps({"domain": "example.com", "fingerprint": A}),
    "digests in hex": json.dumps({"pins": [HEX], "fingerprints": {"example.com": HEX}}),
    "an image's digest": json.dumps({"pins": [f"sha256:{HEX}"]}),
    "examples": json.dumps({"pins": ["sha256/" + "A" * 43 + "=", "sha256/" + "B" * 42 + "A="]}),
    "prose": json.dumps({"body": f"To pin a key, write sha256/{A} into the configuration, as the manual says at length."}),
    "an address": json.dumps({"pins": [f"https://cdn.example.com/sha256/{A}"]}),
    "longer Base64": json.dumps({"pins": [base64.b64encode(bytes(range(64))).decode(), "x" + A, A + "="]}),
    "another length": json.dumps({"pins": [base64.b64encode(hashlib.sha512(b"1").digest()).decode()]}),
    "a last character that no 32 bytes have": json.dumps({"pins": [A[:42] + "B="]}),
    "text far from the word": "pins" + " " * 100 + A,
}  # fmt: skip


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT.keys())
def test_what_only_looks_like_pins_is_not_counted(text: str) -> None:
    assert pin_material(text.encode()) is None


@given(st.binary(max_size=300), st.integers(0, 300))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    pin_material(noise)
    pin_material(noise[:at] + f'"pins":["{A}"]'.encode() + noise[at:])


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from([A, f"sha256/{B}"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["pins", "pin", "host", "a.example.com", "keys", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_never_more_than_there_are(document: Any) -> None:
    found = pin_material(json.dumps(document).encode())
    assert found is None or found.count <= 2


def test_a_hostile_document_takes_no_long_time() -> None:
    bodies = [
        json.dumps([{"pins": [A]}] * 20_000),
        json.dumps({f"{n}.example.com": {"pin": A} for n in range(8_000)}),
        A * 11_000 + "pins",
        "pins" + f" {A}" * 11_000,
        "pins " + "a." * 250_000 + A,
        json.dumps({"pins" + "a." * 200_000: A}),
        "sha256/" * 70_000 + A,
        "\\u003d" * 80_000 + "pins",
    ]
    for body in bodies:
        # The best of three: a collection of garbage may fall into any one. More than linear would take minutes.
        assert any(_seconds(body.encode()) < 1.0 for _ in range(3))


def _seconds(body: bytes) -> float:
    started = time.process_time()
    pin_material(body)
    return time.process_time() - started


def test_only_so_many_nodes_are_read() -> None:
    """Those at the end first, as it happens; what matters is the bound."""
    assert pin_material(json.dumps({"pins": [A], "more": [[] for _ in range(NODES_READ)]}).encode()) is None
