"""What the Python client asks of other places, on connections of their own and without any pin.

Every function here returns the status of the answer; 0 where none came.
"""

from __future__ import annotations

import dataclasses
import socket

from standin.clients.base import Job
from standin.clients.http_get import Ask, Http1
from standin.clients.pinning import Place
from standin.clients.python_ssl_client import Client


def over_tls(job: Job, asks: Ask, port: int = 443) -> int:
    host = asks.host
    client = Client(job.but(technique="none", host=host, port=port, hosts="", sni="", keep=1))
    asks = dataclasses.replace(asks, host=Place("https", host, port).authority)
    try:
        with client.connect(host) as connection:
            return int(client.converse(connection, asks=asks).more["status"])
    except OSError:
        return 0


def in_cleartext(job: Job, asks: Ask) -> int:
    try:
        return ask_in_cleartext(job, asks)
    except OSError:
        return 0


def ask_in_cleartext(job: Job, asks: Ask) -> int:
    """As an HTTP client asks its proxy: the whole address in the request line."""
    address, port = job.proxy.rsplit(":", 1)
    with socket.create_connection((address, int(port)), timeout=job.timeout_s) as connection:
        whole = dataclasses.replace(asks, path=f"http://{asks.host}{asks.path}")
        return Http1(connection).ask(whole).status


def at(job: Job, place: Place) -> int:
    """The job's own path, there."""
    asks = Ask(place.host, job.path)
    return in_cleartext(job, asks) if place.scheme == "http" else over_tls(job, asks, place.port)
