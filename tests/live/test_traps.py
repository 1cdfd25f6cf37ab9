"""Traps of the proxy, each by name: what it hides, leaves open, or does in another order than one thinks."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path

import pytest
from tests.live.conftest import need
from tests.live.trap import still_open, trap
from tests.live.world import ADDON, CROWD, World
from tests.waiting import eventually

pytestmark = pytest.mark.live


def test_alert_after_the_handshake_leaves_no_zombie(world: World, tmp_path: Path) -> None:
    """mitmproxy alone keeps both sockets for ten minutes when a client sends an alert that late."""
    need("boringssl")
    began = time.time()
    with trap(world, tmp_path) as t:
        t.run("boringssl", technique="alert", attempts=1)
        assert eventually(lambda: t.events("AlertReceived", after_established=True))
        assert eventually(lambda: not still_open(world, began)), still_open(world, began)
        assert eventually(lambda: t.events("ConnectionClosed", closed_by="client")), t.journal()
    alert = t.events("AlertReceived", after_established=True)[0]
    assert (alert["level"], alert["description"]) == (2, 46)


SLOW_BEGINNER = """
import asyncio
async def running():
    await asyncio.sleep(5)
"""


def test_what_comes_before_running_is_recorded(world: World, tmp_path: Path) -> None:
    """mitmproxy listens before it calls `running`, script after script: an app that retries may be there first."""
    slow, reports = tmp_path / "slow.py", tmp_path / "reports"
    slow.write_text(SLOW_BEGINNER)
    with trap(world, reports, addon=slow, scripts=(ADDON,)) as t:
        t.run(attempts=2)
        assert eventually(lambda: len(t.events("RequestSeen")) == 2), t.output
        assert "pinprobe: experiment mode" in t.proxy.output
    assert t.endpoint("subject.shop.test")["verdict"] == "unpinned"
    assert len(t.events("SessionStarted")) == 1


def test_java_closes_without_the_proxy_saying_so(world: World, tmp_path: Path) -> None:
    """JSSE ends TLS 1.3 with user_canceled, after which mitmproxy never reports the disconnect."""
    need("okhttp")
    with trap(world, tmp_path) as t:
        t.run("okhttp", technique="pin", attempts=1, tls="1.3")
        # Not by the timer for silent connections, which comes after ten seconds.
        assert eventually(lambda: t.events("ConnectionClosed"), 8.0), t.journal()


@pytest.mark.parametrize("tls", ["1.2", "1.3"])
def test_resumption_is_switched_off(world: World, tmp_path: Path, tls: str) -> None:
    """mitmproxy's tickets resume across hosts, and a resumed handshake shows no certificate."""
    with trap(world, tmp_path) as t:
        attempts = t.run(technique="resume", attempts=24, hosts="canary.shop.test", tls=tls)
        assert [a.result for a in attempts] == ["response"] * 24
    assert not t.events("HandshakeEstablished", resumed=True)
    for host in ("subject.shop.test", "canary.shop.test"):
        assert t.endpoint(host)["verdict"] == "unpinned"


def test_resumption_carries_nothing_from_the_canary_to_a_pin(world: World, tmp_path: Path) -> None:
    """A client that offers its sessions everywhere, and a pinned one beside it."""
    with trap(world, tmp_path) as t:
        friendly = t.start(technique="resume", attempts=16, host="canary.shop.test", tls="1.3")
        t.run(technique="pin", attempts=16, tls="1.3")
        friendly.wait()
    assert not t.events("HandshakeEstablished", resumed=True)
    assert t.endpoint("subject.shop.test")["verdict"] == "pinned"
    assert t.endpoint("canary.shop.test")["verdict"] == "unpinned"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_open_connections_at_shutdown_are_not_lost(world: World, tmp_path: Path, how: signal.Signals) -> None:
    """mitmproxy fires no hook for connections that are open when it ends."""
    with trap(world, tmp_path) as t:
        t.start(technique="idle", attempts=1, hold_s=60.0)
        assert eventually(lambda: t.events("HandshakeEstablished"))
        t.proxy.stop(how)
    assert [e["closed_by"] for e in t.events("ConnectionClosed")] == ["shutdown"]
    endpoint = t.endpoint("subject.shop.test")
    assert endpoint["verdict"] in {"inconclusive", "not_tested"}


