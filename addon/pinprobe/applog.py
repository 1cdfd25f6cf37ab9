"""Follows the app's own log through adb, and tells which cause a line names, in this machine's time.

Processes come and go, so they are asked for again and again, and a line of one that is not known yet is held for a
moment. Whatever goes wrong is said once, and tried again: the proxy goes on without.
"""

import asyncio
import itertools
import time
from asyncio.subprocess import Process
from collections import deque
from collections.abc import Callable, Iterator

from pinprobe.device.logcat import Diagnosis, LogLines, clock_in
from pinprobe.device.processes import of_app, parse
from pinprobe.device.streams import Stream, StreamFailed, end, open_stream

Tell = Callable[[float, str, str | None], None]
"""Takes when a line was written, in this machine's Unix seconds, and the cause and host that it names."""

POLL_S = 1.0
"""Between two looks at the app's processes."""
CLOCK_EVERY = 30
"""Looks between two measurements of the device's clock."""
HOLD_S = 6.0
"""How long a line waits for its process to be known."""
REMEMBER_S = 60.0
"""How long lines of a process are still taken after it was seen last."""
HELD_KEPT = 256
ANSWER_S = 10.0
CLOCK_S = 1.0
"""Longest answer that tells the device's clock: it is wrong by up to half of that, and refusals are two seconds apart."""
CLOCK_TRIES = 3
PS = (("ps", "-A", "-o", "PID,PPID,NAME"), ("ps",))
"""Before Android 8 `ps` has no arguments; since then it lists the shell's own processes alone without them."""
RETRY_S = 5.0
CHUNK = 1 << 16
LONGEST_LINE = 1 << 16


class AppLog:
    """The log of one app on one device; `serial` None is the only one that is ready."""

    def __init__(
        self,
        package: str,
        serial: str | None,
        tell: Tell,
        complain: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock`: this machine's Unix seconds, by which lines are told."""
        self._package = package
        self._serial = serial
        self._tell = tell
        self._complain = complain
        self._clock = clock
        self._since_s = clock()
        self._ahead_s: float | None = None
        """How far the device's clock is ahead of this machine's; None until it was measured."""
        self._seen_s: dict[int, float] = {}
        """The app's processes, and when they were seen last."""
        self._held: deque[tuple[float, Diagnosis]] = deque(maxlen=HELD_KEPT)
        self._lines = LogLines()
        self._child: Process | None = None

    async def follow(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self._follow()
            except StreamFailed as error:
                self._complain(str(error))
            finally:
                self.stop()
            await asyncio.sleep(RETRY_S)

    def stop(self) -> None:
        """End the child at once; for those who cannot wait for the cancellation."""
        child, self._child = self._child, None
        if child is not None:
            end(child)

    async def _follow(self) -> None:
        device = await open_stream(self._serial)
        self._ahead_s = None  # it may have been started anew
        await self._set_clock(device)
        await self._look(device)
        # What is in the log already belongs to no connection of this session; adb wants at least one line of it.
        self._child = child = await device.start("logcat", "-v", "epoch", "-T", "1")
        last_words = asyncio.create_task(_last_words(child))
        polling = asyncio.create_task(self._poll(device))
        polling.add_done_callback(lambda _: end(child))  # the device is gone: adb itself would wait for it
        try:
            await self._read(child)
            if polling.done():
                await polling
            raise StreamFailed(device.said(await last_words))
        finally:
            for task in (polling, last_words):
                task.cancel()
            await asyncio.gather(polling, last_words, return_exceptions=True)

    async def _read(self, child: Process) -> None:
        assert child.stdout is not None
        self._lines, rest = LogLines(), b""
        while chunk := await child.stdout.read(CHUNK):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                self._take(self._lines.feed(line))
            if len(rest) > LONGEST_LINE:
                rest = b""

    async def _poll(self, device: Stream) -> None:
        for turn in itertools.count(1):
            await asyncio.sleep(POLL_S)
            if turn % CLOCK_EVERY == 0:
                await self._set_clock(device)
            await self._look(device)
            self._take(self._lines.settle(self._clock() + (self._ahead_s or 0.0)))

    async def _set_clock(self, device: Stream) -> None:
        for _ in range(CLOCK_TRIES):
            before_s = self._clock()
            device_s = clock_in(await device.output("shell", "date", "+%s.%N", timeout_s=ANSWER_S))
            after_s = self._clock()
            if device_s is None:
                raise StreamFailed("the device's clock cannot be read")
            if after_s - before_s <= CLOCK_S:
                self._ahead_s = device_s - (before_s + after_s) / 2
                return
        if self._ahead_s is None:  # joined to a wrong moment, a line would be worse than none
            raise StreamFailed("the device answers too slowly to tell its clock")

    async def _look(self, device: Stream) -> None:
        found: tuple[int, ...] = ()
        for words in PS:
            listing = await device.output("shell", *words, timeout_s=ANSWER_S)
            if found := of_app(parse(listing), self._package):
                break
        now_s = self._clock()
        self._seen_s = {pid: at_s for pid, at_s in self._seen_s.items() if now_s - at_s <= REMEMBER_S}
        self._seen_s.update(dict.fromkeys(found, now_s))
        held, self._held = self._held, deque(maxlen=HELD_KEPT)
        for at_s, one in held:
            if one.pid in self._seen_s:
                self._say(one)
            elif now_s - at_s <= HOLD_S:
                self._held.append((at_s, one))

    def _take(self, found: Iterator[Diagnosis]) -> None:
        for one in found:
            if one.pid in self._seen_s:
                self._say(one)
            else:
                self._held.append((self._clock(), one))

    def _say(self, one: Diagnosis) -> None:
        at_s = one.at_s - (self._ahead_s or 0.0)
        if at_s >= self._since_s:
            self._tell(at_s, one.cause, one.host)


async def _last_words(child: Process) -> bytes:
    """What it says beside its output; "waiting for device" is no error."""
    assert child.stderr is not None
    said = b""
    while chunk := await child.stderr.read(CHUNK):
        said = (said + chunk)[-CHUNK:]
    return b"\n".join(line for line in said.splitlines() if b"waiting for device" not in line)
