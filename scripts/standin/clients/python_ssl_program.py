"""The process behind `python_ssl`: attempts one after the other, a JSON line for each."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from standin.clients import python_ssl_learning, python_ssl_odd, python_ssl_reporting, python_ssl_rhythm
from standin.clients.base import Attempt, Job, tell
from standin.clients.python_ssl_client import Client
from standin.clients.python_ssl_degrading import AFTER

HOW: dict[str, Callable[[Client], Attempt]] = {
    "leaks": python_ssl_reporting.leaks,
    "reports": python_ssl_reporting.reports,
    "pin-reports": python_ssl_reporting.pin_reports,
    "posts-json": python_ssl_reporting.posts_json,
    "mutes": python_ssl_reporting.mutes,
    "preconnects": python_ssl_reporting.preconnects,
    "mutes-always": python_ssl_reporting.mutes_always,
    "learns-pins": python_ssl_learning.learns_pins,
    "idle": python_ssl_odd.idle,
    "resume": python_ssl_odd.resume,
    "cleartext": python_ssl_odd.cleartext,
    "raw": python_ssl_odd.raw,
    "greeting": python_ssl_odd.greeting,
    "tcp": python_ssl_odd.tcp,
    "torn-hello": python_ssl_odd.torn_hello,
    "websocket": python_ssl_odd.websocket,
    "coalesce": python_ssl_odd.coalesce,
}
"""What becomes of one connection, where it is not simply asked."""


def main() -> None:
    job = Job.parse(sys.argv[1:])
    client = Client(job)
    how = HOW.get(job.technique, Client.ask)
    rhythm = python_ssl_rhythm.RHYTHMS.get(job.technique, python_ssl_rhythm.once)
    after = AFTER.get(job.technique)
    for number in range(1, job.attempts + 1):
        if number > 1:
            time.sleep(job.pause_s)
        client.number = number
        for attempt in rhythm(client, how):
            tell(after.follow(job, attempt) if after else attempt)
        if client.over:
            break
    client.release()


if __name__ == "__main__":
    main()
