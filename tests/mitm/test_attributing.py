"""Facts leave in the order in which they came, with the app's name right behind the connection's opening."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy import connection, ctx
from mitmproxy.options import Options
from mitmproxy.proxy import mode_specs
from tests.attribution.seen import ONE, PHONE, PROXY, TWO, seen
from tests.attribution.test_polling import Table
from tests.config.words import settings

from pinprobe import events as ev
from pinprobe.attribution import NOBODY, Seen
from pinprobe.mitm import attributing as room
from pinprobe.mitm.attributing import Attributing, Hold, device_of, listener_name, seen_of


def fact(number: int) -> ev.CertificateSent:
    return ev.CertificateSent(at_s=0.0, connection_id=number)


@given(st.lists(st.tuples(st.sampled_from(["put", "gap", "fill", "fill with a name"]), st.integers(1, 4)), max_size=30))
def test_nothing_overtakes_and_nothing_is_lost(steps: list[tuple[str, int]]) -> None:
    """Whatever the order of gaps and fillings."""
    out: list[ev.Event] = []
    hold = Hold(out.append)
    gaps: list[int] = []
    put: list[ev.Event] = []
    named = set()
    for what, number in steps:
        if what == "put":
            put.append(fact(len(put) + 100))
            hold.put(put[-1])
        elif what == "gap" and number not in gaps:
            gaps.append(number)
            hold.gap(number, 0.0)
        elif what.startswith("fill"):
            name = what.endswith("name")
            waited = number in hold.overdue(0.0)
            assert hold.fill(number, fact(number) if name else None) is waited
            if waited and name:
                named.add(number)
    for number in hold.overdue(0.0):
        hold.fill(number, None)
    assert [event for event in out if event in put] == put
    assert {event.connection_id for event in out if isinstance(event, ev.CertificateSent)} >= named
    assert len(out) == len(put) + len(named)


class Played:
    """Attributing in front of a list; the proxy's thread is this one."""

    def __init__(self, table: Table | None = None, **options: Any) -> None:
        self.out: list[ev.Event] = []
        self.soon = threading.Event()
        self.attributing = Attributing(settings(**options), self.out.append, self.call_soon, table)
        self.connections = 0

    def call_soon(self, _: object) -> None:
        self.soon.set()

    def opened(self, told: Seen) -> int:
        self.connections += 1
        number = self.connections
        self.attributing.put(
            ev.ConnectionOpened(at_s=0.0, connection_id=number, client=1, listener="regular", transport=told.transport)
        )
        self.attributing.opened(number, told)
        self.attributing.put(fact(number))
        return number

    def wait(self) -> None:
        assert self.soon.wait(5)
        self.soon.clear()
        self.attributing.tick()

    def named(self) -> dict[int, tuple[str, str]]:
        return {e.connection_id: (e.app_id, e.source_id) for e in self.out if isinstance(e, ev.AppAttributed)}

    def checked(self) -> ev.AttributionChecked:
        return next(event for event in reversed(self.out) if isinstance(event, ev.AttributionChecked))


def test_without_a_source_nothing_is_said() -> None:
    played = Played()
    played.opened(seen())
    assert [type(event) for event in played.out] == [ev.ConnectionOpened, ev.CertificateSent]


def test_listeners_come_first_and_what_they_cannot_name_is_nobodys() -> None:
    played = Played(app=ONE, listeners=[f"51820={ONE}", f"8081={TWO}"])
    played.opened(seen(mode="wireguard", port=51820))
    played.opened(seen(port=8081))
    played.opened(seen(port=8080))
    played.opened(seen(port=8080, transport="udp"))
    assert played.named() == {1: (ONE, "tunnel"), 2: (TWO, "listener"), 3: (NOBODY, "none"), 4: (NOBODY, "none")}
    kinds = [type(event) for event in played.out]
    assert kinds[:3] == [ev.ConnectionOpened, ev.AppAttributed, ev.CertificateSent]


def test_devices_by_address() -> None:
    played = Played(clients=[f"{PHONE[0]}={ONE}"], listeners=[f"8081={TWO}"])
    played.opened(seen())
    played.opened(seen(port=8081))
    played.opened(seen(client=("192.0.2.8", 1)))
    assert played.named() == {1: (ONE, "client"), 2: (TWO, "listener"), 3: (NOBODY, "none")}


def test_the_devices_table_names_before_anything_else_is_told() -> None:
    table = Table(40000)
    table.go_on.clear()
    played = Played(table, app=TWO)
    played.opened(seen())
    played.opened(seen(client=(PHONE[0], 40009)))
    assert [type(event) for event in played.out] == [ev.ConnectionOpened], "the rest waits, and the proxy does not"
    table.go_on.set()
    played.wait()
    played.attributing.stop()
    assert [type(event) for event in played.out[:3]] == [ev.ConnectionOpened, ev.AppAttributed, ev.CertificateSent]
    assert played.named() == {1: ("com.example.one", "socket_table"), 2: (NOBODY, "socket_table")}
    assert [e.connection_id for e in played.out if isinstance(e, ev.CertificateSent)] == [1, 2]
    checked = played.checked()
    assert (checked.asked, checked.named, checked.absent, checked.late, checked.failed) == (2, 1, 1, 0, 0)


def test_behind_address_translation_the_option_stands() -> None:
    played = Played(Table(40000), app=ONE)
    played.opened(seen(client=("127.0.0.1", 40000)))
    played.opened(seen(client=("192.0.2.99", 40000)))
    played.attributing.stop()
    assert played.named() == {}
    assert (played.checked().asked, played.checked().away) == (2, 2)


