"""The addon takes nothing from mitmproxy: who is verified, what is shown and whose key is whose stay as they were."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import ssl
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.live.play import job
from tests.live.trap import Trap, origin_events, trap
from tests.live.world import World

from standin.clients import CLIENTS, run

pytestmark = pytest.mark.live

GOOD = "subject.shop.test"
EVIL = ("expired.shop.test", "private.shop.test", "elsewhere.shop.test")
"""Whose certificate is over, whose CA is nobody's, and who has one for another name."""
ALL = {"pinprobe_probes": "all"}


def with_untrusted_servers(world: World) -> World:
    """The proxy trusts what a plain device does, and one host's server has a certificate for another."""
    hosts = {**world.hosts, EVIL[2]: world.hosts[GOOD]}
    return replace(world, hosts=hosts, upstream_trust=world.distrusting.trust)


# -- the real server is verified -----------------------------------------------------------------------------


def _asked(world: World, folder: Path, *, addon: bool, options: Mapping[str, str]) -> tuple[dict[str, list[str]], Any]:
    """What came of it, by host, and the facts of the journal."""
    world = with_untrusted_servers(world)
    more: dict[str, Any] = {} if addon else {"addon": None}
    with world.proxy(reports=folder, options=options, **more) as proxy:
        told = {
            host: [
                f"{attempt.result} {attempt.detail}"
                for attempt in run(CLIENTS["python_ssl"], job(world, proxy.address, host=host, attempts=2))
            ]
            for host in (*EVIL, GOOD)
        }
        proxy.stop()
    return told, Trap(world=world, reports=folder, proxy=proxy)


def test_no_server_is_talked_to_that_mitmproxy_would_not_trust(world: World, tmp_path: Path) -> None:
    before = len(origin_events(world))
    kinds: dict[str, dict[str, Any]] = {
        "bare": {"addon": False, "options": {}},
        "observe": {"addon": True, "options": {"pinprobe_mode": "observe"}},
        "experiment": {"addon": True, "options": {**ALL, "pinprobe_replay_chains": str(world.replay_chains)}},
    }
    with ThreadPoolExecutor(len(kinds)) as pool:
        played = {
            name: pool.submit(_asked, world, tmp_path / name, addon=kind["addon"], options=kind["options"])
            for name, kind in kinds.items()
        }
        told = {name: one.result() for name, one in played.items()}
    bare, _ = told["bare"]
    observed, facts = told["observe"]
    assert observed == bare
    assert all("502" in one for host in EVIL for one in bare[host]) and "response" in bare[GOOD][0]
    failures = facts.events("ServerFailed", stage="tls")
    assert {failure["host"] for failure in failures} == set(EVIL)
    assert all("ertificate verify failed" in failure["error"] for failure in failures)
    asked = {event["authority"] for event in origin_events(world)[before:] if event["event"] == "request"}
    assert asked == {GOOD}, "what was refused got no request, in any mode"


# -- bad certificates are shown by the schedule alone -----------------------------------------------------------


def shown(t: Trap, host: str, context: ssl.SSLContext) -> bytes | None:
    """The leaf that one client was shown, in DER; None where no handshake was completed."""
    with socket.create_connection(("127.0.0.1", t.proxy.port), timeout=10) as plain:
        plain.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
        plain.recv(4096)
        try:
            with context.wrap_socket(plain, server_hostname=host) as connection:
                connection.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                connection.recv(4096)
                return connection.getpeercert(binary_form=True)
        except OSError:
            return None


