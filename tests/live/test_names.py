"""Which endpoint a connection belongs to, however the client spells the host, or does not name it at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.live.trap import trap
from tests.live.world import World

pytestmark = pytest.mark.live


def test_missing_sni_falls_back_to_connect(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        t.run(attempts=3, sni="-")
    assert t.hosts() == {"subject.shop.test"}
    assert t.endpoint("subject.shop.test")["verdict"] == "unpinned"


def test_pin_without_sni_is_no_proof(world: World, tmp_path: Path) -> None:
    """Without a name we may have shown a certificate that says another one."""
    with trap(world, tmp_path) as t:
        t.run(attempts=12, sni="-", technique="pin")
    endpoint = t.endpoint("subject.shop.test")
    assert endpoint["verdict"] == "inconclusive", endpoint["reason"]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_address_instead_of_name(world: World, tmp_path: Path, address: str) -> None:
    with trap(world, tmp_path) as t:
        attempts = t.run(attempts=3, host=address, sni="-")
        assert [a.result for a in attempts] == ["response"] * 3
    assert t.hosts() == {address}
    assert t.endpoint(address)["verdict"] == "unpinned"


def test_sni_wins_over_address(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        t.run(attempts=3, host="127.0.0.1", sni="subject.shop.test")
    assert t.hosts() == {"subject.shop.test"}


@pytest.mark.parametrize(
    ("host", "sni"),
    [
        ("SUBJECT.shop.TEST", ""),
        ("subject.shop.test.", "subject.shop.test"),
        ("subject.shop.test.", "-"),
        ("subject.shop.test", "Subject.Shop.Test"),
    ],
)
def test_spellings_are_one_endpoint(world: World, tmp_path: Path, host: str, sni: str) -> None:
    with trap(world, tmp_path) as t:
        t.run(attempts=2)
        attempts = t.run(attempts=2, host=host, sni=sni, timeout_s=2.0)
    if (host[-1], sni) != (".", "-"):
        # mitmproxy then names the host to the server as it stands, dot included, which OpenSSL 4 refuses.
        assert [a.result for a in attempts] == ["response"] * 2
    assert t.hosts() == {"subject.shop.test"}
    assert t.endpoint("subject.shop.test")["verdict"] == "unpinned"


def test_trailing_dot_in_sni(world: World, tmp_path: Path) -> None:
    """Forbidden by the RFC, sent by some: the real server may balk, the endpoint stays the same."""
    with trap(world, tmp_path) as t:
        t.run(attempts=2)
        t.run(attempts=2, sni="subject.shop.test.", timeout_s=2.0)
    assert t.hosts() == {"subject.shop.test"}


@pytest.mark.parametrize("host", ["xn--mnchen-3ya.test", "münchen.test"])
def test_international_name_is_kept_as_a_label(world: World, tmp_path: Path, host: str) -> None:
    with trap(world, tmp_path) as t:
        t.run(attempts=2, host=host)
    assert t.hosts() <= {"xn--mnchen-3ya.test"}
    if host.isascii():
        assert t.endpoint(host)["verdict"] == "unpinned"


def test_port_is_part_of_the_endpoint(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        t.run(attempts=2)
        t.run(attempts=2, port=8443)
    assert t.endpoint("subject.shop.test", 443)["verdict"] == "unpinned"
    assert t.endpoint("subject.shop.test", 8443)["verdict"] == "unpinned"


def test_coalesced_host_is_seen_through_another(world: World, tmp_path: Path) -> None:
    """One HTTP/2 connection, two authorities: only the first one's certificate was judged."""
    with trap(world, tmp_path) as t:
        attempts = t.run(attempts=2, technique="coalesce", alpn="h2", hosts="canary.shop.test")
        assert [a.result for a in attempts] == ["response"] * 2
    assert t.endpoint("subject.shop.test")["verdict"] == "unpinned"
    other = t.endpoint("canary.shop.test")
    assert other["verdict"] == "not_tested"
    assert "seen through another connection" in other["reason"]
