"""Where the Python client goes once an attempt is over: fallbacks, and what innocent apps do besides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from standin.clients import python_ssl_aside as aside
from standin.clients.base import Attempt, Job
from standin.clients.http_get import Ask
from standin.clients.pinning import FALLBACKS, Place

OCSP_REQUEST = bytes.fromhex("3042304030 3e303c303a300906052b0e03021a0500") + bytes(range(40))
"""Looks like the beginning of one: nothing here reads it to its end."""


def look_up_revocation(job: Job) -> Iterable[int]:
    """What TLS stacks and systems ask in cleartext by themselves."""
    host = job.other_host
    yield aside.in_cleartext(job, Ask(host, "/ocsp", OCSP_REQUEST, "application/ocsp-request"))
    for path in ("/ca.crl", "/issuer.crt", "/generate_204"):
        yield aside.in_cleartext(job, Ask(host, path))


@dataclass(frozen=True, slots=True)
class After:
    """What follows an attempt, and the name under which its status is told."""

    act: Callable[[Job], object]
    told_as: str
    refused_only: bool

    def follow(self, job: Job, attempt: Attempt) -> Attempt:
        # A chain that the device itself does not trust is no refusal by the pin.
        if self.refused_only and (attempt.result, attempt.stage) != ("refused", "check"):
            return attempt
        return attempt.also(**{self.told_as: self.act(job)})


AFTER: dict[str, After] = {
    "fallback": After(lambda job: aside.at(job, FALLBACKS["fallback"](job)), "fallback", True),
    "fallback-host": After(lambda job: aside.at(job, FALLBACKS["fallback-host"](job)), "fallback", True),
    "fallback-port": After(lambda job: aside.at(job, FALLBACKS["fallback-port"](job)), "fallback", True),
    "revokes": After(lambda job: list(look_up_revocation(job)), "looked_up", True),
    "visits-others": After(lambda job: aside.at(job, Place("https", job.other_host, job.other_port)), "visited", False),
    "cleartext-always": After(lambda job: aside.at(job, Place("http", job.host, 80)), "cleartext", False),
}
