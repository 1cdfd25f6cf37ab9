"""TrustKit's file on Android: enforced, one domain in each element, and at least two pins."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from tests.advice.hostile import WORDS, poisoned
from tests.advice.made import LEAF, OWN, advised, chain, real, real_advice, served

from pinprobe.advice.trustkit import render

LONELY = chain(LEAF, *served("x").chains[0].certificates[1:])


def read(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for config in ElementTree.fromstring(text.encode()):  # noqa: S314
        domain, pins, trustkit = config
        assert (domain.tag, pins.tag, trustkit.tag) == ("domain", "pin-set", "trustkit-config")
        assert trustkit.attrib["enforcePinning"] == "true"
        found[domain.text or ""] = [one.text or "" for one in pins]
    return found


def test_real_chains_are_pinned_as_openssl_says() -> None:
    found = real()
    assert read(render(real_advice().sets)) == {
        "example.com": [found.issuer_pins[0], found.root_pins[0]],
        "shop.example.org": [found.issuer_pins[1], found.root_pins[1]],
    }


def test_each_domain_has_an_element_of_its_own() -> None:
    sets = advised(served("a.example.com"), served("a.example.org", domain="example.org")).sets
    assert len(sets) == 1 and list(read(render(sets))) == ["a.example.com", "a.example.org"]


def test_one_pin_alone_is_not_written() -> None:
    text = render(advised(served("a.example.com", LONELY)).sets)
    assert read(text) == {} and "there is no backup for a.example.com" in " ".join(text.split())
    assert read(render(advised(served("a.example.com", LONELY), own=[OWN]).sets))["a.example.com"][-1] == OWN


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS.keys())
def test_hostile_names_of_certificates_stay_in_their_comments(text: str) -> None:
    assert set(read(render(poisoned(text)))) <= {"example.com"}
