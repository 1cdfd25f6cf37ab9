"""The app runs: all its clients at once, each trying again and again, while pinprobe's lines are shown as they come."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from demonstration.cast import EVERYWHERE, wanted
from demonstration.deeds import deeds, in_words
from demonstration.interruption import Interruption, shielded_children
from demonstration.progress import Progress
from demonstration.world import World
from standin.clients import CLIENTS, Attempt, Job
from standin.clients.base import Run
from standin.proxy import Proxy

POLL_S = 0.2
LIMIT_S = 60.0
"""Longest time that the clients get: whatever a slow machine has not come to by then is missing from the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Which clients can play here, and why others cannot."""

    present: tuple[str, ...]
    absent: Mapping[str, str]
    """By client, what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one client had to say."""

    attempts: tuple[Attempt, ...] = ()
    broken: str = ""
    """Why it ended in the midst of its work, if it did."""


def gather(allowed: Collection[str], progress: Progress, interruption: Interruption) -> Company:
    """Look for every client that has a part, and compile those that need it."""
    present: list[str] = []
    absent: dict[str, str] = {}
    for name in wanted():
        interruption.heed()
        kind = CLIENTS[name]
        if name not in allowed and name != EVERYWHERE:
            absent[name] = "left out by --clients"
        elif missing := kind.missing():
            absent[name] = f"install {missing}"
        else:
            progress.say(f"client: {kind.title}")
            try:
                # The command is not run yet; asking for it compiles what has to be compiled.
                kind.command(Job(proxy="", host="", trust=Path()))
                present.append(name)
            except RuntimeError as error:
                interruption.heed()
                absent[name] = f"it did not compile here: {str(error).strip().splitlines()[-1]}"
    return Company(present=tuple(present), absent=absent)


class Client(Run):
    """A run that can be asked whether it has ended, without waiting for that."""

    @property
    def ended(self) -> bool:
        # What clients print fits into their pipes many times over, so nobody need read it meanwhile.
        return self._process.poll() is not None


def perform(world: World, proxy: Proxy, progress: Progress, interruption: Interruption) -> Mapping[str, Told]:
    """By host, what its client says happened. No client is left when this returns or raises."""
    with ExitStack() as stack:
        clients: dict[str, Client] = {}
        for role in world.roles:
            interruption.heed()
            with shielded_children():
                client = Client(CLIENTS[role.player.client], world.job(role, proxy.address))
            clients[role.part.host] = client
            stack.callback(client.stop)
        most = max(client.job.attempts for client in clients.values())
        progress.say(f"{len(clients)} clients run, {most} attempts each at most; meanwhile pinprobe says:")
        return _watch(clients, proxy, progress, interruption)


def _watch(
    clients: Mapping[str, Client], proxy: Proxy, progress: Progress, interruption: Interruption
) -> Mapping[str, Told]:
    told: dict[str, Told] = {}
    until_s = time.monotonic() + LIMIT_S
    while len(told) < len(clients):
        interruption.wait(POLL_S)
        progress.follow(proxy.output)
        if proxy.returncode is not None:
            raise RuntimeError(f"mitmdump ended by itself:\n{proxy.output}")
        late = time.monotonic() > until_s
        for host, client in clients.items():
            if host not in told and (client.ended or late):
                told[host] = _result(client, late)
                story = told[host].broken or in_words(deeds(told[host].attempts))
                progress.say(f"{client.kind.title} has done with {host}: {story}")
    return told


def _result(client: Client, late: bool) -> Told:
    try:
        return Told(attempts=tuple(client.stop() if late else client.wait()))
    except (RuntimeError, ValueError) as error:
        return Told(broken=" ".join(str(error).split())[:300])
