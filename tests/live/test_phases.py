"""Phases of one session, names looked up, headers and reports that pass by: what the edge tells, live."""

from __future__ import annotations

import socket
import struct
import time
from pathlib import Path

import pytest
from tests.live.trap import Trap, trap
from tests.live.world import World
from tests.waiting import eventually

from pinprobe import cli

pytestmark = pytest.mark.live

SUBJECT, CANARY, OTHER = "subject.shop.test", "canary.shop.test", "other.shop.test"

COMMANDS = '''
from pathlib import Path
from mitmproxy import ctx
import asyncio

class Commands:
    """Plays the user at mitmproxy's console: one command, then one option."""

    async def running(self):
        await asyncio.sleep(0.2)
        ctx.master.commands.call("pinprobe.mark", "control")
        try:
            ctx.master.commands.call("pinprobe.mark", "lunch")
        except Exception as error:
            Path({refused!r}).write_text(str(error))
        ctx.options.update(pinprobe_phase="idle")

addons = [Commands()]
'''


def marks(t: Trap) -> list[tuple[str, str]]:
    return [(event["phase"], event["source"]) for event in t.events("Marked")]


def test_three_phases_marked_by_a_script(world: World, tmp_path: Path) -> None:
    """What is seen while idle is the device's own; the control is relayed; the test is the experiment."""
    with trap(world, tmp_path, options={"pinprobe_phase": "idle", "pinprobe_label": "v1"}) as t:
        t.run(attempts=2, host=OTHER)
        assert cli.main(["mark", "control", str(tmp_path)]) == 0
        t.run(attempts=3, technique="pin")
        session = next(tmp_path.glob("*/*/journal.jsonl")).parent
        assert cli.main(["mark", "test", str(session)]) == 0
        t.run(attempts=12, technique="pin")
        t.run(attempts=2, host=CANARY)
    assert marks(t) == [("control", "file"), ("test", "file")]
    applied = [event["probe_id"] for event in t.events("ProbeApplied")]
    assert applied[:5] == ["relay"] * 5
    assert applied[5] == "trusted_ca"
    report = t.report()
    assert [(one["phase"], one["connections"]) for one in report["session"]["phases"]] == [
        ("idle", 2),
        ("control", 3),
        ("test", 14),
    ]
    device = t.endpoint(OTHER)
    assert (device["verdict"], device["owner"]["device"]) == ("not_tested", True)
    assert device["reason"] == "the device's own: seen only while the app was not running"
    assert [t.endpoint(host)["owner"]["device"] for host in (SUBJECT, CANARY)] == [False, False]
    assert (t.endpoint(SUBJECT)["verdict"], t.endpoint(CANARY)["verdict"]) == ("pinned", "unpinned")
    assert report["session"]["label"] == "v1"


def test_marked_by_command_and_by_option(world: World, tmp_path: Path) -> None:
    refused = tmp_path / "refused"
    script = tmp_path / "commands.py"
    script.write_text(COMMANDS.format(refused=str(refused)))
    with trap(world, tmp_path / "reports", scripts=(script,)) as t:
        assert eventually(lambda: len(marks(t)) == 2), t.proxy.output
        t.run(attempts=2)
    assert marks(t) == [("control", "command"), ("idle", "option")]
    assert {event["probe_id"] for event in t.events("ProbeApplied")} == {"relay"}
    assert refused.read_text() == "pinprobe.mark: 'lunch' is no phase: use one of idle, control, test."
    assert "never_tested" in {notice["id"] for notice in t.report()["notices"]}


