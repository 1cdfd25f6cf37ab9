"""Which sets come of which hosts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.advice.made import (
    CHAIN,
    ISSUING,
    LEAF,
    NOW_S,
    OWN,
    ROOT,
    advised,
    certificate,
    chain,
    issued_under,
    real,
    real_advice,
    served,
)
from tests.report.samples import HOSTILE

from pinprobe.advice import Advice, Domain, Served, advise
from pinprobe.advice.pinset import ENDS_TOO_SOON


def domains(advice: Advice) -> list[list[tuple[str, bool]]]:
    return [[(domain.name, domain.include_subdomains) for domain in pins.domains] for pins in advice.sets]


def test_one_host_is_named_alone() -> None:
    (pins,) = advised(served("api.example.com")).sets
    assert [(one.name, one.include_subdomains, one.hosts) for one in pins.domains] == [
        ("api.example.com", False, ("api.example.com",))
    ]
    assert [pin.subject for pin in (*pins.issuers, *pins.backups)] == ["CN=issuing", "CN=root"]
    assert pins.ends_on == "2028-01-15"


def test_a_domain_that_agrees_is_named_whole() -> None:
    advice = advised(served("api.example.com"), served("example.com"), served("a.b.example.com"))
    assert domains(advice) == [[("example.com", True)]]
    assert advice.sets[0].domains[0].hosts == ("api.example.com", "example.com", "a.b.example.com")


@pytest.mark.parametrize(
    "odd",
    [
        served("odd.example.com", issued_under("other")),
        served("odd.example.com", chain(LEAF)),
        served("odd.example.com", chain(LEAF, ISSUING)),
        served("odd.example.com", others="CDN"),
        served("odd_one.example.com"),
        Served(host="odd.example.com", domain="example.com", chains=()),
    ],
    ids=["another CA", "no issuer", "no root", "a CDN's", "no name", "never reached"],
)
def test_one_host_that_differs_makes_all_be_named(odd: Served) -> None:
    hosts = {"api.example.com", "www.example.com"}
    advice = advised(served("api.example.com"), served("www.example.com"), odd, asked=hosts)
    assert domains(advice) == [[("api.example.com", False), ("www.example.com", False)]]


def test_hosts_with_the_same_pins_share_a_set_and_others_do_not() -> None:
    advice = advised(
        served("a.example.com"),
        served("a.example.org", domain="example.org"),
        served("b.example.com", issued_under("x")),
    )
    assert domains(advice) == [[("a.example.com", False), ("a.example.org", False)], [("b.example.com", False)]]


def test_only_what_was_asked_about() -> None:
    advice = advised(served("a.example.com"), served("b.example.org", domain="example.org"), asked=["a.example.com"])
    assert domains(advice) == [[("a.example.com", False)]]


def test_a_host_on_two_ports_is_one_with_all_its_issuers() -> None:
    advice = advised(served("a.example.com"), served("a.example.com", issued_under("other")))
    assert [pin.subject for pin in advice.sets[0].issuers] == ["CN=issuing", "CN=other"]


def test_a_key_of_ones_own_takes_the_roots_place() -> None:
    (pins,) = advised(served("a.example.com"), own=[OWN, OWN]).sets
    assert [pin.pin_sha256 for pin in pins.backups] == [OWN]
    assert [pin.subject for pin in pins.roots] == ["CN=root"]


@pytest.mark.parametrize("own", [[ISSUING.pin_sha256], ["no pin"], [""]])
def test_what_is_no_backup_is_none(own: list[str]) -> None:
    (pins,) = advised(served("a.example.com"), own=own).sets
    assert pins.own == () and [pin.subject for pin in pins.backups] == ["CN=root"]


def test_hosts_without_pins_are_named_with_a_reason() -> None:
    ending = chain(LEAF, certificate("issuing", "root", days=20), root=ROOT)
    advice = advised(served("a.example.com", ending), served("192.0.2.1", domain="192.0.2.1"))
    assert advice.sets == ()
    assert [(one.host, one.why) for one in advice.refused] == [
        ("a.example.com", ENDS_TOO_SOON),
        ("192.0.2.1", "it is an address, and pins are given to names"),
    ]


@pytest.mark.parametrize("domain", ["com", "", "COM", "x y", "example.org", "*.example.com"])
def test_a_domain_that_is_none_covers_nothing(domain: str) -> None:
    hosts = [served(host, domain=domain) for host in ("a.example.com", "b.example.com")]
    assert domains(advised(*hosts)) == [[("a.example.com", False), ("b.example.com", False)]]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_names_are_refused(text: str) -> None:
    advice = advised(served(text, domain=text), served("a.example.com"))
    assert domains(advice)[0][0][0] in ("a.example.com", text)
    assert all(one.host == text for one in advice.refused)
    with pytest.raises(ValueError, match="it is "):
        Domain(name=text + "<", include_subdomains=False, hosts=())


def test_real_chains() -> None:
    found, advice = real(), real_advice()
    assert domains(advice) == [[("example.com", True)], [("shop.example.org", False)]]
    for number, pins in enumerate(advice.sets):
        assert [pin.pin_sha256 for pin in pins.issuers] == [found.issuer_pins[number]]
        assert [pin.pin_sha256 for pin in pins.backups] == [found.root_pins[number]]


HOSTS = st.sampled_from(["a.example.com", "b.example.com", "example.com", "a.example.org", "bad host", "192.0.2.1"])
CHAINS = st.sampled_from([CHAIN, issued_under("other"), chain(LEAF), chain(LEAF, ISSUING)])
SERVED = st.builds(
    lambda host, chains, other: replace(served(host, *chains), domain=host[-11:], others=other),
    HOSTS, st.lists(CHAINS, min_size=1, max_size=2), st.sampled_from(["", "CDN"]),
)  # fmt: skip


@given(st.lists(SERVED, max_size=6), st.booleans())
def test_every_host_asked_about_is_in_one_set_or_refused(hosts: list[Served], own: bool) -> None:
    asked = {one.host for one in hosts[:4]}
    advice = advise(hosts, made_s=NOW_S, own=[OWN] if own else [], asked=asked)
    covered = [host for pins in advice.sets for domain in pins.domains for host in domain.hosts]
    assert len(covered) == len(set(covered))
    refused = {one.host for one in advice.refused}
    assert asked <= set(covered) | refused and not refused & set(covered)
    seen = {one.host for one in hosts}
    for pins in advice.sets:
        values = [pin.pin_sha256 for pin in (*pins.issuers, *pins.backups)]
        assert len(values) == len(set(values)) and pins.ends_on > "2027-01-15"
        for domain in pins.domains:
            assert domain.include_subdomains or domain.hosts == (domain.name,)
            below = {host for host in seen if host == domain.name or host.endswith("." + domain.name)}
            assert not domain.include_subdomains or below <= set(domain.hosts)