def test_kill_loses_nothing_that_was_seen(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        t.run(attempts=6)
        written = eventually(lambda: re.search(r'"verdict": ?"unpinned"', _reports_below(tmp_path)))
        assert written, t.proxy.output
        time.sleep(1.0)  # what is promised is everything older than a second
        t.proxy.stop(signal.SIGKILL)
    assert len(t.events("RequestSeen")) >= 4
    assert t.endpoint("subject.shop.test")["verdict"] == "unpinned"


def _reports_below(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("*/*/report.json"))


def test_reload_begins_a_new_session_and_keeps_the_old_one(world: World, tmp_path: Path) -> None:
    """mitmproxy loads a script anew when its file changes; modules that it imported stay as they are."""
    script, reports = tmp_path / "pinprobe_addon.py", tmp_path / "reports"
    script.write_text(ADDON.read_text(encoding="utf-8"), encoding="utf-8")
    found_at = {"PYTHONPATH": str(ADDON.parent)}
    with trap(world, reports, addon=script, environment=found_at) as t:
        t.run(attempts=4)
        time.sleep(1.1)  # the file's time of change is compared in whole seconds on some systems
        script.touch()
        assert eventually(lambda: len(t.events("SessionStarted")) == 2), t.proxy.output
        t.run(attempts=4)
    verdicts = [
        endpoint["verdict"]
        for path in reports.glob("*/*/report.json")
        for endpoint in json.loads(path.read_text(encoding="utf-8"))["endpoints"]
    ]
    assert verdicts == ["unpinned", "unpinned"]


OTHER_SCRIPT = """
import os
def note(hook):
    def run(*_):
        with open(os.environ["SEEN"], "a") as file:
            file.write(hook + "\\n")
    return run
for hook in ("client_connected", "http_connect", "server_connected", "tls_clienthello", "tls_start_client",
             "tls_start_server", "tls_established_client", "tls_failed_client", "requestheaders", "request",
             "response", "client_disconnected", "next_layer", "done"):
    globals()[hook] = note(hook)
"""


def test_other_scripts_see_every_hook(world: World, tmp_path: Path) -> None:
    """mitmproxy treats all scripts as one: an exception in ours would silence the ones that follow."""
    script, seen = tmp_path / "other.py", tmp_path / "seen"
    script.write_text(OTHER_SCRIPT)
    reports = tmp_path / "reports"
    with trap(world, reports, scripts=(script,), environment={"SEEN": str(seen)}) as t:
        t.run(attempts=3)
        t.run(attempts=2, trust=world.distrusting.trust, host="canary.shop.test")
    hooks = seen.read_text().split()
    for hook in (
        "client_connected",
        "http_connect",
        "next_layer",
        "server_connected",
        "tls_clienthello",
        "tls_start_client",
        "tls_established_client",
        "tls_failed_client",
        "request",
        "response",
        "client_disconnected",
        "done",
    ):
        assert hook in hooks, hook
    assert hooks.count("request") == 3


def test_bug_of_ours_becomes_a_notice(world: World, tmp_path: Path) -> None:
    """Whatever breaks inside pinprobe: the connection goes on, later scripts run, the report says it."""
    saboteur, other, seen = tmp_path / "saboteur.py", tmp_path / "other.py", tmp_path / "seen"
    saboteur.write_text(
        "import pinprobe.schedule\n"
        "def fail(*_):\n"
        "    raise RuntimeError('sabotage')\n"
        "def running():\n"
        "    pinprobe.schedule.Schedule.choose = fail\n"
    )
    other.write_text(OTHER_SCRIPT)
    reports = tmp_path / "reports"
    scripts = (saboteur, other)
    with trap(world, reports, scripts=scripts, environment={"SEEN": str(seen)}) as t:
        attempts = t.run(attempts=4)
    assert [a.result for a in attempts] == ["response"] * 4
    assert seen.read_text().split().count("tls_start_client") == 4
    assert "RuntimeError at mitm/observer.py" in str(t.report()["notices"])
    assert "sabotage" not in t.output, "an error's text may quote what passed"
    assert "Addon error" not in t.output


def test_observe_never_relays(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path, options={"pinprobe_mode": "observe"}) as t:
        attempts = t.run(technique="pin", attempts=16)
        t.run(attempts=24, host="canary.shop.test")
    assert {a.result for a in attempts} == {"refused"}
    assert {e["probe_id"] for e in t.events("ProbeApplied")} == {"trusted_ca"}
    assert t.endpoint("subject.shop.test")["verdict"] == "inconclusive"
    assert t.endpoint("canary.shop.test")["verdict"] == "unpinned"


def test_more_hosts_than_the_certificate_store_keeps(world: World, tmp_path: Path) -> None:
    """Beyond a hundred hosts mitmproxy forgets leaves and makes them anew: the certificate shown changes."""
    attempts = 2 * len(CROWD)
    with trap(world, tmp_path) as t:
        told = t.run(host=CROWD[0], hosts=",".join(CROWD[1:]), attempts=attempts, pause_s=0.0, timeout_s=10.0)
        assert [a.result for a in told] == ["response"] * attempts
    assert all(e["as_planned"] for e in t.events("ProbeApplied"))
    verdicts = {e["endpoint"]["host"]: e["verdict"] for e in t.report()["endpoints"]}
    assert verdicts == dict.fromkeys(CROWD, "unpinned")


def test_socks5(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path, mode="socks5") as t:
        t.run(attempts=4, via="socks5", host="canary.shop.test")
        t.run(attempts=10, via="socks5", technique="pin")
    assert t.endpoint("canary.shop.test")["verdict"] == "unpinned"
    assert t.endpoint("subject.shop.test")["verdict"] == "pinned"
