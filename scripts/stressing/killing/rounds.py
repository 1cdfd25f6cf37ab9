"""One proxy's life under load, up to its end at a random moment, and what became of its session."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from standin.proxy import Proxy
from stressing.clients import Clients, Note
from stressing.killing import aim
from stressing.killing import left as leavings
from stressing.killing.left import Left
from stressing.world import World

PROMISE_S = 1.0
"""An event that is older is in the journal, whatever happens, as far as the process is let run at all."""
AIM_S = 8.0
"""How long a refresh is waited for."""
GONE_S = 5.0
LOAD_S = 20.0
LOAD_BYTES = 5_000
"""Of the journal when the first connections are in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What is known of one life."""

    how: str
    notes: tuple[Note, ...]
    left: Left
    lost_s: float
    """Age of the oldest fact that is missing, when the end came; 0 where none is."""
    lost: int
    starved_s: float
    """How much of its last second a thread of the proxy waited for a processor, which other processes had."""
    wrong: tuple[str, ...]


def live(
    world: World, clients: Clients, reports: Path, how: signal.Signals, *, mode: str, load_s: float, after: int
) -> Ended:
    """Start a proxy, let the clients at it for so long, and end it by this signal; with `after`, when they have just
    fallen silent, while it writes the so-manieth file of a report."""
    before = set(reports.glob("*/*"))
    with world.proxy(reports, mode=mode, options={"pinprobe_formats": "all"}) as proxy:
        proxy.wait_for("recording to", 60.0)
        clients.go(proxy.address)
        _await_load(reports, before)
        time.sleep(load_s - PROMISE_S)
        waited = _waited_s(proxy.pid)
        time.sleep(PROMISE_S)
        folder, children = _session(reports, before), _children(proxy.pid)
        starved_s = max(s - waited.get(thread, s) for thread, s in _waited_s(proxy.pid).items())
        notes: list[Note] | None = None
        if after and folder is not None:
            notes = clients.pause()  # a busy proxy makes a large report twice a minute, one that falls silent at once
            ended_s = aim.strike(proxy.pid, how, folder, after=after, wait_s=AIM_S)
        else:
            ended_s = time.time()
            os.kill(proxy.pid, how)
        code = _gone(proxy)
    if notes is None:
        notes = clients.pause()
    folder = folder or _session(reports, before)
    if folder is None:
        raise RuntimeError(f"no session was begun:\n{proxy.output[:2000]}")
    found = leavings.read(folder)
    missing = [note for note in leavings.lost(found, notes) if note.at_s < ended_s or how is not signal.SIGKILL]
    lost_s = max((ended_s - note.at_s for note in missing), default=0.0)
    wrong = [*found.wrong, *leavings.list_is_whole(reports)]
    wrong += [f"{folder.name}: process {pid} outlived its proxy" for pid in children if _runs(pid)]
    if how is signal.SIGKILL:
        wrong += [f"{folder.name}: a fact of {lost_s:.2f} s ago is lost"] if lost_s > PROMISE_S + starved_s else []
    else:
        wrong += [f"{folder.name}: {len(missing)} facts are lost"] if missing else []
        wrong += leavings.not_at_its_end(found)
        wrong += [f"{folder.name}: mitmdump ended with {code}"] if code else []
    return Ended(
        how=how.name,
        notes=tuple(notes),
        left=found,
        lost_s=max(0.0, lost_s),
        lost=len(missing),
        starved_s=starved_s,
        wrong=tuple(wrong),
    )


def _await_load(reports: Path, before: set[Path]) -> None:
    """Until the journal shows that clients have come; not for ever."""
    deadline = time.monotonic() + LOAD_S
    while time.monotonic() < deadline:
        folder = _session(reports, before)
        if folder is not None and (folder / "journal.jsonl").stat().st_size > LOAD_BYTES:
            return
        time.sleep(0.05)


def _session(reports: Path, before: set[Path]) -> Path | None:
    new = [path.parent for path in reports.glob("*/*/journal.jsonl") if path.parent not in before]
    return new[0] if len(new) == 1 else None


def _gone(proxy: Proxy) -> int:
    deadline = time.monotonic() + GONE_S + 30
    while (code := proxy.returncode) is None:
        if time.monotonic() > deadline:
            raise RuntimeError(f"mitmdump did not end:\n{proxy.output[-2000:]}")
        time.sleep(0.01)
    return code


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        found.update(map(int, path.read_text().split()))
    return found


def _waited_s(pid: int) -> dict[str, float]:
    """By thread, how long it could have run and was not let."""
    found = {}
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):  # the thread has ended
            found[path.parent.name] = int(path.read_text().split()[1]) / 1e9
    return found


def _runs(pid: int) -> bool:
    deadline = time.monotonic() + GONE_S
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            return True
        time.sleep(0.05)
    return False
