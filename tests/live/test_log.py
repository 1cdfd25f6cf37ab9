"""The app's own log beside a real mitmdump: what a refusing client writes there is joined to its refusals."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any, cast

import pytest
from tests.live.logcat_adb import SERIAL, LogDevice
from tests.live.trap import Trap, trap
from tests.live.world import World
from tests.waiting import eventually

from pinprobe import applog
from pinprobe.device.streams import Stream, StreamFailed

pytestmark = pytest.mark.live

APP = "com.shop.test"
ON = {"pinprobe_logcat": "on"}
OKHTTP = (
    "javax.net.ssl.SSLPeerUnverifiedException: Certificate pinning failure!",
    "  Peer certificate chain:",
    "    sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=: CN=subject.shop.test",
    "  Pinned certificates for subject.shop.test:",
    "    sha256/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB=",
    "  a secret of the app's",
)
DISTRUST = (
    "javax.net.ssl.SSLHandshakeException: java.security.cert.CertPathValidatorException: Trust anchor for "
    "certification path not found.",
    "Caused by: java.security.cert.CertificateException: java.security.cert.CertPathValidatorException: Trust anchor "
    "for certification path not found.",
)


def use(t: Trap, device: LogDevice, pid: int, lines: tuple[str, ...], *, refused: int, **client: Any) -> None:
    """The app asks its host until it refused so often, and logs each time what its stack said.

    Some connections are relayed, and how many lies with the schedule.
    """
    for _ in range(60):
        (attempt,) = t.run(attempts=1, **client)
        if attempt.result == "refused":
            device.writes(pid, *lines)
            refused -= 1
        if not refused:
            return
    raise AssertionError(f"it was hardly ever intercepted\n{t.proxy.output}")


def begun(t: Trap, device: LogDevice) -> None:
    assert eventually(lambda: device.asked_for("logcat") >= 1), t.proxy.output


def starts(t: Trap, device: LogDevice, processes: dict[int, str]) -> None:
    """Processes begin, and are seen: one that ends before the next look is nobody's."""
    device.runs(processes)
    before = device.asked_for(" -A ")
    assert eventually(lambda: device.asked_for(" -A ") >= before + 2), t.proxy.output


def test_a_pin_that_the_log_names(world: World, tmp_path: Path) -> None:
    device = LogDevice(tmp_path / "device")
    environment = device.install()
    with trap(world, tmp_path / "r", app=APP, options=ON, ca_store="user", environment=environment) as t:
        begun(t, device)
        starts(t, device, {1: "init", 4711: APP})
        device.writes(99, *OKHTTP)  # another app's
        use(t, device, 4711, OKHTTP, refused=2, technique="pin")
        assert eventually(lambda: t.events("DiagnosticSeen")), t.proxy.output
        before = len(t.events("DiagnosticSeen"))
        starts(t, device, {1: "init", 4822: f"{APP}:remote"})  # it was started anew
        use(t, device, 4822, OKHTTP, refused=2, technique="pin")
        assert eventually(lambda: len(t.events("DiagnosticSeen")) > before), t.proxy.output
        assert device.is_followed
    assert eventually(lambda: not device.is_followed)
    endpoint = t.endpoint("subject.shop.test")
    assert (endpoint["verdict"], endpoint["confidence"], endpoint["rule_id"]) == ("pinned", "confirmed", "diagnosed")
    told = t.events("DiagnosticSeen")
    assert {(one["app_id"], one["cause"], one["host"]) for one in told} == {(APP, "pin", "subject.shop.test")}
    failed = [one["at_s"] for one in t.events("ConnectionClosed")]
    assert all(min(abs(one["at_s"] - at_s) for at_s in failed) < 2.0 for one in told)
    written = "".join(path.read_text() for path in (tmp_path / "r").rglob("*") if path.is_file())
    assert "secret" not in written and SERIAL not in written and "BBBBBBBB" not in written


def test_distrust_that_the_log_names(world: World, tmp_path: Path) -> None:
    device = LogDevice(tmp_path / "device")
    environment = device.install()
    options = {**ON, "pinprobe_adb": SERIAL, "pinprobe_contrasts": "off"}
    with trap(world, tmp_path / "r", app=APP, options=options, environment=environment) as t:
        begun(t, device)
        starts(t, device, {4711: APP})
        use(t, device, 4711, DISTRUST, refused=3, trust=world.device(trusts=False).trust)
        assert eventually(lambda: len(t.events("DiagnosticSeen")) >= 2), t.proxy.output
    endpoint = t.endpoint("subject.shop.test")
    assert (endpoint["verdict"], endpoint["rule_id"]) == ("inconclusive", "diagnostic_other_cause")


class Clock:
    """A device an hour ahead that takes its time."""

    def __init__(self, takes_s: float) -> None:
        self.takes_s = takes_s

    async def output(self, *words: str, timeout_s: float) -> str:
        await asyncio.sleep(self.takes_s)
        return f"{time.time() + 3600.0:.6f}\n"


def test_a_clock_that_is_told_too_slowly_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line joined to a wrong moment may name a pin where there is none."""
    monkeypatch.setattr(applog, "CLOCK_S", 0.03)
    log = applog.AppLog(APP, None, lambda *line: None, lambda words: None)
    slow, quick = cast(Stream, Clock(0.05)), cast(Stream, Clock(0.0))
    with pytest.raises(StreamFailed, match="too slowly to tell its clock"):
        asyncio.run(log._set_clock(slow))
    asyncio.run(log._set_clock(quick))
    measured_s = log._ahead_s
    assert measured_s is not None and abs(measured_s - 3600.0) < 0.03
    asyncio.run(log._set_clock(slow))  # a busy moment later on: what was measured stands
    assert log._ahead_s == measured_s


@pytest.mark.parametrize("where", ["", ">&2"])
def test_a_device_that_floods(tmp_path: Path, where: str) -> None:
    program = tmp_path / "adb"
    program.write_text(f"#!/bin/sh\nexec yes 'more than anybody asked for' {where}\n")
    program.chmod(0o755)
    with pytest.raises(StreamFailed, match="more than 1 MB"):
        asyncio.run(Stream(str(program), SERIAL).output("shell", "ps", timeout_s=20.0))


def test_a_device_that_is_lost_is_a_notice(world: World, tmp_path: Path) -> None:
    device = LogDevice(tmp_path / "device")
    environment = device.install()
    with trap(world, tmp_path / "r", app=APP, options=ON, environment=environment) as t:
        begun(t, device)
        device.leaves()
        assert eventually(lambda: t.events("ToolFailed", where="app log")), t.proxy.output
        t.run(attempts=3)
    report = t.report()
    assert t.endpoint("subject.shop.test")["verdict"] == "unpinned"
    # A loaded machine may have been too slow for the device's clock before, which is told as well.
    assert {one["level"] for one in report["notices"] if one["id"] == "log_not_read"} == {"warning"}
    assert SERIAL not in json.dumps(report) and SERIAL not in t.output


def test_without_adb_the_proxy_goes_on(world: World, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with trap(world, tmp_path / "r", app=APP, options=ON, environment={"PATH": str(tmp_path / "empty")}) as t:
        t.run(attempts=3)
        assert eventually(lambda: t.events("ToolFailed", where="app log")), t.proxy.output
    assert "adb is not installed" in t.output
    assert t.endpoint("subject.shop.test")["verdict"] == "unpinned"
