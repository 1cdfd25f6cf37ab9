"""The listener itself: one machine, one port, nothing that lingers, and nobody's name in the log."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from tests.report.samples import every_verdict

from pinprobe.mitm.live import server as server_module
from pinprobe.mitm.live.pages import Pages
from pinprobe.mitm.live.server import HEAD_BYTES, LOOPBACK, OPEN_AT_ONCE, Address, LiveServer
from pinprobe.report.files import rendered

PAGES = Pages()
PAGES.show(rendered(every_verdict()))


def serving(
    scene: Callable[[LiveServer, set[Address]], Coroutine[Any, Any, None]], pages: Pages = PAGES, port: int = 0
) -> None:
    """Play a scene while a server runs."""

    async def play() -> None:
        of_the_proxy: set[Address] = set()
        server = LiveServer(port, pages, of_the_proxy)
        try:
            await scene(server, of_the_proxy)
        finally:
            server.stop()
            await asyncio.sleep(0.05)

    asyncio.run(play(), debug=True)


async def say(server: LiveServer, data: bytes, local: Address | None = None) -> bytes:
    """Everything that comes back for these bytes."""
    reader, writer = await asyncio.open_connection(LOOPBACK, server.port, local_addr=local)
    writer.write(data)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except OSError:
        return b""
    finally:
        writer.close()


def get(server: LiveServer, path: str = "/", **headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def test_it_listens_on_this_machine_alone() -> None:
    async def scene(server: LiveServer, near_ends: set[Address]) -> None:
        assert server._socket.getsockname() == ("127.0.0.1", server.port)
        assert (await say(server, get(server))).startswith(b"HTTP/1.1 200 OK\r\n")

    serving(scene)


def test_a_whole_answer_and_then_the_end() -> None:
    async def scene(server: LiveServer, near_ends: set[Address]) -> None:
        head, _, body = (await say(server, get(server, "/report.json"))).partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}".encode() in head
        assert b"Connection: close" in head
        head, _, body = (await say(server, get(server).replace(b"GET", b"HEAD"))).partition(b"\r\n\r\n")
        assert body == b"" and b"200 OK" in head

    serving(scene)


def test_a_large_page_arrives_whole() -> None:
    large, texts = Pages(), rendered(every_verdict())
    large.show({**texts, "report.json": "x" * 6_000_000})

    async def scene(server: LiveServer, near_ends: set[Address]) -> None:
        answer = await say(server, get(server, "/report.json"))
        assert answer.endswith(b"x" * 6_000_000)

    serving(scene, large)


def test_what_the_proxy_itself_connects_is_refused() -> None:
    async def scene(server: LiveServer, near_ends: set[Address]) -> None:
        reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
        near_ends.add(writer.get_extra_info("sockname"))
        writer.write(get(server))
        assert (await reader.read()).startswith(b"HTTP/1.1 403 ")
        writer.close()
        assert (await say(server, get(server))).startswith(b"HTTP/1.1 200 ")

    serving(scene)


def test_no_request_gets_no_answer_and_no_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def scene(server: LiveServer, near_ends: set[Address]) -> None:
        assert (await say(server, b"\x16\x03\x01\r\n\r\n")).startswith(b"HTTP/1.1 400 ")
        assert await say(server, b"GET / HTTP/1.1\r\nX: " + b"x" * (HEAD_BYTES * 4)) == b""
        _, writer = await asyncio.open_connection(LOOPBACK, server.port)
        writer.write(b"GET / HT")
        writer.transport.abort()
        await say(server, get(server, "/secret", Origin="http://evil.example"))
        assert server._open == set()

    serving(scene)
    assert not [one for one in caplog.records if one.name != "asyncio"]
    assert not any(word in caplog.text for word in ("secret", "evil.example"))


def test_who_says_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "TIMEOUT_S", 0.1)

    async def scene(server: LiveServer, near_ends: set[Address]) -> None:
        assert await say(server, b"GET / HTTP/1.1\r\n") == b""

    serving(scene)


def test_who_reads_or_speaks_slowly_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """One takes a large page and reads none of it, one sends its request byte by byte; both are ended."""
    monkeypatch.setattr(server_module, "TIMEOUT_S", 2.0)
    large = Pages()
    large.show({**rendered(every_verdict()), "report.json": "x" * (1 << 25)})

    async def scene(server: LiveServer, near_ends: set[Address]) -> None:
        slow = [await asyncio.open_connection(LOOPBACK, server.port, limit=1024) for _ in range(8)]
        try:
            for number, (_, writer) in enumerate(slow):
                writer.write(get(server, "/report.json") if number % 2 else get(server)[:20])
            async with asyncio.timeout(20):
                while len(server._open) < len(slow):
                    await asyncio.sleep(0.01)
            assert (await say(server, get(server))).startswith(b"HTTP/1.1 200 ")
            async with asyncio.timeout(20):
                while server._open:
                    await asyncio.sleep(0.05)
        finally:
            for _, writer in slow:
                writer.transport.abort()

    serving(scene, large)


def test_it_speaks_no_websocket() -> None:
    async def scene(server: LiveServer, near_ends: set[Address]) -> None:
        upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        assert (await say(server, get(server, **upgrade))).startswith(b"HTTP/1.1 200 ")
        elsewhere = get(server, Origin="http://evil.example", **upgrade)
        assert (await say(server, elsewhere)).startswith(b"HTTP/1.1 403 ")

    serving(scene)


def test_more_than_a_few_at_once_are_turned_away() -> None:
    async def scene(server: LiveServer, near_ends: set[Address]) -> None:
        mute = [await asyncio.open_connection(LOOPBACK, server.port) for _ in range(OPEN_AT_ONCE)]
        await asyncio.sleep(0.05)
        assert await say(server, get(server)) == b""
        for _, writer in mute:
            writer.close()
        await asyncio.sleep(0.05)
        assert (await say(server, get(server))).startswith(b"HTTP/1.1 200 ")

    serving(scene)


def test_an_error_of_ours_is_said_once_without_what_was_asked(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("GET /secret")

    monkeypatch.setattr(Pages, "answer", broken)

    async def scene(server: LiveServer, near_ends: set[Address]) -> None:
        for _ in range(3):
            assert await say(server, get(server, "/secret")) == b""

    serving(scene)
    (warning,) = [one for one in caplog.records if one.levelno >= logging.WARNING and one.name != "asyncio"]
    assert "ZeroDivisionError" in warning.getMessage() and "secret" not in caplog.text


def test_a_taken_port_is_an_error_of_the_system() -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()

        async def scene() -> None:
            LiveServer(taken.getsockname()[1], PAGES, set())

        with pytest.raises(OSError):
            asyncio.run(scene())


def test_a_port_is_free_at_once_after_the_end() -> None:
    ports: list[int] = []

    async def scene(server: LiveServer, near_ends: set[Address]) -> None:
        ports.append(server.port)
        await say(server, get(server))

    serving(scene)
    serving(scene, port=ports[0])
    assert ports[0] == ports[1]


def test_it_can_end_before_it_began() -> None:
    async def scene() -> None:
        LiveServer(0, PAGES, set()).stop()
        await asyncio.sleep(0.05)

    asyncio.run(scene(), debug=True)
