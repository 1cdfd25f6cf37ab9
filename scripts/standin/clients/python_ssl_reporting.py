"""What the Python client does about a key that is not the pinned one, other than leaving at once."""

from __future__ import annotations

import ssl

from standin.clients import python_ssl_aside as aside
from standin.clients.base import Attempt, failed, refused
from standin.clients.pin_reports import Failure, analytics, report
from standin.clients.python_ssl_client import Client


def leaks(client: Client) -> Attempt:
    """Asks, and compares the key only when the first answer is there."""
    with client.connect(client.host) as connection:
        return client.converse(connection, then=client.check)


def reports(client: Client) -> Attempt:
    """A wrong key is reported and changes nothing."""
    with client.connect(client.host) as connection:
        if client.fits(connection):
            return client.converse(connection)
        told = _report(client, _leaf(connection), enforced=False)
        return client.converse(connection).also(report=told)


def pin_reports(client: Client) -> Attempt:
    """A wrong key is reported, and refused."""
    with client.connect(client.host) as connection:
        if client.fits(connection):
            return client.converse(connection)
        leaf = _leaf(connection)
    told = _report(client, leaf, enforced=True)
    return refused("check", "the leaf's key is not the pinned one", report=told)


def posts_json(client: Client) -> Attempt:
    posted = aside.over_tls(client.job, analytics(client.job.report_host, client.host))
    return client.ask().also(posted=posted)


def mutes(client: Client) -> Attempt:
    """A wrong key is answered by silence on a connection that stays open."""
    connection = client.connect(client.host)
    if client.fits(connection):
        with connection:
            return client.converse(connection)
    client.held.append(connection)
    return refused("check", "kept open, mute")


def preconnects(client: Client) -> Attempt:
    client.held.append(client.connect(client.host))
    return client.ask()


def mutes_always(client: Client) -> Attempt:
    client.held.append(client.connect(client.host))
    return failed("idle", "kept open, mute, as planned")


def _leaf(connection: ssl.SSLSocket) -> bytes:
    return connection.getpeercert(binary_form=True) or b""


def _report(client: Client, leaf: bytes, *, enforced: bool) -> int:
    job = client.job
    failure = Failure(host=client.host, port=job.port, pin=job.pin, chain=(leaf,), enforced=enforced)
    return aside.over_tls(job, report(job.report_format, job.report_host, failure))
