"""TrustKit's dictionary on iOS."""

from __future__ import annotations

import plistlib
from typing import Any

import pytest
from tests.advice.hostile import WORDS, poisoned
from tests.advice.made import OWN, advised, real, real_advice, served
from tests.advice.test_trustkit import LONELY

from pinprobe.advice.trustkit_ios import render


def read(text: str) -> dict[str, Any]:
    configuration = plistlib.loads(text.encode())["TSKConfiguration"]
    assert configuration["TSKSwizzleNetworkDelegates"] is True
    domains: dict[str, Any] = configuration["TSKPinnedDomains"]
    assert all(one["TSKEnforcePinning"] is True and len(one["TSKPublicKeyHashes"]) >= 2 for one in domains.values())
    return domains


def test_real_chains_are_pinned_as_openssl_says() -> None:
    found = real()
    domains = read(render(real_advice().sets))
    assert {name: one["TSKPublicKeyHashes"] for name, one in domains.items()} == {
        "example.com": [found.issuer_pins[0], found.root_pins[0]],
        "shop.example.org": [found.issuer_pins[1], found.root_pins[1]],
    }
    assert {name: one["TSKIncludeSubdomains"] for name, one in domains.items()} == {
        "example.com": True,
        "shop.example.org": False,
    }


def test_it_ends_and_takes_a_key_of_ones_own() -> None:
    one = read(render(advised(served("a.example.com"), own=[OWN]).sets))["a.example.com"]
    assert one["TSKExpirationDate"] == "2028-01-15" and one["TSKPublicKeyHashes"][-1] == OWN


def test_one_pin_alone_is_not_written() -> None:
    text = render(advised(served("a.example.com", LONELY)).sets)
    assert read(text) == {} and "refuses to enforce fewer than two pins" in text


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS.keys())
def test_hostile_names_of_certificates_stay_in_their_comments(text: str) -> None:
    assert set(read(render(poisoned(text)))) <= {"example.com"}
