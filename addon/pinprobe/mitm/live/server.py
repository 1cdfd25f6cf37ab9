"""The live page's own port: a listener of the proxy's event loop, on 127.0.0.1 alone. It logs nobody and nothing."""

import asyncio
import logging
import os
import socket
from collections.abc import Container

from pinprobe.mitm.live.asked import asked_of, names_of
from pinprobe.mitm.live.pages import Answer, Pages

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
HEAD_BYTES = 16384
"""The longest head of a request that is read."""
TIMEOUT_S = 20.0
"""For the whole of one request and its answer."""
OPEN_AT_ONCE = 32
"""Connections beyond this number are closed at once."""

Address = tuple[str, int]


class LiveServer:
    """Listens from its making on until `stop`. Raises OSError as the system does where a port is taken."""

    def __init__(self, port: int, pages: Pages, of_the_proxy: Container[Address]) -> None:
        """Port 0 is any free one; `of_the_proxy` holds the near ends of the proxy's own connections to us."""
        self._pages = pages
        self._of_the_proxy = of_the_proxy
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self._names = names_of(self.port)
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._failed = False
        # Bound already: what goes wrong from here on is no port that is taken.
        self._task = asyncio.get_running_loop().create_task(self._listen())

    def stop(self) -> None:
        """Close the port and what is open; at once, since a reload does not wait."""
        self._task.cancel()
        if self._server is not None:
            self._server.close()
        self._socket.close()
        for writer in self._open:
            writer.transport.abort()

    async def _listen(self) -> None:
        # In two steps, so that `stop` finds the server from the moment it begins to accept.
        self._server = await asyncio.start_server(self._serve, sock=self._socket, limit=HEAD_BYTES, start_serving=False)
        await self._server.start_serving()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            if len(self._open) <= OPEN_AT_ONCE:
                async with asyncio.timeout(TIMEOUT_S):
                    head = await reader.readuntil(b"\r\n\r\n")
                    writer.write(_in_bytes(self._answer(head, writer)))
                    await writer.drain()
                    writer.close()
                    await writer.wait_closed()
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            pass  # gone, too slow, or no request at all
        except asyncio.CancelledError:
            pass  # the loop ends, and this task with it; Python 3.11 would print a traceback
        except Exception as error:
            # Its text might hold what was asked.
            if not self._failed:
                logger.warning("pinprobe: the live report could not be shown: %s.", type(error).__name__)
            self._failed = True
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> Answer:
        host, port = writer.get_extra_info("peername")[:2]
        asked = asked_of(head, host, by_proxy=(host, port) in self._of_the_proxy)
        return self._pages.answer(asked, self._names)


def _listening(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # A port that was ours a moment ago; elsewhere this option would let another program share it.
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((LOOPBACK, port))
        made.listen(OPEN_AT_ONCE)
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made


def _in_bytes(answer: Answer) -> bytes:
    headers = (*answer.headers, ("Connection", "close"))
    lines = [f"HTTP/1.1 {answer.status.value} {answer.status.phrase}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + answer.body
