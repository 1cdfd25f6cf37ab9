"""The app's package in a running proxy: what it declares against what clients enforce, and packages that do harm."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.android.builder import build_apk
from tests.live.conftest import need
from tests.live.trap import Trap, trap
from tests.live.world import CROWD, World
from tests.waiting import eventually

from pinprobe import cli

pytestmark = pytest.mark.live

SUBJECT, CANARY, OTHER = "subject.shop.test", "canary.shop.test", "other.shop.test"
NEGLECTED, UNREACHED = CROWD[0], "never.shop.test"
PACKAGE = "com.shop.test"
SPARE = "d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="
LARGE_MIB = 100


def config(world: World, *hosts: str) -> str:
    """A Network Security Config that pins the CA of the origins, and a spare key, for these hosts."""
    pins = "".join(f'<pin digest="SHA-256">{pin}</pin>' for pin in (world.pki.intermediate_a.pin, SPARE))
    domains = "".join(f"<domain>{host}</domain>" for host in hosts)
    return (
        f"<network-security-config><domain-config>{domains}<pin-set>{pins}</pin-set></domain-config>"
        "</network-security-config>"
    )


def options(world: World, *packages: Path) -> dict[str, str]:
    roots = world.pki.trust(packages[0].parent / "roots.pem", *world.pki.roots)
    return {"pinprobe_apk": str(packages[0]), "pinprobe_public_roots": str(roots)}


def signal(endpoint: dict[str, Any], id: str) -> str:
    return next(str(one["state"]) for one in endpoint["signals"] if one["id"] == id)


@pytest.fixture(scope="module")
def played(world: World, tmp_path_factory: pytest.TempPathFactory) -> Trap:
    """Four parts of one app: two of them do what the package declares, one does not, one pins in code."""
    need("okhttp")
    folder = tmp_path_factory.mktemp("package")
    pin = world.leaf_of(OTHER).pin
    apk = build_apk(
        folder,
        package=PACKAGE,
        nsc=config(world, SUBJECT, NEGLECTED, UNREACHED),
        dex_strings=[f"sha256/{SPARE}"],
        dex_classes=["okhttp3.CertificatePinner"],
    )
    intermediate = world.pki.intermediate_a.pin
    with trap(world, folder / "reports", app="", options=options(world, apk)) as t:
        runs = [
            t.start("okhttp", host=CANARY, attempts=10),
            t.start("okhttp", host=SUBJECT, technique="manager", pin=intermediate, attempts=10),
            t.start("okhttp", host=OTHER, technique="pin", pin=pin, attempts=10),
            t.start("okhttp", host=NEGLECTED, attempts=4),
        ]
        for run in runs:
            run.wait()
    return t


def test_declared_and_enforced(played: Trap) -> None:
    endpoint = played.endpoint(SUBJECT)
    assert (endpoint["verdict"], endpoint["confidence"]) == ("pinned", "confirmed"), endpoint["reason"]
    assert signal(endpoint, "declared_pin") == "present"
    assert signal(endpoint, "declared_but_not_enforced") == "absent"


def test_declared_and_not_enforced(played: Trap) -> None:
    endpoint = played.endpoint(NEGLECTED)
    assert endpoint["verdict"] == "suspicious", endpoint["reason"]
    assert signal(endpoint, "declared_but_not_enforced") == "present"


def test_enforced_and_not_declared(played: Trap) -> None:
    endpoint = played.endpoint(OTHER)
    assert endpoint["verdict"] == "pinned", endpoint["reason"]
    assert signal(endpoint, "declared_pin") == "absent"


def test_neither_declared_nor_enforced(played: Trap) -> None:
    assert played.endpoint(CANARY)["verdict"] == "unpinned"


def test_the_package_names_the_app_and_its_facts_come_first(played: Trap) -> None:
    (folder,) = played.reports.glob("*/*/journal.jsonl")
    assert folder.parent.parent.name == PACKAGE
    journal = played.journal()
    assert journal[0]["app_id"] == PACKAGE
    (app,) = [number for number, event in enumerate(journal) if event["type"] == "AppDeclared"]
    hosts = [(number, event["host"]) for number, event in enumerate(journal) if event["type"] == "HostDeclared"]
    assert {host for _, host in hosts} == {SUBJECT, CANARY, OTHER, NEGLECTED}
    assert len(hosts) == 4 and all(number > app for number, _ in hosts)
    assert {chain["root"]["pin_sha256"] for chain in played.events("ServerChainSeen") if chain["chain"]} == {
        played.world.pki.root.pin
    }


def test_the_report_is_rebuilt_byte_for_byte(played: Trap) -> None:
    (session,) = (path.parent for path in played.reports.glob("*/*/journal.jsonl"))
    live = {name: (session / name).read_bytes() for name in ("report.json", "report.html")}
    assert cli.main(["report", str(session)]) == 0
    assert {name: (session / name).read_bytes() for name in live} == live


def test_pins_fetched_over_a_connection_that_is_not_pinned(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path) as t:
        t.run(technique="learns-pins", times=2, attempts=12, other_host=OTHER)
        t.run(attempts=4, host=CANARY)
    (seen,) = t.events("PinMaterialSeen")
    assert (seen["host"], seen["port"], seen["kind"], seen["count"]) == (OTHER, 443, "document", 2)
    endpoint = t.endpoint(SUBJECT)
    assert endpoint["verdict"] == "suspicious", endpoint["reason"]
    assert signal(endpoint, "late_enforcement") == "present"
    assert "PIN-211" in {finding["id"] for finding in t.report()["findings"]}
    written = "".join(file.read_text(errors="replace") for file in tmp_path.rglob("journal.jsonl"))
    assert SPARE not in written, "the pins themselves are kept nowhere"


def test_a_hostile_package_disturbs_nobody(world: World, tmp_path: Path) -> None:
    apk = build_apk(tmp_path / "apk", package=PACKAGE, nsc=config(world, SUBJECT))
    hostile = tmp_path / "apk" / "hostile.apk"
    with zipfile.ZipFile(apk) as whole, zipfile.ZipFile(hostile, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in whole.namelist():
            content = bytearray(whole.read(entry))
            if "security" in entry or entry.endswith(".arsc"):
                content[8 : len(content) : 3] = os.urandom(len(content[8::3]))
            made.writestr(entry, bytes(content))
        made.writestr("../../escape", b"out")
        made.writestr("assets/bomb.json", bytes(32 << 20))
    with trap(world, tmp_path / "reports", options=options(world, hostile)) as t:
        assert eventually(lambda: t.events("AppDeclared")), t.proxy.output
        t.run(attempts=4)
    (app,) = t.events("AppDeclared")
    assert app["problems"]
    assert t.endpoint(SUBJECT)["verdict"] == "unpinned"
    assert not (tmp_path / "escape").exists() and not (tmp_path.parent / "escape").exists()
    assert not [notice for notice in t.report()["notices"] if notice["id"] == "tool_error"]


def test_a_large_package_is_read_while_handshakes_go_on(world: World, tmp_path: Path) -> None:
    apk = build_apk(tmp_path / "apk", package=PACKAGE, nsc=config(world, SUBJECT))
    noise = os.urandom(1 << 20)
    with zipfile.ZipFile(apk, "a", zipfile.ZIP_STORED) as made:
        for number in range(LARGE_MIB // 10):
            made.writestr(f"lib/arm64-v8a/libpart{number}.so", noise * 10)
    with trap(world, tmp_path / "reports", options=options(world, apk)) as t:
        attempts = t.run(attempts=8, host=CANARY, pause_s=0.02)
        assert eventually(lambda: t.events("AppDeclared")), t.proxy.output
        t.run(attempts=1, host=OTHER)
    assert [attempt.result for attempt in attempts] == ["response"] * 8
    hosts = [event["host"] for event in t.events("HostDeclared")]
    assert hosts == [CANARY, OTHER]
    began = {event["connection_id"]: event["at_s"] for event in t.events("ClientHelloSeen")}
    waits = [event["at_s"] - began[event["connection_id"]] for event in t.events("HandshakeEstablished")]
    assert max(waits) < 2.0, waits
