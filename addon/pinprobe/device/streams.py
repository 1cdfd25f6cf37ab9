"""adb commands beside an event loop: they can be ended at any moment, and nobody waits for them."""

import asyncio
import re
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress

from pinprobe.device.adb import Adb
from pinprobe.device.choice import NOT_TO_BE_HAD, find
from pinprobe.device.errors import DeviceError

FIND_S = 5.0
"""Longest wait for adb's list of devices, which may first start its server."""
LARGEST = 1 << 20
"""Bytes of a short command's output."""
WORDS_KEPT = 200
"""Characters of adb's own words."""


class StreamFailed(Exception):
    """adb did not do what it was asked; the text names no serial, since it ends in journals and reports."""


class Stream:
    """Commands on one device."""

    def __init__(self, program: str, serial: str) -> None:
        self._program = program
        self._serial = serial

    async def start(self, *words: str) -> Process:
        """Start a command, whose output the caller reads and whom it ends. Raises StreamFailed."""
        try:
            # A session of its own: Ctrl-C in the proxy's terminal is for the proxy, which then ends the command.
            return await asyncio.create_subprocess_exec(
                self._program,
                "-s",
                self._serial,
                *words,
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise StreamFailed(f"adb cannot be started ({error.strerror})") from None

    async def output(self, *words: str, timeout_s: float) -> str:
        """What a short command prints, whatever its exit code if it prints anything. Raises StreamFailed."""
        process = await self.start(*words)
        try:
            async with asyncio.timeout(timeout_s):
                out, error = await asyncio.gather(_whole(process, process.stdout), _whole(process, process.stderr))
                await process.wait()
        except TimeoutError:
            raise StreamFailed(f"the device did not answer within {timeout_s:.0f} s") from None
        finally:
            end(process)
        if max(len(out), len(error)) > LARGEST:
            raise StreamFailed(f"the device answered with more than {LARGEST >> 20} MB")
        if process.returncode and not out:
            raise StreamFailed(self.said(error))
        return out.decode("utf-8", "replace")

    def said(self, error: bytes) -> str:
        """adb's last words, without the device's serial and what a terminal obeys."""
        lines = error.decode("utf-8", "replace").replace(self._serial, "...").strip().splitlines()
        text = re.sub(r"'[^']*'", "'...'", lines[-1]) if lines else "the device or its adb ended it"
        return "".join(c if c.isprintable() else " " for c in text)[:WORDS_KEPT]


async def open_stream(wanted: str | None) -> Stream:
    """A device by its serial, or the only one that is ready. Raises StreamFailed."""

    def found() -> Stream:
        adb = Adb(timeout_s=FIND_S)
        return Stream(adb.program, find(adb, wanted).serial)

    try:
        return await asyncio.to_thread(found)
    except DeviceError:
        raise StreamFailed(NOT_TO_BE_HAD) from None


async def _whole(process: Process, output: asyncio.StreamReader | None) -> bytes:
    """All of it; a process that prints more than a short command does is ended, and read to its end."""
    assert output is not None
    found = b""
    while chunk := await output.read(LARGEST):
        if len(found) <= LARGEST:
            found += chunk
        if len(found) > LARGEST:
            end(process)
    return found


def end(process: Process) -> None:
    """End a command that may have ended by itself."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
