"""No handshake completes under a chain without its key, and every client says so in its own way.

Real clients that trust the chain, and their own alert for a signature that is bogus: 51, on JSSE 40.
"""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import ssl
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.certificates import HOST, bench
from tests.mitm.served.proxy import Seen, showing

from pinprobe import x509
from pinprobe.mitm.served.leaf import Leaf
from pinprobe.probes import REPLAY_GENUINE, TRUSTED_CA
from pinprobe.x509.draft import Authority, Draft
from standin import device
from standin.clients import CLIENTS, Attempt, Job, run

KEYS: dict[str, Any] = {
    "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key(),
    "p256": ec.generate_private_key(ec.SECP256R1()).public_key(),
    "p384": ec.generate_private_key(ec.SECP384R1()).public_key(),
}
SIGNATURE_ALERT = {
    ("boringssl", "none"): 51,
    ("boringssl", "store"): 51,
    ("curl", "none"): 51,
    ("python_ssl", "none"): 51,
    ("okhttp", "none"): 40,
}
NORMAL_REFUSAL = {
    ("boringssl", "none"): 46,
    ("boringssl", "store"): 48,
    ("curl", "none"): 48,
    ("python_ssl", "none"): 48,
    ("okhttp", "none"): 46,
}


def genuine(key: str) -> tuple[x509.X509, ...]:
    """A chain of the stand-in world for the host, of whose leaf nobody has the key."""
    intermediate = bench().pki.intermediate_a
    draft = dataclasses.replace(Draft.like(bench().material.genuine[0]), public_key=KEYS[key])
    authority = Authority.of(intermediate.certificate, intermediate.key)
    return (draft.issued_by(authority), intermediate.certificate)


def keyless(key: str) -> Leaf:
    return Leaf.of(
        x509.mint(
            REPLAY_GENUINE,
            dataclasses.replace(bench().material, genuine=genuine(key)),
            bench().keys,
            bench().material.genuine[0].not_valid_before_utc,
        )
    )


def shown(leaf: Leaf, client: str, technique: str, tls: str) -> tuple[list[Attempt], list[Seen]]:
    kind = CLIENTS[client]
    if missing := kind.missing():
        pytest.skip(f"{kind.title} is not here: install {missing}")
    trust = device.distrusting(bench().pki).trust
    with showing(leaf) as proxy:
        job = Job(proxy=proxy.address, host=HOST, trust=trust, technique=technique, tls=tls, attempts=2)  # type: ignore[arg-type]
        attempts = run(kind, job)
    return attempts, proxy.seen


@pytest.mark.live
@pytest.mark.parametrize("tls", ["1.2", "1.3"])
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("client", "technique"), SIGNATURE_ALERT)
def test_the_signature_is_refused_and_nothing_is_decrypted(client: str, technique: str, key: str, tls: str) -> None:
    attempts, seen = shown(keyless(key), client, technique, tls)
    assert [one.result for one in attempts] == ["failed", "failed"], attempts
    assert {one.stage for one in attempts} == {"handshake"}, attempts
    for one in seen:
        assert one.alerts == [SIGNATURE_ALERT[client, technique]], seen
        assert not one.established
        assert (one.decrypted, one.counted) == (b"", 0)


@pytest.mark.live
@pytest.mark.parametrize("tls", ["1.2", "1.3"])
@pytest.mark.parametrize(("client", "technique"), NORMAL_REFUSAL)
def test_the_same_clients_refuse_our_own_ca_with_another_alert(client: str, technique: str, tls: str) -> None:
    _, seen = shown(Leaf.of(bench().mint(TRUSTED_CA)), client, technique, tls)
    assert [one.alerts for one in seen] == [[NORMAL_REFUSAL[client, technique]]] * 2


def tunnel(address: str) -> socket.socket:
    host, port = address.split(":")
    connection = socket.create_connection((host, int(port)), timeout=5)
    connection.sendall(b"CONNECT x:443 HTTP/1.1\r\n\r\n")
    while not connection.recv(4096).endswith(b"\r\n\r\n"):
        pass
    return connection


def test_key_exchange_without_a_signature_is_not_negotiated() -> None:
    """There the server would find out, not the client, and the client would say nothing."""
    context = ssl.create_default_context(cafile=str(device.distrusting(bench().pki).trust))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-GCM-SHA256")
    with showing(keyless("rsa")) as proxy, tunnel(proxy.address) as connection, pytest.raises(ssl.SSLError):
        context.wrap_socket(connection, server_hostname=HOST)
    (seen,) = proxy.seen
    assert seen.alerts_sent == [40]
    assert not seen.established


def test_data_of_a_client_that_does_not_check_signatures_is_counted_and_goes_nowhere() -> None:
    """Such a client is played by giving the connection a key that works after all."""
    identity = bench().pki.leaf([HOST], key_type="rsa")
    leaf = dataclasses.replace(keyless("rsa"), certificate=identity.certificate, key=identity.key)
    context = ssl.create_default_context(cafile=str(bench().pki.intermediate_a.chain_path))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with showing(leaf) as proxy, context.wrap_socket(tunnel(proxy.address)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with contextlib.suppress(ssl.SSLError):  # closed without a word
            assert connection.recv(100) == b""
    (seen,) = proxy.seen
    assert seen.established
    assert seen.counted == len(b"GET / HTTP/1.1\r\n\r\n")
    assert seen.decrypted == b""
