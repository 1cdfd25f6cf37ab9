"""The stand-in itself, through a mitmdump without pinprobe: each client does what its technique is called."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.live.conftest import need
from tests.live.play import job
from tests.live.trap import origin_events
from tests.live.world import World

from standin.clients import CLIENTS, Attempt, run
from standin.proxy import Proxy

pytestmark = pytest.mark.live

ALWAYS_REFUSE = {
    "python_ssl": ["pin", "anchors", "leaks", "fallback"],
    "aiohttp": ["pin"],
    "curl": ["pin", "anchors"],
    "okhttp": ["pin", "manager", "anchors", "leaks"],
    "boringssl": ["pin", "post", "anchors", "refuses", "store-anchors", "alert"],
}

SUBJECT, OTHER, OCSP, COLLECTOR = "subject.shop.test", "other.shop.test", "ocsp.shop.test", "reports.collector.test"
ASKED, CLEARTEXT = f"web GET {SUBJECT}/", f"cleartext GET {SUBJECT}/"
ELSEWHERE, ALT_PORT, TOLD = f"web GET {OTHER}/", f"web GET {SUBJECT}:8443/", f"web POST {COLLECTOR}/"
LOOKED_UP = [
    f"cleartext POST {OCSP}/ocsp",
    f"cleartext GET {OCSP}/ca.crl",
    f"cleartext GET {OCSP}/issuer.crt",
    f"cleartext GET {OCSP}/generate_204",
]
H2 = {"alpn": "h2"}
QUICK = {"okhttp": {"tls": "1.2"}}
"""In TLS 1.3 the JDK, when it closes first, waits `timeout_s` for the other side's close_notify."""

# Client, technique, changes to the job, what it says of each connection (Answer, Refusal by the check, Idle),
# and what the origins were asked.
Row = tuple[str, str, dict[str, Any], str, list[str]]

SHARED = ("python_ssl", "curl", "okhttp")
WRONG_KEY: list[Row] = [
    *((c, "fallback", {"attempts": 2}, "RR", [CLEARTEXT] * 2) for c in SHARED),
    *((c, "fallback-host", {"other_host": OTHER}, "R", [ELSEWHERE]) for c in SHARED),
    *((c, "fallback-port", {"other_port": 8443}, "R", [ALT_PORT]) for c in SHARED),
    *((c, "relents", {"times": 1, "attempts": 3}, "RAA", [ASKED] * 2) for c in SHARED),
    *((c, "hardens", {"times": 1, "attempts": 3}, "ARR", [ASKED]) for c in SHARED),
    *((c, "two-clients", {"attempts": 3}, "RAR", [ASKED]) for c in SHARED),
    *((c, "storms", {"times": 2, "attempts": 2}, "RRRRRR", []) for c in SHARED),
    *((c, "reports", {}, "A", [TOLD, ASKED]) for c in ("python_ssl", "okhttp")),
    *((c, "leaks", {"keep": 3}, "R", [ASKED]) for c in ("python_ssl", "okhttp")),
    *((c, "leaks", {"keep": 3, **H2}, "R", [ASKED]) for c in ("python_ssl", "okhttp")),
    *((c, "none", {"keep": 3}, "A", [ASKED] * 3) for c in ("python_ssl", "okhttp")),
    *((c, "none", {"keep": 3, **H2}, "A", [ASKED] * 3) for c in ("python_ssl", "okhttp")),
    ("python_ssl", "visits-others", {"other_host": OTHER}, "R", [ELSEWHERE]),
    ("python_ssl", "revokes", {"other_host": OCSP}, "R", LOOKED_UP),
    ("python_ssl", "cleartext-always", {}, "R", [CLEARTEXT]),
    ("python_ssl", "pin-reports", H2, "R", [TOLD]),
    ("python_ssl", "posts-json", {}, "A", [TOLD, ASKED]),
    ("python_ssl", "mutes", {"attempts": 2, "hold_s": 0.2}, "RR", []),
    ("python_ssl", "preconnects", {"attempts": 2, "hold_s": 0.2}, "AA", [ASKED] * 2),
    ("python_ssl", "mutes-always", {"attempts": 2, "hold_s": 0.2}, "II", []),
    ("python_ssl", "withdraws", {"times": 3, "attempts": 2}, "AA", [ASKED] * 2),
    ("python_ssl", "busy", {"times": 3, "attempts": 2}, "AAAAAA", [ASKED] * 6),
    ("python_ssl", "stops", {"hosts": OTHER, "attempts": 3}, "R", []),
    ("python_ssl", "none", {"hosts": OTHER, "attempts": 3}, "AAA", [ASKED, ELSEWHERE, ASKED]),
]
RIGHT_KEY: list[Row] = [
    *((c, "fallback", {}, "A", [ASKED]) for c in SHARED),
    *((c, "storms", {"attempts": 2}, "AA", [ASKED] * 2) for c in SHARED),
    *((c, "reports", {}, "A", [ASKED]) for c in ("python_ssl", "okhttp")),
    *((c, "leaks", {"keep": 3, **H2}, "A", [ASKED] * 3) for c in ("python_ssl", "okhttp")),
    ("python_ssl", "visits-others", {"other_host": OTHER}, "A", [ASKED, ELSEWHERE]),
    ("python_ssl", "revokes", {"other_host": OCSP}, "A", [ASKED]),
    ("python_ssl", "cleartext-always", {}, "A", [ASKED, CLEARTEXT]),
    ("python_ssl", "pin-reports", {}, "A", [ASKED]),
    ("python_ssl", "mutes", {"attempts": 2}, "AA", [ASKED] * 2),
    ("python_ssl", "mutes-always", {}, "I", []),
    ("python_ssl", "withdraws", {"times": 3, "attempts": 2}, "AAAAAA", [ASKED] * 6),
    ("python_ssl", "stops", {"hosts": OTHER, "attempts": 3}, "AAA", [ASKED, ELSEWHERE, ASKED]),
]
SAYS = {"A": ("response", "response"), "R": ("refused", "check"), "I": ("failed", "idle")}

