"""The live report of a real mitmdump: who is shown it, who is not, and that it follows what happens."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.live.trap import Trap, trap
from tests.live.world import World, free_port
from tests.waiting import eventually

from pinprobe.report import live

pytestmark = pytest.mark.live

SUBJECT = "subject.shop.test"
MAGIC = {"pinprobe_magic_host": "on"}
RELOADS = '''
import asyncio, os
from pathlib import Path

class Toucher:
    """Saves the addon's script anew, as somebody who edits it would."""

    async def running(self):
        await asyncio.sleep(1.5)
        os.utime({script!r})

addons = [Toucher()]
'''


@dataclass(frozen=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def shown(self) -> bool:
        return self.status == 200 and b"pinprobe" in self.body


def live_port(t: Trap, number: int = 1) -> int:
    found = re.compile(r"live report: http://127\.0\.0\.1:(\d+)/")
    assert eventually(lambda: len(found.findall(t.proxy.output)) >= number), t.proxy.output
    return int(found.findall(t.proxy.output)[number - 1])


def ask(port: int, target: str = "/", method: str = "GET", **headers: str) -> Got:
    """One request to a port of this machine, which may be the proxy's; a header's _ is a -."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Got(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def through(t: Trap, port: int, host: str, **headers: str) -> Got | None:
    """The same through a tunnel of the proxy's; None where it gives none, or ends it without a word."""
    connection = http.client.HTTPConnection("127.0.0.1", t.proxy.port, timeout=10)
    try:
        connection.set_tunnel(host, port)
        connection.request("GET", "/", headers=headers)
        answer = connection.getresponse()
        return Got(answer.status, {}, answer.read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def first_report(ask_again: Callable[[], Got]) -> Got:
    assert eventually(lambda: ask_again().status != 503)
    return ask_again()


def test_the_very_report_is_shown_and_follows_what_happens(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        port = live_port(t)
        before = first_report(lambda: ask(port))
        assert before.shown and SUBJECT not in before.body.decode()
        t.run(attempts=3)
        assert eventually(lambda: SUBJECT in ask(port).body.decode())
        assert eventually(lambda: len(json.loads(ask(port, "/report.json").body)["endpoints"]) == 1)
        session = next(tmp_path.glob("*/*/report.json")).parent

        def same() -> bool:
            """Page, JSON and both files at one moment."""
            page, program = ask(port), ask(port, "/report.json")
            version = page.headers["etag"].strip('"')
            file = (session / "report.html").read_text(encoding="utf-8")
            return (
                page.body == live.page(file, version).encode()
                and program.body == (session / "report.json").read_bytes()
            )

        assert eventually(same)
        assert ask(port).headers["etag"] != before.headers["etag"]
        assert ask(port, method="HEAD").headers["etag"] == ask(port).headers["etag"]
    with pytest.raises(OSError):
        ask(port)
    assert "Traceback" not in t.output


def test_an_open_connection_does_not_hold_up_the_end(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t, socket.create_connection(("127.0.0.1", live_port(t))) as mute:
        mute.sendall(b"GET / HT")
        assert t.proxy.stop(timeout_s=15.0), "sooner than who says nothing is left"
    assert "Traceback" not in t.output


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"target": "/index.html"}, 404),
        ({"target": "/?"}, 404),
        ({"target": "//127.0.0.1/"}, 404),
        ({"target": "/journal.jsonl"}, 404),
        ({"method": "POST"}, 405),
        ({"method": "OPTIONS"}, 405),
        ({"Host": "evil.example:{port}"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Host": "10.0.2.2:{port}"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}, 403),
        ({"Host": "localhost:{port}", "Origin": "http://localhost:{port}"}, 200),
    ],
    ids=str,
)
def test_refusals(live_one: Trap, how: dict[str, str], status: int) -> None:
    port = live_port(live_one)
    got = ask(port, **{name: value.format(port=port) for name, value in how.items()})
    assert got.status == status
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["referrer-policy"] == "no-referrer"
    assert got.headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'none'" in got.headers["content-security-policy"]
    assert "access-control-allow-origin" not in got.headers


@pytest.fixture(scope="module")
def live_one(world: World, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with trap(world, tmp_path_factory.mktemp("live")) as t:
        first_report(lambda: ask(live_port(t)))
        yield t
    assert "evil.example" not in t.output and "index.html" not in t.output


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_through_the_proxy_it_is_refused(world: World, tmp_path: Path, host: str) -> None:
    with trap(world, tmp_path) as t:
        port = live_port(t)
        assert first_report(lambda: ask(port)).shown
        got = ask(t.proxy.port, f"http://{host}:{port}/", Host=f"127.0.0.1:{port}")
        assert got.status == 403 and not got.shown
        assert through(t, port, host.strip("[]"), Host=f"127.0.0.1:{port}") is None
        assert ask(port).shown


@pytest.mark.parametrize("strategy", ["eager", "lazy"])
def test_a_name_that_leads_to_it_through_the_proxy_is_refused_as_well(
    world: World, tmp_path: Path, strategy: str
) -> None:
    """A tunnel to any name that resolves to this machine, and then the right Host: the app controls both."""
    name = "expired.crowd.test"
    port = free_port()
    aimed = World(**{one: getattr(world, one) for one in world.__slots__} | {"hosts": {**world.hosts, name: port}})
    with trap(aimed, tmp_path, options={"pinprobe_live": str(port), "connection_strategy": strategy}) as t:
        assert live_port(t) == port
        assert first_report(lambda: ask(port)).shown
        for got in (
            through(t, port, name, Host=f"127.0.0.1:{port}"),
            ask(t.proxy.port, f"http://{name}:{port}/", Host=f"127.0.0.1:{port}"),
        ):
            assert got is not None and got.status == 403 and not got.shown
        assert ask(port).shown


def test_the_magic_host_is_off_unless_asked_for(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        first_report(lambda: ask(live_port(t)))
        assert ask(t.proxy.port, "http://pinprobe.test/").status == 502


@pytest.mark.parametrize("strategy", ["eager", "lazy"])
def test_the_magic_host_shows_it_and_is_no_traffic_of_the_app(world: World, tmp_path: Path, strategy: str) -> None:
    with trap(world, tmp_path, options={**MAGIC, "connection_strategy": strategy}) as t:
        got = first_report(lambda: ask(t.proxy.port, "http://pinprobe.test/"))
        assert got.shown and got.headers["content-security-policy"] == f"{live.POLICY}; frame-ancestors 'none'"
        assert json.loads(ask(t.proxy.port, "http://pinprobe.test/report.json").body)["endpoints"] == []
        assert ask(t.proxy.port, "http://pinprobe.test/", "POST").status == 405
        assert ask(t.proxy.port, "http://pinprobe.test/", Origin="http://shop.test").status == 403
        assert ask(t.proxy.port, "http://pinprobe.test/x").status == 404
        assert ask(t.proxy.port, f"http://pinprobe.test:{live_port(t)}/").status == 421
        assert through(t, 443, "pinprobe.test") is None
        t.run(attempts=2)
    assert t.hosts() == {SUBJECT}
    assert t.report()["summary"]["connections"] == 2
    assert {event["type"] for event in t.journal() if "pinprobe.test" in str(event)} == set()


def test_off_is_off(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path, options={"pinprobe_live": "off"}) as t:
        t.run(attempts=2)
    assert "live report" not in t.output
    assert t.hosts() == {SUBJECT}


def test_a_port_that_is_taken_is_a_warning_with_the_fix(world: World, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with trap(world, tmp_path, options={"pinprobe_live": str(port)}) as t:
            attempts = t.run(attempts=2)
    assert [one.result for one in attempts] == ["response"] * 2
    assert f"pinprobe_live={port}: no live report there" in t.output
    assert "name another port" in t.output and "Traceback" not in t.output
    assert t.hosts() == {SUBJECT}


@pytest.mark.parametrize("fixed", [False, True], ids=["any port", "one port"])
def test_a_reload_shows_the_new_session(world: World, tmp_path: Path, fixed: bool) -> None:
    script = tmp_path / "pinprobe_addon.py"
    source = Path(__file__).parents[2] / "addon" / "pinprobe_addon.py"
    script.write_text(f"import sys\nsys.path.insert(0, {str(source.parent)!r})\n" + source.read_text(encoding="utf-8"))
    toucher = tmp_path / "toucher.py"
    toucher.write_text(RELOADS.format(script=str(script)))
    options = {"pinprobe_live": str(free_port())} if fixed else {}
    with trap(world, tmp_path / "reports", addon=script, scripts=(toucher,), options=options) as t:
        old, new = live_port(t), live_port(t, 2)
        assert (old == new) is fixed
        assert first_report(lambda: ask(new)).shown
        if not fixed:
            with pytest.raises(OSError):
                ask(old)
    assert "Traceback" not in t.output