def test_a_wrong_mark_is_said_and_taken_away(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        assert eventually(lambda: list(tmp_path.glob("*/*/journal.jsonl")))
        mark = next(tmp_path.glob("*/*/journal.jsonl")).with_name("mark")
        mark.write_text("lunch\n")
        assert eventually(lambda: not mark.exists())
        t.run(attempts=2)
    assert not marks(t)
    assert "'lunch' is no phase" in t.output
    assert t.endpoint(SUBJECT)["verdict"] == "unpinned"


def test_observing_relays_too_outside_the_test(world: World, tmp_path: Path) -> None:
    options = {"pinprobe_mode": "observe", "pinprobe_phase": "control"}
    with trap(world, tmp_path, options=options) as t:
        t.run(attempts=2)
        assert cli.main(["mark", "test", str(tmp_path)]) == 0
        t.run(attempts=2)
    assert [event["probe_id"] for event in t.events("ProbeApplied")] == ["relay"] * 2 + ["trusted_ca"] * 2


def test_the_report_of_phases_is_rebuilt_byte_for_byte(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path, options={"pinprobe_phase": "control"}) as t:
        t.run(attempts=3, technique="fallback", path="/v1/items")
        assert cli.main(["mark", "test", str(tmp_path)]) == 0
        t.run(attempts=16, technique="fallback", path="/v1/items")
    session = next(tmp_path.glob("*/*/journal.jsonl")).parent
    live = {name: (session / name).read_bytes() for name in ("report.json", "report.html")}
    assert cli.main(["report", str(session)]) == 0
    assert {name: (session / name).read_bytes() for name in live} == live
    endpoint = t.endpoint(SUBJECT)
    assert endpoint["verdict"] == "suspicious"
    assert "then sent the same exchange to http://subject.shop.test " in endpoint["reason"]
    assert [step["target"]["port"] for step in endpoint["fallbacks"]] == [80]
    assert [[e["port"] for e in group["endpoints"]] for group in t.report()["fallback_groups"]] == [[80, 443]]


def test_only_one_connection(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        t.run(attempts=1)
    assert "one_connection" in {notice["id"] for notice in t.report()["notices"]}


def test_an_app_that_stops_at_its_first_pinned_host(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        t.run(attempts=12, technique="pin")
    notice = next(n for n in t.report()["notices"] if n["id"] == "stopped_at_first_pin")
    assert "subject.shop.test:443" in notice["text"]


def look_up(port: int, name: str) -> None:
    """An A query, as a resolver sends it (RFC 1035, section 4.1); whatever the answer."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    query = struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(3.0)
        asker.sendto(query, ("127.0.0.2", port))
        try:
            asker.recv(512)
        except TimeoutError:
            pass


def test_a_name_looked_up_past_the_proxy(world: World, tmp_path: Path) -> None:
    """The proxy answers names as well: after its refusals the app looks the host up, and never connects."""
    with trap(world, tmp_path, with_dns=True) as t:
        port = t.proxy.dns_port
        look_up(port, SUBJECT)
        t.run(attempts=8, technique="pin")
        for _ in range(2):
            time.sleep(1.2)
            look_up(port, SUBJECT)
            look_up(port, "elsewhere.shop.test")
        time.sleep(10.5)
        t.run(attempts=1, host=CANARY)
    assert len(t.events("NameResolved", host=SUBJECT)) == 3
    bypass = next(s for s in t.endpoint(SUBJECT)["signals"] if s["id"] == "bypass")
    assert (bypass["state"], bypass["count"], bypass["of"]) == ("present", 2, 3)
    notices = {notice["id"]: notice["text"] for notice in t.report()["notices"]}
    assert "subject.shop.test:443" in notices["proxy_bypassed"]
    assert "elsewhere.shop.test" in notices["bypass_candidates"]


@pytest.mark.parametrize(("path", "signal"), [("/hpkp", "public_key_pins_header"), ("/expect-ct", "expect_ct_header")])
def test_headers_that_nobody_heeds(world: World, tmp_path: Path, path: str, signal: str) -> None:
    with trap(world, tmp_path) as t:
        t.run(attempts=2, path=path)
    state = next(s for s in t.endpoint(SUBJECT)["signals"] if s["id"] == signal)
    assert (state["state"], state["count"]) == ("present", 2)
    assert t.endpoint(SUBJECT)["verdict"] == "unpinned"


def test_nothing_that_passes_by_is_kept(world: World, tmp_path: Path) -> None:
    """Bodies of reports and of repeated exchanges are looked at and forgotten."""
    with trap(world, tmp_path) as t:
        t.run(attempts=4, technique="reports", report_host="reports.collector.test", path="/secret?token=hush")
        t.run(attempts=12, technique="fallback", path="/secret?token=hush")
    assert t.events("PinReportSeen")
    assert t.events("ExchangeRepeated")
    written = "".join(file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file())
    for secret in ("secret", "hush", "known-pins", "app-bundle-id", "validated-certificate-chain"):
        assert secret not in written
