"""What a configuration seems to mean and does not say."""

from __future__ import annotations

from tests.declared.compiled import tree
from tests.declared.configs import OTHER, PIN, domains, file, pins, trustkit

from pinprobe.declared import nsc
from pinprobe.declared.oddities import oddities


def told(inside: str) -> list[str]:
    return list(oddities(nsc.read(tree(file(inside)))))


def test_a_domain_that_never_matches() -> None:
    (said,) = told(domains("*.example.com", inside=pins(PIN)))
    assert said.startswith("the domain *.example.com never matches")
    assert told(domains("example.com", "192.0.2.1", "localhost", inside=pins(PIN))) == []


def test_a_sibling_that_takes_the_pins_away() -> None:
    (said,) = told(domains("example.com", inside=pins(PIN)) + domains("api.example.com"))
    assert said.startswith("the pins of example.com do not reach api.example.com")
    assert told(domains("example.com", inside=pins(PIN)) + domains("api.example.com", inside="<pin-set/>")) == []
    assert told(domains("example.com", inside=pins(PIN) + domains("api.example.com"))) == []
    assert told(domains("example.com", inside=pins(PIN), sub="false") + domains("api.example.com")) == []


def test_trustkit_wants_two_pins() -> None:
    (said,) = told(domains("example.com", inside=pins(PIN) + trustkit("true")))
    assert "fewer than 2" in said
    assert told(domains("example.com", inside=pins(PIN, OTHER) + trustkit("true"))) == []
    assert told(domains("example.com", inside=pins(PIN) + trustkit())) == []
