"""Traffic that is not HTTPS is recorded as what it is, goes through unharmed, and is no pin."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.live.play import endpoint_of
from tests.live.trap import trap
from tests.live.world import World

from standin.origin_talk import BLOB

pytestmark = pytest.mark.live


@pytest.mark.parametrize(("tls", "alpn"), [("1.2", "http/1.1"), ("1.3", "http/1.1"), ("1.3", "h2")])
def test_relay_is_byte_for_byte(world: World, tmp_path: Path, tls: str, alpn: str) -> None:
    """A pinned client gets answers only where nothing was touched: the key and the body are the server's."""
    with trap(world, tmp_path) as t:
        attempts = t.run(technique="pin", attempts=14, path="/blob", tls=tls, alpn=alpn)
    answers = [a.more for a in attempts if a.result == "response"]
    assert len(answers) >= 3
    assert {a["leaf_pin"] for a in answers} == {world.leaf_of("subject.shop.test").pin}
    assert {a["body_sha256"] for a in answers} == {hashlib.sha256(BLOB).hexdigest()}
    assert {a["alpn"] for a in answers} == {alpn}
    worked = t.events("Relayed", worked=True)
    assert len(worked) == len(answers)
    assert {e["tls_version"] for e in worked} == {f"TLSv{tls}"}


def test_relay_counts_each_way(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        t.run(technique="pin", attempts=8, path="/blob")
    for relayed in t.events("Relayed", worked=True):
        number = relayed["connection_id"]
        closed = t.events("ConnectionClosed", connection_id=number)[0]
        assert closed["server_bytes"] > len(BLOB)
        assert 0 < closed["client_bytes"] < len(BLOB)
        hello = t.events("ClientHelloSeen", connection_id=number)[0]
        assert hello["sni"] == "subject.shop.test"
        assert hello["ja4"].startswith("t13d")


def test_large_body_through_interception(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        attempts = t.run(attempts=3, path="/blob", alpn="h2")
    assert {a.more["body_sha256"] for a in attempts} == {hashlib.sha256(BLOB).hexdigest()}


def test_websocket(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        attempts = t.run(technique="websocket", attempts=3)
        assert {a.detail for a in attempts} == {"websocket: ping"}
    assert t.endpoint("subject.shop.test")["verdict"] == "unpinned"


@pytest.mark.parametrize(("host", "technique"), [("raw", "raw"), ("greeting", "greeting")])
def test_tls_without_http(world: World, tmp_path: Path, host: str, technique: str) -> None:
    with trap(world, tmp_path) as t:
        attempts = t.run(technique=technique, attempts=4, host=f"{host}.shop.test", alpn="")
        assert {a.result for a in attempts} == {"response"}, attempts
    assert t.endpoint(f"{host}.shop.test")["verdict"] == "unpinned"
    assert not t.events("ToolFailed")


def test_tcp_without_tls(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        attempts = t.run(technique="tcp", attempts=3, port=7)
        assert {a.detail for a in attempts} == {"echoed"}, attempts
    assert t.events("CleartextSeen", protocol="tcp", host="subject.shop.test", port=7)
    seen = endpoint_of(t.report(), "subject.shop.test", 7)
    assert seen is None or seen["verdict"] == "not_tested"


def test_cleartext_http(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        attempts = t.run(technique="cleartext", attempts=3)
        assert {a.result for a in attempts} == {"response"}, attempts
    assert t.events("CleartextSeen", protocol="http", host="subject.shop.test", port=80)
    seen = endpoint_of(t.report(), "subject.shop.test", 80)
    assert seen is None or seen["verdict"] == "not_tested"


def test_torn_hello_is_no_evidence(world: World, tmp_path: Path) -> None:
    """mitmproxy calls that a failed handshake, before any ClientHello was whole."""
    with trap(world, tmp_path) as t:
        t.run(technique="torn-hello", attempts=5)
    for endpoint in t.report()["endpoints"]:
        assert endpoint["verdict"] in {"not_tested", "inconclusive"}, endpoint
    assert not t.events("ToolFailed")


def test_origin_down(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        attempts = t.run(attempts=3, host="down.shop.test")
        assert {a.stage for a in attempts} == {"proxy"}
    assert {e["stage"] for e in t.events("ServerFailed", host="down.shop.test")} == {"connect"}
    seen = endpoint_of(t.report(), "down.shop.test")
    assert seen is None or seen["verdict"] in {"not_tested", "inconclusive"}


def test_real_chain_is_recorded_when_the_client_refuses(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        t.run(technique="pin", attempts=4)
    chain = t.endpoint("subject.shop.test")["server_chain"]
    pins = [element["pin_sha256"] for element in chain]
    assert pins == [world.leaf_of("subject.shop.test").pin, world.pki.intermediate_a.pin]


def test_request_details_are_never_journalled(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        t.run(attempts=3, path="/secret-path?token=hush")
        t.run(technique="cleartext", attempts=1, path="/secret-path?token=hush")
    written = "".join(p.read_text(encoding="utf-8") for p in tmp_path.rglob("*") if p.is_file())
    assert "secret-path" not in written
    assert "hush" not in written
    assert '"127.0.0.1' not in written
