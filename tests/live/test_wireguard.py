"""Which app a connection belongs to, with devices in network namespaces: real tunnels, real socket tables, real user ids."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.live.namespace import Namespace, need_namespaces
from tests.live.play import job
from tests.live.world import ADDON, ROOT, World
from tests.waiting import eventually

from pinprobe.attribution import NOBODY
from pinprobe.device.wireguard import client_config, read_keys
from pinprobe.x509.tunnel_keys import public_half
from standin.origin import Origin, Origins
from standin.proxy import Proxy

pytestmark = pytest.mark.live

PINNED, PLAIN, OTHER = "com.example.pinned", "com.example.plain", "com.example.other"
SUBJECT, CANARY, ELSEWHERE = "subject.shop.test", "canary.shop.test", "other.shop.test"
NAMES = {SUBJECT: "198.19.0.1", CANARY: "198.19.0.2", ELSEWHERE: "198.19.0.3"}
"""Where devices without a proxy setting think that these hosts are."""
NEIGHBOUR = "host001.crowd.test"
QUIC = Path(__file__).with_name("quic_client.py")

Json = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def _possible() -> None:
    need_namespaces()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one session left behind."""

    reports: Mapping[str, Json]
    """By app."""
    journal: list[Json]
    text: str
    """All files together."""
    output: str
    device: str
    """The device's address."""

    def endpoint(self, app: str, host: str) -> Json:
        found = [
            one
            for one in self.reports[app]["endpoints"]
            if (one["endpoint"]["host"], one["endpoint"]["port"], one["endpoint"]["transport"]) == (host, 443, "tcp")
        ]
        assert len(found) == 1, f"{host} is {len(found)} times in the report of {app}\n{self.output}"
        return dict(found[0])

    def verdict(self, app: str, host: str) -> str:
        found = self.endpoint(app, host)
        assert found["endpoint"]["app"] == app
        return str(found["verdict"])

    def hosts(self, app: str) -> set[str]:
        return {one["endpoint"]["host"] for one in self.reports[app]["endpoints"]}

    def notices(self, app: str) -> set[str]:
        return {one["id"] for one in self.reports[app]["notices"]}


