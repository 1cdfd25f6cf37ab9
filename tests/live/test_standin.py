"""The stand-in itself, through a mitmdump without pinprobe: each client does what its technique is called."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from tests.live.conftest import need
from tests.live.play import job
from tests.live.world import World

from standin.clients import CLIENTS, Attempt, run
from standin.proxy import Proxy

pytestmark = pytest.mark.live

ALWAYS_REFUSE = {
    "python_ssl": ["pin", "anchors", "leaks", "fallback"],
    "aiohttp": ["pin"],
    "curl": ["pin", "anchors"],
    "okhttp": ["pin", "manager", "anchors"],
    "boringssl": ["pin", "post", "anchors", "refuses", "store-anchors", "alert"],
}


@pytest.fixture(scope="module")
def bare(world: World) -> Iterator[Proxy]:
    proxy = Proxy(confdir=world.folder / "confdir", trust=world.upstream_trust, hosts=world.hosts)
    with proxy:
        yield proxy


def attempt(client: str, world: World, proxy: Proxy, **changes: Any) -> Attempt:
    need(client)
    return run(CLIENTS[client], job(world, proxy.address, **changes))[0]


@pytest.mark.parametrize("alpn", ["http/1.1", "h2"])
@pytest.mark.parametrize("tls", ["1.2", "1.3"])
@pytest.mark.parametrize("client", CLIENTS)
def test_unpinned_client_goes_by_the_device(world: World, bare: Proxy, client: str, tls: str, alpn: str) -> None:
    said = attempt(client, world, bare, tls=tls, alpn=alpn)
    assert said.result == "response", said
    said = attempt(client, world, bare, tls=tls, alpn=alpn, trust=world.distrusting.trust)
    assert (said.result, said.stage) == ("refused", "handshake"), said


@pytest.mark.parametrize("client", CLIENTS)
def test_client_without_validation_accepts_anything(world: World, bare: Proxy, client: str) -> None:
    said = attempt(client, world, bare, technique="trust-all", trust=world.distrusting.trust)
    assert said.result == "response", said


@pytest.mark.parametrize(
    ("client", "technique"), [(c, t) for c, techniques in ALWAYS_REFUSE.items() for t in techniques]
)
def test_pinned_client_refuses_on_a_trusting_device(world: World, bare: Proxy, client: str, technique: str) -> None:
    said = attempt(client, world, bare, technique=technique)
    assert said.result == "refused", said


def test_origins_send_the_chain_a_strict_verifier_wants(world: World) -> None:
    """Without any proxy: Python's strictest settings accept leaf and intermediate by the root."""
    context = ssl.create_default_context(cafile=str(world.pki.root.chain_path))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    place = world.hosts["subject.shop.test"]
    assert isinstance(place, int)
    with (
        socket.create_connection(("127.0.0.1", place), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="subject.shop.test") as connection,
    ):
        assert connection.version() == "TLSv1.3"
