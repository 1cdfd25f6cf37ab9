"""NSPinnedDomains, as iOS reads it."""

from __future__ import annotations

import plistlib
from typing import Any

import pytest
from tests.advice.hostile import WORDS, poisoned
from tests.advice.made import LEAF, OWN, advised, chain, real, real_advice, served

from pinprobe.advice.ios import render


def read(text: str) -> dict[str, Any]:
    document = plistlib.loads(text.encode())
    assert list(document) == ["NSAppTransportSecurity"]
    assert list(document["NSAppTransportSecurity"]) == ["NSPinnedDomains"]
    domains: dict[str, Any] = document["NSAppTransportSecurity"]["NSPinnedDomains"]
    return domains


def entry(subdomains: bool, *pins: str) -> dict[str, Any]:
    identities = [{"SPKI-SHA256-BASE64": pin} for pin in pins]
    return {"NSIncludesSubdomains": subdomains, "NSPinnedCAIdentities": identities}


def test_real_chains_are_pinned_as_openssl_says() -> None:
    found = real()
    assert read(render(real_advice().sets)) == {
        "example.com": entry(True, found.issuer_pins[0], found.root_pins[0]),
        "shop.example.org": entry(False, found.issuer_pins[1], found.root_pins[1]),
    }


def test_hosts_more_than_one_label_below_are_named_themselves() -> None:
    found = read(render(advised(served("api.example.com"), served("a.b.example.com")).sets))
    assert {name: one["NSIncludesSubdomains"] for name, one in found.items()} == {
        "example.com": True,
        "a.b.example.com": False,
    }


def test_a_key_of_ones_own_is_no_ca_and_is_left_out_with_a_word() -> None:
    text = render(advised(served("a.example.com"), own=[OWN]).sets)
    assert OWN not in text and "A backup key of your own is left out" in text
    assert len(read(text)["a.example.com"]["NSPinnedCAIdentities"]) == 2


def test_without_a_root_there_is_no_backup() -> None:
    text = render(
        advised(served("a.example.com", chain(LEAF, *served("x").chains[0].certificates[1:])), own=[OWN]).sets
    )
    assert "THERE IS NO BACKUP" in text and "A backup key of your own is left out" in text
    assert len(read(text)["a.example.com"]["NSPinnedCAIdentities"]) == 1


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS.keys())
def test_hostile_names_of_certificates_stay_in_their_comments(text: str) -> None:
    assert list(read(render(poisoned(text)))) == ["example.com"]
