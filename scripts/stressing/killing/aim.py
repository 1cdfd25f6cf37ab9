"""Sends a signal in the middle of a refresh: the kernel tells as soon as a file is begun (inotify), and is asked to let
nobody run before us then, where it allows that."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import struct
import time
from collections.abc import Iterator
from pathlib import Path

IN_CREATE = 0x100
_HEAD = struct.Struct("iIII")


def strike(pid: int, how: signal.Signals, folder: Path, *, after: int, wait_s: float) -> float:
    """Signal the process when the so-manieth file is begun in this folder, or after so long; returns when, in Unix seconds."""
    with _first_in_line(), _watching(folder) as watch:
        deadline = time.monotonic() + wait_s
        while (left_s := deadline - time.monotonic()) > 0:
            if select.select([watch], [], [], left_s)[0]:
                after -= _begun(os.read(watch, 65536))
                if after <= 0:
                    break
        struck_s = time.time()
        os.kill(pid, how)
    return struck_s


def _begun(events: bytes) -> int:
    """How many files in the making were begun."""
    found, at = 0, 0
    while at < len(events):
        _, _, _, length = _HEAD.unpack_from(events, at)
        name = events[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0")
        found += name.endswith(b".tmp")
        at += _HEAD.size + length
    return found


@contextlib.contextmanager
def _watching(folder: Path) -> Iterator[int]:
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_CLOEXEC)
    try:
        if watch < 0 or libc.inotify_add_watch(watch, os.fsencode(folder), IN_CREATE) < 0:
            raise RuntimeError(f"the kernel does not tell of files: {os.strerror(ctypes.get_errno())}")
        yield watch
    finally:
        if watch >= 0:
            os.close(watch)


@contextlib.contextmanager
def _first_in_line() -> Iterator[None]:
    before = os.sched_getscheduler(0)
    with contextlib.suppress(OSError):  # root's alone
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, before, os.sched_param(0))