CHAINS = {"served-certificate-chain", "validated-certificate-chain"}
HPKP = {"date-time", "hostname", "port", "effective-expiration-date", "include-subdomains", "noted-hostname"}
APP = {"app-bundle-id", "app-version", "app-platform", "app-vendor-id", "trustkit-version"}
TRUSTKIT = APP | HPKP - {"effective-expiration-date"} | {"enforce-pinning", "validation-result", "known-pins"}
IOS = {"app-platform-version", "known-pins-expiration-date", "validated-certificate-chain"}
REPORTS = [
    ("python_ssl", "trustkit", TRUSTKIT | IOS),
    ("okhttp", "trustkit", TRUSTKIT | CHAINS),
    ("python_ssl", "hpkp", HPKP | CHAINS | {"known-pins"}),
    ("python_ssl", "expect-ct", {"expect-ct-report"}),
]
KEEPS_BODIES = """
def request(flow):
    with open({path!r}, "ab") as file:
        file.write(flow.request.content + b"\\n")
"""


@pytest.fixture(scope="module")
def bare(world: World) -> Iterator[Proxy]:
    proxy = Proxy(confdir=world.folder / "confdir", trust=world.upstream_trust, hosts=world.hosts)
    with proxy:
        yield proxy


@pytest.fixture(scope="module")
def aside(world: World) -> Iterator[Proxy]:
    """One that lets TLS pass untouched: what comes is the pinned key."""
    options = {"ignore_hosts": "."}
    proxy = Proxy(confdir=world.folder / "confdir", trust=world.upstream_trust, hosts=world.hosts, options=options)
    with proxy:
        yield proxy


def attempt(client: str, world: World, proxy: Proxy, **changes: Any) -> Attempt:
    need(client)
    return run(CLIENTS[client], job(world, proxy.address, **changes))[0]


@pytest.mark.parametrize("alpn", ["http/1.1", "h2"])
@pytest.mark.parametrize("tls", ["1.2", "1.3"])
@pytest.mark.parametrize("client", CLIENTS)
def test_unpinned_client_goes_by_the_device(world: World, bare: Proxy, client: str, tls: str, alpn: str) -> None:
    said = attempt(client, world, bare, tls=tls, alpn=alpn)
    assert said.result == "response", said
    said = attempt(client, world, bare, tls=tls, alpn=alpn, trust=world.distrusting.trust)
    assert (said.result, said.stage) == ("refused", "handshake"), said


@pytest.mark.parametrize("client", CLIENTS)
def test_client_without_validation_accepts_anything(world: World, bare: Proxy, client: str) -> None:
    said = attempt(client, world, bare, technique="trust-all", trust=world.distrusting.trust)
    assert said.result == "response", said


@pytest.mark.parametrize(
    ("client", "technique"), [(c, t) for c, techniques in ALWAYS_REFUSE.items() for t in techniques]
)
def test_pinned_client_refuses_on_a_trusting_device(world: World, bare: Proxy, client: str, technique: str) -> None:
    said = attempt(client, world, bare, technique=technique)
    assert said.result == "refused", said


