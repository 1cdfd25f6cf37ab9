"""When a technique pins, and where it goes once its pin has refused: what several kinds of client share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from standin.clients.base import Job

ALWAYS = (
    "pin",
    "fallback",
    "fallback-host",
    "fallback-port",
    "visits-others",
    "revokes",
    "cleartext-always",
    "storms",
    "stops",
)

PINS: dict[str, Callable[[int, int], bool]] = {
    **dict.fromkeys(ALWAYS, lambda number, times: True),
    "relents": lambda number, times: number <= times,
    "hardens": lambda number, times: number > times,
    "two-clients": lambda number, times: number % 2 == 1,
}
"""Whether the attempt of this number, from one on, is pinned; `times` is the job's."""


@dataclass(frozen=True, slots=True)
class Place:
    scheme: Literal["http", "https"]
    host: str
    port: int

    @property
    def authority(self) -> str:
        usual = {"http": 80, "https": 443}[self.scheme]
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    def url(self, path: str) -> str:
        return f"{self.scheme}://{self.authority}{path}"


FALLBACKS: dict[str, Callable[[Job], Place]] = {
    "fallback": lambda job: Place("http", job.host, 80),
    "fallback-host": lambda job: Place("https", job.other_host, job.other_port),
    "fallback-port": lambda job: Place("https", job.host, job.other_port),
}
"""Where the same path is asked for, without any pin, after a refusal."""


def pins_at(job: Job, number: int) -> bool:
    rule = PINS.get(job.technique)
    return rule is not None and rule(number, job.times)