def careless() -> ssl.SSLContext:
    """Sees whatever it is shown."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def is_usual(der: bytes, ca: x509.Certificate, host: str) -> bool:
    """What mitmproxy itself would serve: signed by its CA, for this host."""
    leaf = x509.load_der_x509_certificate(der)
    try:
        leaf.verify_directly_issued_by(ca)
    except Exception:
        return False
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return host in names.get_values_for_type(x509.DNSName)


@pytest.mark.parametrize("options", [ALL, {}, {"pinprobe_mode": "observe"}], ids=["all", "experiment", "observe"])
def test_what_is_shown_is_what_was_scheduled(world: World, tmp_path: Path, options: dict[str, str]) -> None:
    """Each leaf that a client really saw, beside the plan of its very connection."""
    ca_file = world.folder / "confdir" / "mitmproxy-ca-cert.pem"
    ca = x509.load_pem_x509_certificate(ca_file.read_bytes())
    genuine = world.leaf_of(GOOD).sha256
    trusting = ssl.create_default_context(cafile=str(world.trusting.trust))
    times = 40 if "pinprobe_probes" in options else 12
    contexts = [careless()] * times + [trusting] * 4 + [ssl.create_default_context()] * 8
    conf_before = {path: path.read_bytes() for path in sorted((world.folder / "confdir").rglob("*"))}
    home = tmp_path / "home"
    home.mkdir()
    environment = {"HOME": str(home), "TMPDIR": str(home)}
    with trap(
        world, tmp_path / "reports", options={"pinprobe_formats": "all", **options}, environment=environment
    ) as t:
        assert t.proxy.wait_for("recording to", 30.0)
        seen = [shown(t, GOOD, context) for context in contexts]
    plans = {event["connection_id"]: event for event in t.events("ProbeApplied")}
    hellos = [event["connection_id"] for event in t.events("ClientHelloSeen")]
    assert len(hellos) == len(contexts)
    bad = 0
    for number, der in zip(hellos, seen, strict=True):
        plan = plans[number]
        usual = plan["probe_id"] == "trusted_ca"
        bad += not usual
        if der is None:
            continue
        digest = hashlib.sha256(der).hexdigest()
        assert digest == (plan["leaf_sha256"] or genuine), plan
        assert plan["as_planned"], plan
        if usual:
            assert is_usual(der, ca, GOOD), plan
        elif plan["probe_id"].startswith("relay"):
            assert digest == genuine, plan
        else:
            assert digest != genuine, "no probe has the key of the genuine leaf"
    assert (bad == 0) == (options.get("pinprobe_mode") == "observe")
    assert any(der is not None for der in seen)
    assert not _keys_in(tmp_path.rglob("*"), ca_file.with_name("mitmproxy-ca.pem"), t.output)
    assert not any(home.iterdir())
    assert {path: path.read_bytes() for path in sorted((world.folder / "confdir").rglob("*"))} == conf_before


# -- the CA's key stays where it is -------------------------------------------------------------------------------


def _keys_in(paths: Iterator[Path], key_file: Path, output: str) -> list[str]:
    """Where the key stands, or a part of it that is enough."""
    texts = {str(path): path.read_bytes() for path in paths if path.is_file()} | {"output": output.encode()}
    wanted = set(key_forms(key_file.read_bytes()))
    return [name for name, data in texts.items() if any(form in data or form in data.lower() for form in wanted)]


def key_forms(pem: bytes) -> Iterator[bytes]:
    """A piece of each secret number of an RSA key: as bytes in either order, hex, base64 and decimal; and of its PEM."""
    key = serialization.load_pem_private_key(pem, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    numbers = key.private_numbers()
    for number in (numbers.p, numbers.q, numbers.d, numbers.dmp1, numbers.dmq1, numbers.iqmp):
        data = number.to_bytes((number.bit_length() + 7) // 8, "big")
        piece = data[8:32]
        yield from (piece, piece[::-1], piece.hex().encode(), piece.hex(":").encode(), str(number)[:40].encode())
        for before in range(3):
            yield base64.b64encode(data[before:32])[4:36]
    yield b"PRIVATE KEY"


def test_the_search_for_the_key_can_find_it(world: World, tmp_path: Path) -> None:
    file = world.folder / "confdir" / "mitmproxy-ca.pem"
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    p = key.private_numbers().p
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    written = {
        "pem": file.read_bytes(),
        "der": der,
        "base64": base64.b64encode(b"x" + der),
        "hex": der.hex().upper().encode(),
        "number": str(p).encode(),
        "turned": p.to_bytes(128, "little"),
    }
    for name, data in written.items():
        (tmp_path / name).write_bytes(b"before" + data + b"after")
    (tmp_path / "none").write_bytes(os.urandom(5000) + world.trusting.trust.read_bytes())
    found = _keys_in(tmp_path.iterdir(), file, "")
    assert {Path(name).name for name in found} == set(written)
    assert _keys_in(iter(()), file, file.read_text()) == ["output"]
