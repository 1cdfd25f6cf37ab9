"""Network Security Config: well-formed, and as Android reads it."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest
from tests.advice.hostile import WORDS, poisoned
from tests.advice.made import LEAF, OWN, advised, chain, issued_under, real, real_advice, served

from pinprobe.advice.nsc import render

Config = tuple[list[tuple[str, str]], str, list[str]]


def read(text: str) -> list[Config]:
    """Domains with their flag, the end, the pins: and nothing else may stand there."""
    root = ElementTree.fromstring(text.encode())  # noqa: S314
    assert root.tag == "network-security-config" and not root.attrib
    found: list[Config] = []
    for config in root:
        assert config.tag == "domain-config" and not config.attrib
        *names, pins = config
        assert [one.tag for one in names] == ["domain"] * len(names) and pins.tag == "pin-set"
        assert all(set(one.attrib) == {"includeSubdomains"} for one in names)
        assert all(one.tag == "pin" and one.attrib == {"digest": "SHA-256"} for one in pins)
        dt.date.fromisoformat(pins.attrib["expiration"])
        domains = [(one.text or "", one.attrib["includeSubdomains"]) for one in names]
        found.append((domains, pins.attrib["expiration"], [one.text or "" for one in pins]))
    return found


def test_real_chains_are_pinned_as_openssl_says() -> None:
    found = real()
    one, other = read(render(real_advice().sets))
    assert one[0] == [("example.com", "true")] and other[0] == [("shop.example.org", "false")]
    assert one[2] == [found.issuer_pins[0], found.root_pins[0]]
    assert other[2] == [found.issuer_pins[1], found.root_pins[1]]


def test_a_key_of_ones_own_and_several_issuers() -> None:
    ((domains, ends, pins),) = read(
        render(advised(served("a.example.com", served("x").chains[0], issued_under("other")), own=[OWN]).sets)
    )
    assert (domains, ends) == ([("a.example.com", "false")], "2028-01-15")
    assert len(pins) == 3 and pins[-1] == OWN


def test_without_a_backup_it_says_so_where_one_belongs() -> None:
    text = render(advised(served("a.example.com", chain(LEAF, *served("x").chains[0].certificates[1:]))).sets)
    assert "THERE IS NO BACKUP" in text and len(read(text)[0][2]) == 1


def test_its_comments_say_what_each_pin_is() -> None:
    text = " ".join(render(real_advice().sets).split())
    assert "Issues the certificates now: CN=Stand-in intermediate-a, valid until" in text
    assert "replace it by a key of your own, kept offline." in text
    assert "Seen: api.example.com, login.example.com." in text


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS.keys())
def test_hostile_names_of_certificates_stay_in_their_comments(text: str) -> None:
    ((domains, _, pins),) = read(render(poisoned(text)))
    assert domains == [("example.com", "true")] and 1 <= len(pins) <= 2