def plays(world: World, proxy: Proxy, row: Row) -> list[Attempt]:
    """Run it, and compare what it says and what the origins were asked with what the row says."""
    client, technique, changes, says, asked = row
    need(client)
    began_s = time.time()
    changes = {**QUICK.get(client, {}), **changes, "technique": technique, "report_host": COLLECTOR}
    attempts = run(CLIENTS[client], job(world, proxy.address, **changes))
    assert [(one.result, one.stage) for one in attempts] == [SAYS[letter] for letter in says], attempts
    requests = [e for e in origin_events(world) if e["event"] == "request" and e["at_s"] >= began_s]
    assert [f"{e['origin']} {e['method']} {e['authority']}{e['path']}" for e in requests] == asked, attempts
    if "keep" in changes:
        assert len({(e["origin"], e["number"]) for e in requests}) == 1, "all on one connection"
    return attempts


def name(value: object) -> str:
    return "-".join(map(str, value[:2])) if isinstance(value, tuple) else ""


@pytest.mark.parametrize("row", WRONG_KEY, ids=name)
def test_degrading_client_and_its_twins_where_the_key_is_wrong(world: World, bare: Proxy, row: Row) -> None:
    for said in plays(world, bare, row):
        for after in ("fallback", "visited", "cleartext", "report", "posted"):
            assert said.more.get(after, 200) == 200, said
        assert said.more.get("looked_up", [200] * 4) == [200] * 4, said
        assert ("fallback" in said.more) == row[1].startswith("fallback"), said


@pytest.mark.parametrize("row", RIGHT_KEY, ids=name)
def test_degrading_client_and_its_twins_where_the_key_is_right(world: World, aside: Proxy, row: Row) -> None:
    for said in plays(world, aside, row):
        assert not said.more.keys() & {"fallback", "report", "looked_up"}, said


@pytest.mark.parametrize("technique", ["mutes", "preconnects", "mutes-always"])
def test_mute_connections_stay_open_beyond_the_last_attempt(world: World, bare: Proxy, technique: str) -> None:
    began_s = time.monotonic()
    run(CLIENTS["python_ssl"], job(world, bare.address, technique=technique, hold_s=1.0))
    assert time.monotonic() - began_s > 1.0


@pytest.mark.parametrize(("client", "shape", "members"), REPORTS)
def test_pin_failure_reports_have_the_shape_of_their_kind(
    world: World, tmp_path: Path, client: str, shape: str, members: set[str]
) -> None:
    need(client)
    script, bodies = tmp_path / "keeps_bodies.py", tmp_path / "bodies"
    script.write_text(KEEPS_BODIES.format(path=str(bodies)), encoding="utf-8")
    with world.proxy(reports=tmp_path, addon=None, scripts=(script,)) as proxy:
        changes = {**QUICK.get(client, {}), "technique": "reports", "report_host": COLLECTOR, "report_format": shape}
        asked = job(world, proxy.address, **changes)
        run(CLIENTS[client], asked)
    report = json.loads(bodies.read_bytes().splitlines()[0])
    assert report.keys() == members
    inner = report.get("expect-ct-report", report)
    assert inner["hostname"] == SUBJECT
    assert inner["validated-certificate-chain"][0].startswith("-----BEGIN CERTIFICATE-----\n")
    if "known-pins" in inner:
        assert inner["known-pins"] == [f'pin-sha256="{asked.pin}"']


@pytest.mark.parametrize(("path", "header"), [("/hpkp", "Public-Key-Pins"), ("/expect-ct", "Expect-CT")])
def test_origin_reads_bodies_and_sends_headers_about_pins(world: World, path: str, header: str) -> None:
    place = world.hosts["subject.shop.test:80"]
    assert isinstance(place, int)
    connection = http.client.HTTPConnection("127.0.0.1", place, timeout=5)
    # Twice on one connection: what is left of a body would be taken for the next request.
    for _ in range(2):
        connection.request("POST", path, body=b"x" * 100_000)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"hello from the origin\n")
        assert "max-age=" in (answer.getheader(header) or "")
    connection.close()


def test_origins_send_the_chain_a_strict_verifier_wants(world: World) -> None:
    """Without any proxy: Python's strictest settings accept leaf and intermediate by the root."""
    context = ssl.create_default_context(cafile=str(world.pki.root.chain_path))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    place = world.hosts["subject.shop.test"]
    assert isinstance(place, int)
    with (
        socket.create_connection(("127.0.0.1", place), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="subject.shop.test") as connection,
    ):
        assert connection.version() == "TLSv1.3"
