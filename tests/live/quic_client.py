"""A real QUIC client in a process of its own: aioquic's, which mitmproxy brings. Tries one HTTP/3 handshake."""

from __future__ import annotations

import asyncio
import contextlib
import sys

from aioquic.asyncio.client import connect
from aioquic.h3.connection import H3_ALPN
from aioquic.quic.configuration import QuicConfiguration


async def main(host: str, trust: str, seconds: float) -> str:
    settings = QuicConfiguration(is_client=True, alpn_protocols=H3_ALPN, server_name=host, cafile=trust)
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(seconds), connect(host, 443, configuration=settings) as client:
            await client.wait_connected()
            return "connected"
    return "failed"


if __name__ == "__main__":
    print(asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]))))
