"""Puts one input after another to a target, under a limit of time, and keeps what is wrong with it."""

from __future__ import annotations

import hashlib
import mmap
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from stressing.fuzz.target import Check, Target

FAILURES = Path("fuzz-failures")
"""Where inputs that failed are kept, in the folder that the command was started in."""
DIFFERENT = 20
"""Failures of one target that are kept; the rest is counted."""
CURRENT_BYTES = 1 << 20
_OURS = ("/addon/pinprobe/", "/stressing/fuzz/targets/", "/tests/")


class TooLong(BaseException):
    """One input took more processor time than it may. No `except Exception` of the code under test stops it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What one input did."""

    what: str
    """The error, and where it came from."""
    file: str
    """Where the input is kept."""


class Current:
    """The input of the moment, in a file that outlives the process: whatever ends it hard, the input is there."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        os.ftruncate(descriptor, CURRENT_BYTES)
        self._map = mmap.mmap(descriptor, CURRENT_BYTES)
        os.close(descriptor)

    def put(self, data: bytes) -> None:
        """Remember it."""
        self._map[:4] = min(len(data), CURRENT_BYTES - 4).to_bytes(4, "big")
        self._map[4 : 4 + len(data)] = data[: CURRENT_BYTES - 4]

    @staticmethod
    def read(path: Path) -> bytes:
        """What a process had before it that is gone."""
        content = path.read_bytes()
        return content[4 : 4 + int.from_bytes(content[:4], "big")]


@dataclass(slots=True, kw_only=True)
class Attempts:
    """The attempts of one process on one target."""

    target: Target
    check: Check
    current: Current | None = None
    failures_folder: Path = FAILURES
    count: int = 0
    slowest_s: float = 0.0
    failures: dict[str, Failure] = field(default_factory=dict)
    more: int = 0
    """Failures beyond those that are kept, most of them the same ones again."""

    def __post_init__(self) -> None:
        signal.signal(signal.SIGPROF, _too_long)

    def put(self, data: bytes) -> bool:
        """One input; True where nothing is wrong with it."""
        self.count += 1
        if self.current is not None:
            self.current.put(data)
        wrong: BaseException | None = None
        began_s = time.process_time()
        # Processor time and not the wall's: a busy machine makes no input slow.
        signal.setitimer(signal.ITIMER_PROF, self.target.limit_s)
        try:
            self.check(data)
        except (Exception, TooLong) as error:
            wrong = error
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        took_s = time.process_time() - began_s
        self.slowest_s = max(self.slowest_s, took_s)
        if wrong is None and took_s > 2 * self.target.limit_s:
            wrong = TooLong()  # in code that hears no signal
        if wrong is not None:
            self._keep(data, wrong)
        return wrong is None

    def _keep(self, data: bytes, error: BaseException) -> None:
        what = f"{type(error).__name__}: {error}"[:200] if str(error) else type(error).__name__
        where = _where(error)
        key = f"{type(error).__name__} {where}"
        if key in self.failures or len(self.failures) >= DIFFERENT:
            self.more += 1
            return
        file = keep(self.target.name, data, self.failures_folder)
        self.failures[key] = Failure(what=f"{what} ({where})", file=str(file))


def keep(target: str, data: bytes, folder: Path = FAILURES) -> Path:
    """Write an input that failed into a private file."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{target}-{hashlib.sha256(data).hexdigest()[:16]}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return path


def _where(error: BaseException) -> str:
    """The innermost place in our own code."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if any(part in frame.filename for part in _OURS)]
    if not ours:
        return "outside"
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno} {ours[-1].name}"


def _too_long(number: int, frame: FrameType | None) -> None:
    if sys.is_finalizing():
        return
    raise TooLong("more processor time than one input may take")
