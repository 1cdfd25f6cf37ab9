"""The ways to the page: the magic host for those who asked for it, the port never through the proxy."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import connection, http
from mitmproxy.test import tflow
from tests.config.words import settings
from tests.mitm.hooks import of, stage
from tests.report.samples import every_verdict

from pinprobe import events as ev
from pinprobe.mitm.live import Door, Pages
from pinprobe.report.files import rendered

PAGES = Pages()
PAGES.show(rendered(every_verdict()))


@contextmanager
def door(**options: Any) -> Iterator[Door]:
    """Inside, it is open."""

    async def begin() -> None:
        made.open()

    made = Door(settings(**options), PAGES)
    with asyncio.Runner() as runner:
        runner.run(begin())
        yield made
        made.close()
        runner.run(asyncio.sleep(0.01))


def port_of(one: Door) -> int:
    assert one._server is not None
    return one._server.port


def asks(host: str, port: int = 80, *, method: str = "GET", path: str = "/", tls: bool = False) -> http.HTTPFlow:
    flow = tflow.tflow()
    flow.client_conn.timestamp_tls_setup = 1.0 if tls else None
    flow.request.method, flow.request.host, flow.request.port, flow.request.path = method, host, port, path
    flow.request.headers["host"] = host if port == 80 else f"{host}:{port}"
    return flow


def status(one: Door, flow: http.HTTPFlow) -> int | None:
    one.answer(flow)
    return flow.response.status_code if flow.response else None


@pytest.mark.parametrize("host", ["pinprobe.test", "PinProbe.TEST", "pinprobe.test."])
def test_the_magic_host_when_it_was_asked_for(host: str) -> None:
    with door(magic_host="on") as one:
        assert one.is_magic(asks(host))
    with door() as one:
        assert not one.is_magic(asks(host))
        assert status(one, asks(host)) is None


def test_the_magic_host_answers_as_the_port_does() -> None:
    with door(magic_host="on", live="off") as one:
        assert status(one, asks("pinprobe.test")) == 200
        assert status(one, asks("pinprobe.test", path="/report.json")) == 200
        assert status(one, asks("pinprobe.test", path="/x")) == 404
        assert status(one, asks("pinprobe.test", method="DELETE")) == 405
        assert status(one, asks("pinprobe.test", 8080)) == 421
        assert status(one, asks("pinprobe.test", 443, method="CONNECT")) == 403, "there is no TLS"
        assert status(one, asks("pinprobe.test", tls=True)) == 403
        elsewhere = asks("pinprobe.test")
        elsewhere.request.headers["origin"] = "http://shop.test"
        assert status(one, elsewhere) == 403
        renamed = asks("shop.test")
        renamed.request.headers["host"] = "pinprobe.test"
        assert status(one, renamed) is None, "it goes to its own destination"


def test_what_goes_elsewhere_goes_on() -> None:
    with door(magic_host="on") as one:
        for flow in (asks("shop.test"), asks("127.0.0.1", 8080), asks("shop.test", port_of(one))):
            assert status(one, flow) is None


HERE = ["127.0.0.1", "localhost", "LOCALHOST.", "app.localhost", "127.9.9.9", "::1", "::ffff:127.0.0.1", "0.0.0.0"]


@pytest.mark.parametrize("host", HERE)
def test_the_port_is_refused_through_the_proxy(host: str) -> None:
    with door() as one:
        assert status(one, asks(host, port_of(one))) == 403
        assert status(one, asks(host, port_of(one), method="CONNECT")) == 403
        server = connection.Server(address=(host, port_of(one)))
        one.connecting(server)
        assert server.error
        other = connection.Server(address=(host, port_of(one) ^ 1))
        one.connecting(other)
        assert other.error is None


def test_a_name_that_leads_to_the_port_is_known_by_its_connection() -> None:
    with door() as one:
        server = connection.Server(address=("innocent.test", port_of(one)))
        one.connecting(server)
        assert server.error is None
        server.peername, server.sockname = ("127.0.0.1", port_of(one)), ("127.0.0.1", 50000)
        one.connected(server)
        assert one._of_the_proxy == {("127.0.0.1", 50000)}
        elsewhere = connection.Server(address=("shop.test", 443))
        elsewhere.peername, elsewhere.sockname = ("192.0.2.1", port_of(one)), ("192.0.2.2", 50001)
        one.connected(elsewhere)
        one.disconnected(elsewhere)
        one.disconnected(server)
        assert one._of_the_proxy == set()
        one.connecting(connection.Server(address=None))
        one.connected(connection.Server(address=None))
        one.disconnected(connection.Server(address=None))


def test_off_opens_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with door(live="off") as one:
        assert one._server is None
        assert status(one, asks("127.0.0.1", 8080)) is None
    assert caplog.records == []


def test_where_it_is_shown_is_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with door(magic_host="on") as one:
        assert f"live report: http://127.0.0.1:{port_of(one)}/" in caplog.text
        assert "http://pinprobe.test/ through the proxy, for the app under test as well" in caplog.text


def test_a_taken_port_is_a_warning_with_the_fix(caplog: pytest.LogCaptureFixture) -> None:
    with door() as first, door(live=str(port_of(first)), magic_host="on") as second:
        assert second._server is None
        assert status(second, asks("pinprobe.test")) == 200
    (warning,) = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    assert "name another port" in warning and "The proxy goes on" in warning


# -- with the addon around it --------------------------------------------------------------------------------


def test_visits_at_the_magic_host_are_no_traffic(tmp_path: Path) -> None:
    with stage(tmp_path, magic_host="on") as s:
        visitor = s.visit()
        visitor.context.server.address = None
        visitor.says(b"GET http://pinprobe.test/ HTTP/1.1\r\n")
        for _ in range(2):
            assert visitor.request("pinprobe.test", b"http").response
        visitor.closed()
        assert s.addon._unmet == {}
        journal = s.end()
    assert of(ev.ConnectionOpened, journal) == [] and of(ev.CleartextSeen, journal) == []


def test_a_connection_that_visits_and_goes_on_is_told_of(tmp_path: Path) -> None:
    with stage(tmp_path, magic_host="on") as s:
        app = s.visit()
        app.context.server.address = None
        app.request("pinprobe.test", b"http")
        app.request("shop.test", b"http")
        app.request("pinprobe.test", b"http")
        app.closed()
        silent = s.visit()
        silent.closed()
        journal = s.end()
    assert [event.connection_id for event in of(ev.ConnectionOpened, journal)] == [1, 2]
    assert [event.connection_id for event in of(ev.ConnectionClosed, journal)] == [1, 2]
    assert [event.host for event in of(ev.CleartextSeen, journal)] == ["shop.test"]


def test_without_the_magic_host_its_name_is_a_name(tmp_path: Path) -> None:
    with stage(tmp_path) as s:
        app = s.visit()
        app.request("pinprobe.test", b"http")
        app.closed()
        assert [event.host for event in of(ev.CleartextSeen, s.end())] == ["pinprobe.test"]