def test_once_the_device_was_seen_another_address_is_nobodys() -> None:
    played = Played(Table(40000), app=ONE)
    played.opened(seen())
    played.wait()
    played.opened(seen(client=("192.0.2.99", 40000)))
    played.opened(seen(client=("127.0.0.1", 40000)))
    played.attributing.stop()
    assert played.named() == {1: ("com.example.one", "socket_table"), 2: (NOBODY, "none"), 3: (NOBODY, "none")}


def test_a_device_that_cannot_be_read_leaves_the_option_and_says_why() -> None:
    table = Table(40000)
    table.error = RuntimeError("gone")
    played = Played(table, app=ONE)
    played.opened(seen())
    played.attributing.stop()
    assert played.named() == {}
    assert played.checked().failed == 1
    assert played.checked().error.startswith("RuntimeError at attribution/polling.py:")


def test_a_late_answer_is_counted_and_still_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The evidence heeds it where the connection's outcome is not known by then."""
    monkeypatch.setattr(room, "HOLD_S", 0.05)
    table = Table(40000)
    table.go_on.clear()
    played = Played(table, app=TWO)
    played.opened(seen())
    time.sleep(0.1)
    played.attributing.tick()
    assert [type(event) for event in played.out[:2]] == [ev.ConnectionOpened, ev.CertificateSent]
    table.go_on.set()
    played.wait()
    played.attributing.stop()
    assert played.named() == {1: ("com.example.one", "socket_table")}
    assert (played.checked().late, played.checked().named) == (1, 1)


@pytest.fixture(autouse=True)
def options(monkeypatch: pytest.MonkeyPatch) -> None:
    """mitmproxy's own, as they are where nothing is set."""
    monkeypatch.setattr(ctx, "options", Options(), raising=False)


def client_of(spec: str, sockname: tuple[str, int] = PROXY) -> connection.Client:
    mode = mode_specs.ProxyMode.parse(spec)
    return connection.Client(peername=PHONE, sockname=sockname, timestamp_start=0.0, proxy_mode=mode)


@pytest.mark.parametrize(
    ("spec", "sockname", "port"),
    [
        ("regular", PROXY, 8080),
        ("regular@8081", ("192.0.2.2", 8081), 8081),
        ("regular@192.0.2.2:0", ("192.0.2.2", 43210), 43210),
        ("socks5", ("192.0.2.2", 1080), 1080),
        ("wireguard", ("198.51.100.1", 443), 51820),
        ("wireguard:/etc/one.conf@51821", ("198.51.100.1", 443), 51821),
        ("transparent@8083", ("198.51.100.1", 443), 8083),
    ],
)
def test_the_listeners_port_is_known_in_every_mode(spec: str, sockname: tuple[str, int], port: int) -> None:
    found = seen_of(client_of(spec, sockname))
    mode = spec.partition(":")[0].partition("@")[0]
    assert found == Seen(mode=mode, port=port, transport="tcp", client=PHONE, reached=sockname)


def test_no_path_of_a_configuration_is_told() -> None:
    assert listener_name(client_of("wireguard:/home/me/one.conf@51821")) == "wireguard@51821"
    assert listener_name(client_of("regular@8081")) == "regular@8081"


def test_tunnels_are_different_devices_with_one_address() -> None:
    one, two = (client_of(f"wireguard:/{name}.conf@{port}") for name, port in (("one", 51820), ("two", 51821)))
    assert device_of(one) != device_of(two)
    assert device_of(client_of("regular@8081")) == device_of(client_of("regular@8082")) == PHONE[0]


def past(port: int, remote: str = "05CB0071:01BB", uid: int = 10101) -> str:
    """A socket of the device to 113.0.203.5, port 443, which is not the proxy."""
    return f"   9: 070200C0:{port:04X} {remote} 01 00000000:00000000 00:00000000 00000000 {uid}        0 91 1 0\n"


def around(played: Played) -> dict[str, int]:
    return {event.app_id: event.sockets for event in played.out if isinstance(event, ev.AroundSeen)}


def asked(table: Table, *modes: str) -> Played:
    played = Played(table, app=ONE)
    for mode in modes:
        played.opened(seen(mode=mode))
        played.wait()
    played.attributing.stop()
    return played


def test_sockets_of_an_app_that_go_past_the_proxy_are_counted_once_each() -> None:
    table = Table(40000)
    table.text += past(50001) + past(50002) + past(50002)
    assert around(asked(table, "regular", "regular")) == {ONE: 2}


@pytest.mark.parametrize(
    "socket",
    [
        past(50001, remote="020200C0:01BB"),  # the proxy's own address
        past(50001, remote="05CB0071:146C"),  # a push connection, port 5228
        past(50001, remote="0100007F:01BB"),  # the device itself
        past(50001, uid=1000),  # the system's
        past(50001, uid=10999),  # of a package that is not listed
        past(50001).replace(" 01 ", " 06 "),  # long gone
    ],
)
def test_what_does_not_go_past_it(socket: str) -> None:
    table = Table(40000)
    table.text += socket
    assert around(asked(table, "regular")) == {}


def test_where_clients_are_redirected_no_socket_tells() -> None:
    """A tunnel's client is connected to the real server, by the tunnel."""
    table = Table(40000)
    table.text += past(50001)
    assert around(asked(table, "wireguard", "regular")) == {}
