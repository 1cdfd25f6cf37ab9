"""QUIC through a real mitmdump: blocked, so that the client gives up, or passed on to a real server; never intercepted."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aioquic.asyncio.client import connect
from aioquic.asyncio.server import serve
from aioquic.quic.configuration import QuicConfiguration
from tests.live.trap import trap
from tests.live.world import World
from tests.waiting import eventually

pytestmark = pytest.mark.live

HOST = "subject.shop.test"


@asynccontextmanager
async def server(world: World) -> AsyncIterator[int]:
    leaf = world.leaf_of(HOST)
    configuration = QuicConfiguration(is_client=False, alpn_protocols=["h3"])
    configuration.load_cert_chain(leaf.chain_path, leaf.key_path)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = await serve("127.0.0.1", port, configuration=configuration)
    try:
        yield port
    finally:
        running.close()  # type: ignore[no-untyped-call]


async def reaches(world: World, port: int, timeout_s: float) -> bool:
    """Whether a client that trusts the real server alone completes a handshake."""
    configuration = QuicConfiguration(alpn_protocols=["h3"], server_name=HOST, verify_mode=ssl.CERT_REQUIRED)
    configuration.load_verify_locations(str(world.device(trusts=False).trust))
    try:
        async with asyncio.timeout(timeout_s):
            async with connect("127.0.0.1", port, configuration=configuration) as client:
                await client.ping()
                return True
    except (TimeoutError, ConnectionError):
        return False


@pytest.mark.parametrize(
    ("word", "reached", "notice"), [("block", False, "quic_blocked"), ("record", True, "quic_seen")]
)
def test_quic(world: World, tmp_path: Path, word: str, reached: bool, notice: str) -> None:
    async def scene() -> None:
        async with server(world) as port:
            with trap(
                world, tmp_path, mode=f"reverse:https://127.0.0.1:{port}@0", options={"pinprobe_quic": word}
            ) as t:
                assert eventually(lambda: "recording to" in t.proxy.output), t.proxy.output
                assert await reaches(world, t.proxy.port, 20.0 if reached else 1.0) is reached, t.proxy.output
                assert eventually(lambda: t.events("DatagramSeen")), t.proxy.output
            (seen,) = {(e["host"], e["protocol"], e["blocked"]) for e in t.events("DatagramSeen")}
            assert seen == (HOST, "quic", not reached)
            assert notice in {one["id"] for one in t.report()["notices"]}
            assert not t.events("HandshakeFailed") and not t.events("CertificateSent")
            (endpoint,) = [one for one in t.report()["endpoints"] if one["endpoint"]["transport"] == "udp"]
            assert endpoint["verdict"] == "not_tested"

    asyncio.run(scene())
