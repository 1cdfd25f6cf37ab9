"""The `adb` program: called by list, with a time-out; its own words are passed on, with the next step."""

import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from pinprobe.device.errors import NO_ROOT, DeviceError, DeviceLost, Refused

USUAL_S = 30.0
"""Of one command. A device under load answers within seconds; pushing a certificate takes no longer."""
LARGEST = 8 << 20
"""Bytes of one output; `dumpsys package` and the tables of sockets are far below it."""
CHUNK = 1 << 16
LONGEST_SAID = 400
"""Characters of adb's own words in a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a program said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both outputs, on one line, as a message may hold them."""
        words = " ".join(f"{self.err}\n{self.out}".split())
        return "".join(c if c.isprintable() else "?" for c in words)[:LONGEST_SAID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """One line of `adb devices -l`."""

    serial: str
    state: str
    """device, unauthorized, offline, or another word of adb's."""
    about: str
    """What else adb says of it."""


RECONNECT = "Connect it again, and run `pinprobe device restore` (scripts/restore) if anything had been changed."
ALLOW = (
    "Unlock the device and allow USB debugging for this computer in the dialog it shows; without a dialog: revoke USB "
    "debugging authorizations in its developer options and connect again."
)

SIGNS: tuple[tuple[re.Pattern[str], type[DeviceError], str, str], ...] = (
    (re.compile("unauthorized|still authorizing"), DeviceError, "The device has not authorised this computer.", ALLOW),
    (re.compile("no devices/emulators found"), DeviceLost, "No device is connected.", RECONNECT),
    (re.compile("more than one device"), DeviceError, "Several devices are connected.", "Name one: --device SERIAL."),
    (re.compile(r"device '.*' not found|device not found"), DeviceLost, "The device is gone.", RECONNECT),
    (re.compile("device (?:is )?offline"), DeviceLost, "The device is offline.", RECONNECT),
    (re.compile("cannot run as root"), DeviceError, "This device gives no root.", NO_ROOT),
    (re.compile("no permissions"), DeviceError, "This user may not open the USB device.", "Add a udev rule for it."),
    (
        re.compile("error: closed|protocol fault|connect failed: closed|connection reset|cannot connect to daemon"),
        DeviceLost,
        "The connection to the device broke.",
        RECONNECT,
    ),
)
"""adb's own words, and what they mean. The first that matches."""


class Adb:
    """The program, and what it says of itself."""

    def __init__(self, program: str = "adb", *, timeout_s: float = USUAL_S) -> None:
        """Raises `DeviceError` where there is no such program."""
        found = shutil.which(program)
        if found is None:
            raise DeviceError(
                f"There is no program `{program}`.",
                "Install Android's platform tools (Debian and Ubuntu: apt-get install adb), and put adb on the PATH.",
            )
        self.program = found
        self.timeout_s = timeout_s

    def run(
        self, *arguments: str, serial: str | None = None, timeout_s: float | None = None, stdin: str | None = None
    ) -> Answer:
        """Run it, and wait. Raises `DeviceLost` where it does not answer in time; any exit code is an answer."""
        command = [self.program, *(["-s", serial] if serial is not None else []), *arguments]
        return run_program(command, timeout_s or self.timeout_s, stdin=stdin)

    def version(self) -> str:
        """The first line of `adb version`."""
        return next(iter(self.run("version").out.splitlines()), "").strip()[:80]

    def devices(self) -> tuple[Attached, ...]:
        """What is connected, in adb's order."""
        answer = self.run("devices", "-l")
        if answer.code:
            raise failure(answer)
        found = []
        for line in answer.out.splitlines():
            words = line.split()
            # "List of devices attached", and lines of the daemon that starts: "* daemon started successfully".
            if len(words) >= 2 and not line.startswith(("List of", "*")):
                rest = line.split(None, 1)[1].strip()
                state = "no permissions" if rest.startswith("no permissions") else words[1]
                found.append(Attached(serial=words[0], state=state, about=" ".join(words[2:])[:200]))
        return tuple(found)


def failure(answer: Answer, doing: str = "") -> DeviceError:
    """The exception for what adb said."""
    for sign, kind, what, step in SIGNS:
        if sign.search(answer.err) or sign.search(answer.out):
            return kind(f"{what} adb says: {answer.said}.", step)
    return Refused(f"{doing or 'adb'} failed: {answer.said or f'exit code {answer.code}'}.", "See docs/device.md.")


def run_program(
    command: Sequence[str],
    timeout_s: float,
    *,
    stdin: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Answer:
    """Run a program by list, in a process group of its own, so that Ctrl-C in a terminal does not cut it off midway."""
    words = f"{command[0].rpartition('/')[2]} {' '.join(command[1:])[:120]}"
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=environment,
        )
    except OSError as error:
        raise DeviceError(f"{command[0]}: {error.strerror}.", "Check the installation.") from None
    outputs = [_Output(pipe, process.kill) for pipe in (process.stdout, process.stderr) if pipe is not None]
    end_s = time.monotonic() + timeout_s
    try:
        if process.stdin is not None:
            with suppress(BrokenPipeError), process.stdin:
                process.stdin.write((stdin or "").encode())
        for output in outputs:
            output.join(max(0.0, end_s - time.monotonic()))
        process.wait(max(0.0, end_s - time.monotonic()))
        if any(output.is_alive() for output in outputs):  # whoever it started holds them
            raise TimeoutError
    except (subprocess.TimeoutExpired, TimeoutError):
        raise DeviceLost(f"`{words}` did not answer within {timeout_s:g} s.", RECONNECT) from None
    finally:
        process.kill()
        process.wait()
    if any(output.too_much for output in outputs):
        raise DeviceLost(f"`{words}` printed more than {LARGEST >> 20} MB.", RECONNECT)
    out, err = (output.text for output in outputs)
    return Answer(code=process.returncode, out=out, err=err)


class _Output(threading.Thread):
    """Reads one of a program's outputs while it runs, and ends it where that has no end: a device may be broken, or hostile."""

    def __init__(self, pipe: IO[bytes], kill: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self._kill = kill
        self._kept = bytearray()
        self.too_much = False
        self.start()

    def run(self) -> None:
        """Until its end."""
        with self._pipe:
            while chunk := os.read(self._pipe.fileno(), CHUNK):
                self._kept += chunk
                if len(self._kept) > LARGEST:
                    self.too_much = True
                    self._kill()
                    return

    @property
    def text(self) -> str:
        """What was read."""
        return self._kept.decode("utf-8", "replace").replace("\r\n", "\n")
