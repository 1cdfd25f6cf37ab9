"""How many connections the Python client makes of one attempt, and when it makes no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from standin.clients.base import Attempt
from standin.clients.python_ssl_client import Client

How = Callable[[Client], Attempt]
Rhythm = Callable[[Client, How], Iterator[Attempt]]


def once(client: Client, how: How) -> Iterator[Attempt]:
    yield client.attempt(how)


def storms(client: Client, how: How) -> Iterator[Attempt]:
    for _ in range(1 + client.job.times):
        attempt = client.attempt(how)
        yield attempt
        if attempt.result != "refused":
            return


def busy(client: Client, how: How) -> Iterator[Attempt]:
    for _ in range(client.job.times):
        yield client.attempt(how)


def withdraws(client: Client, how: How) -> Iterator[Attempt]:
    first = client.attempt(how)
    yield first
    if first.more.get("leaf_pin") == client.job.pin:
        for _ in range(client.job.times - 1):
            yield client.attempt(how)


def stops(client: Client, how: How) -> Iterator[Attempt]:
    attempt = client.attempt(how)
    client.over = attempt.result == "refused"
    yield attempt


RHYTHMS: dict[str, Rhythm] = {"storms": storms, "busy": busy, "withdraws": withdraws, "stops": stops}