def what_is_left(reports: Path, output: str, device: Namespace) -> Seen:
    (folder,) = reports.glob("*/*/")
    files = [*folder.glob("report.json"), *folder.glob("apps/*/report.json")]
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    lines = (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    everything = [file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.is_file()]
    return Seen(
        reports={one["app"]["id"]: one for one in found},
        journal=[json.loads(line) for line in lines],
        text="\n".join(everything),
        output=output,
        device=device.address,
    )


def proxy_for(
    world: World,
    reports: Path,
    modes: list[str],
    environment: Mapping[str, str],
    port: int = 0,
    **options: str | tuple[str, ...],
) -> Proxy:
    """mitmdump with pinprobe; all hosts of these tests are the origin at this port, by default the world's usual one."""
    hosts = [*NAMES, NEIGHBOUR, *(f"{address}:443" for address in NAMES.values())]
    told = {f"pinprobe_{name}": value for name, value in options.items()}
    return Proxy(
        confdir=world.folder / "confdir",
        trust=world.upstream_trust,
        hosts={**world.hosts, **dict.fromkeys(hosts, port or world.hosts[SUBJECT])},
        scripts=[ADDON],
        options={
            "pinprobe_app": PINNED,
            "pinprobe_ca_store": "system",
            "pinprobe_reports": str(reports),
            "pinprobe_live": "off",
            **told,
        },
        mode=modes[0],
        more_modes=modes[1:],
        environment={"STANDIN_NAMES": json.dumps(NAMES), **environment},
    )


def app(world: World, device: Namespace, proxy: str = "", uid: int = 0, **changes: Any) -> subprocess.Popen[str]:
    """An app of the device that uses Python's ssl."""
    doing = job(
        world, proxy or "none", via="http" if proxy else "direct", **{"attempts": 7, "pause_s": 0.03, **changes}
    )
    command = [sys.executable, "-m", "standin.clients.python_ssl_program", *doing.arguments()]
    return device.start(command, uid=uid, environment={"PYTHONPATH": str(ROOT / "scripts")})


def said_by(process: subprocess.Popen[str]) -> str:
    out, error = process.communicate(timeout=20)
    assert process.returncode == 0, f"{out}\n{error}"
    return out


# -- tunnels -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tunnels(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Two devices, each with a tunnel for one app; one app pins, the other does not, and both speak to one host."""
    folder = tmp_path_factory.mktemp("tunnels")
    reports = folder / "reports"
    with ExitStack() as stack:
        one, two = stack.enter_context(Namespace()), stack.enter_context(Namespace())
        ports = {one: 51820, two: 51821}
        modes = [f"wireguard:{folder / device.name}.json@{device.host}:{port}" for device, port in ports.items()]
        listeners = (f"51820={PINNED}", f"51821={PLAIN}")
        proxy = stack.enter_context(proxy_for(world, reports, modes, {}, listeners=listeners))
        for device, package in ((one, PINNED), (two, PLAIN)):
            file = folder / f"{device.name}.json"
            eventually(file.exists)
            keys = read_keys(file.read_text(encoding="utf-8"))
            config = client_config(
                client_key=keys.client,
                server_public=public_half(keys.server),
                endpoint=f"{device.host}:{ports[device]}",
                package=package,
            )
            device.tunnel(config, folder)
        trust = str(world.trusting.trust)
        running = [
            app(world, one, technique="pin", attempts=14),
            app(world, one, host=CANARY, attempts=9),
            app(world, two),
        ]
        curl = ["curl", "-sS", "--max-time", "5", "--cacert", trust, *[f"https://{ELSEWHERE}/"] * 3]
        running += [two.start(curl), one.start([sys.executable, str(QUIC), SUBJECT, trust, "1.5"])]
        for process in running:
            said_by(process)
        output = proxy.stop()
    yield what_is_left(reports, output, one)


def test_each_tunnels_app_has_its_own_verdicts(tunnels: Seen) -> None:
    assert set(tunnels.reports) == {PINNED, PLAIN}
    assert tunnels.verdict(PINNED, SUBJECT) == "pinned"
    assert tunnels.endpoint(PINNED, SUBJECT)["confidence"] in {"probable", "confirmed"}
    assert tunnels.verdict(PINNED, CANARY) == "unpinned"
    assert tunnels.verdict(PLAIN, SUBJECT) == "unpinned"
    assert tunnels.verdict(PLAIN, ELSEWHERE) == "unpinned"
    assert CANARY not in tunnels.hosts(PLAIN) and ELSEWHERE not in tunnels.hosts(PINNED)


def test_the_tunnel_is_named_as_the_source(tunnels: Seen) -> None:
    for name in (PINNED, PLAIN):
        assert set(tunnels.endpoint(name, SUBJECT)["attributed_by"]) == {"tunnel"}
        assert "attribution" in tunnels.notices(name) and "attribution_declared" not in tunnels.notices(name)


def test_quic_is_seen_and_is_the_tunnels_apps(tunnels: Seen) -> None:
    quic = {event["connection_id"] for event in tunnels.journal if event["type"] == "DatagramSeen"}
    named = {e["connection_id"]: e["app_id"] for e in tunnels.journal if e["type"] == "AppAttributed"}
    assert quic and {named[number] for number in quic} == {PINNED}
    assert {"quic_seen", "quic_blocked"} & tunnels.notices(PINNED)


def test_lookups_of_two_tunnels_are_of_two_devices(tunnels: Seen) -> None:
    """Though both have the same address inside."""
    asked = {(e["host"], e["client"]) for e in tunnels.journal if e["type"] == "NameResolved"}
    assert len({client for host, client in asked if host == SUBJECT}) == 2


def test_no_key_path_or_address_is_kept(tunnels: Seen) -> None:
    assert not [word for word in (".json@", "10.0.0.1", "fd00:", tunnels.device) if word in tunnels.text]


# -- the socket table ---------------------------------------------------------------------------------------

UIDS = {PINNED: 10101, PLAIN: 10102}
SHARED = 10103
FAR_S = 0.15
"""Until a server answers, as on the way of mobile networks; on loopback a refused connection ends within 10 ms."""
ADB = """#!/bin/sh
# Answers as adb would; the table is that of the namespace, as its kernel keeps it.
[ "$1" = -s ] && [ "$2" = namespace-1 ] && shift 2
case "$*" in
    "devices -l") printf 'List of devices attached\\nnamespace-1            device product:x model:x transport_id:1\\n\\n' ;;
    "shell pm list packages -U") printf '{packages}' ;;
    "shell cat /proc/net/tcp /proc/net/tcp6")
        exec ip netns exec {namespace} cat /proc/net/tcp /proc/net/tcp6 ;;
    *) echo "error: unknown host service" >&2; exit 1 ;;
esac
"""


@pytest.fixture(scope="module")
def table(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """One device on a plain proxy: two apps, and one user id that two packages share."""
    folder = tmp_path_factory.mktemp("table")
    reports = folder / "reports"
    with ExitStack() as stack:
        device = stack.enter_context(Namespace())
        owners = [*UIDS.items(), ("com.shared.one", SHARED), ("com.shared.two", SHARED)]
        packages = "\\n".join(f"package:{package} uid:{uid}" for package, uid in owners)
        adb = folder / "adb"
        adb.write_text(ADB.format(packages=packages, namespace=device.name), encoding="utf-8")
        adb.chmod(adb.stat().st_mode | stat.S_IXUSR)
        environment = {"PATH": f"{folder}:{os.environ['PATH']}"}
        far = Origin(name="far", identities=(world.leaf_of(SUBJECT),), delay_s=FAR_S)
        port = stack.enter_context(Origins([far])).port("far")
        modes = [f"regular@{device.host}:0"]
        proxy = stack.enter_context(proxy_for(world, reports, modes, environment, port, adb="auto"))
        address = f"{device.host}:{proxy.port}"
        running = [
            app(world, device, address, UIDS[PINNED], technique="pin", attempts=14),
            app(world, device, address, UIDS[PINNED], host=CANARY, attempts=9),
            app(world, device, address, UIDS[PLAIN]),
            app(world, device, address, UIDS[PLAIN], host=ELSEWHERE, attempts=3),
            app(world, device, address, SHARED, host=NEIGHBOUR, attempts=3),
        ]
        for process in running:
            said_by(process)
        output = proxy.stop()
    yield what_is_left(reports, output, device)


def test_the_devices_table_tells_two_apps_on_one_proxy_apart(table: Seen) -> None:
    assert set(table.reports) == {PINNED, PLAIN, NOBODY}
    assert table.verdict(PINNED, SUBJECT) == "pinned"
    assert table.verdict(PLAIN, SUBJECT) == "unpinned"
    assert table.verdict(PINNED, CANARY) == "unpinned"
    assert ELSEWHERE not in table.hosts(PINNED) and CANARY not in table.hosts(PLAIN)
    assert set(table.endpoint(PINNED, SUBJECT)["attributed_by"]) == {"socket_table"}


def test_most_connections_are_named_and_none_wrongly(table: Seen) -> None:
    """The shortest are gone before the table is read: they are nobody's, and not somebody's."""
    (*_, checked) = [event for event in table.journal if event["type"] == "AttributionChecked"]
    opened = [event for event in table.journal if event["type"] == "ConnectionOpened"]
    hosts = {event["connection_id"]: event["sni"] for event in table.journal if event["type"] == "ClientHelloSeen"}
    named = {event["connection_id"]: event["app_id"] for event in table.journal if event["type"] == "AppAttributed"}
    assert checked["asked"] == len(opened) == len(named)
    assert checked["named"] >= len(opened) * 2 / 3
    assert (checked["late"], checked["failed"], checked["away"]) == (0, 0, 0)
    owners = {CANARY: PINNED, ELSEWHERE: PLAIN, NEIGHBOUR: NOBODY}
    for number, host in hosts.items():
        assert named[number] in {NOBODY, owners.get(host, named[number])}


def test_a_shared_user_id_is_nobodys(table: Seen) -> None:
    assert NEIGHBOUR in table.hosts(NOBODY)
    assert NEIGHBOUR not in table.hosts(PINNED) | table.hosts(PLAIN)
    assert {"source_shared", "unattributed_apart", "other_apps"} <= table.notices(PINNED)


def test_no_serial_or_address_is_kept(table: Seen) -> None:
    assert "namespace-1" not in table.text and table.device not in table.text
