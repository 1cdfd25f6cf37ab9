"""Every plan can be served, through mitmproxy's own configuration, and the client is sent what was planned."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import load_der_x509_certificate
from mitmproxy import certs
from OpenSSL import SSL
from tests.certificates import HOST, bench, pem
from tests.mitm.served.stage import chain_shown, configured, start_of

from pinprobe import x509
from pinprobe.mitm.served import Chains, Server
from pinprobe.mitm.served import server as server_module
from pinprobe.mitm.served.keyless import KeylessConnection
from pinprobe.probes import (
    EXPIRED,
    LEAF_AS_CA,
    MIMIC_GENUINE,
    PROBES,
    RELAY,
    REPLAY_FOREIGN,
    REPLAY_GENUINE,
    STUFFED_CHAIN,
    STUFFED_CHAIN_FIRST,
    TRUSTED_CA,
    WRONG_HOST,
    CertificatePlan,
)
from pinprobe.x509.draft import Authority, Draft
from stressing.fuzz.odd_servers import ODD, leaf

PKI = bench().pki
GENUINE, REPLAY = bench().material.genuine, bench().material.replay
CHAINS = Chains(genuine=GENUINE, replay=REPLAY)
SERVABLE = [plan for plan in PROBES if plan.intercepts]


@pytest.mark.parametrize("plan", [plan for plan in SERVABLE if plan.replays is None], ids=lambda plan: plan.id)
def test_what_is_sent_is_what_was_planned(plan: CertificatePlan) -> None:
    with configured() as running:
        served, leaf = Server().connection(start_of(running), plan, CHAINS)
        shown = served.get_certificate()
        assert shown is not None
        assert shown.digest("sha256") == leaf.digest
        assert chain_shown(served) == [leaf.certificate, *leaf.chain]


@pytest.mark.parametrize("plan", [plan for plan in SERVABLE if plan.replays], ids=lambda plan: plan.id)
def test_a_replay_fails_even_with_a_client_that_verifies_no_chain(plan: CertificatePlan) -> None:
    with configured() as running:
        served, leaf = Server().connection(start_of(running), plan, CHAINS)
        assert isinstance(served, KeylessConnection)
        assert (leaf.certificate, *leaf.chain) == (REPLAY if plan.needs_replay else GENUINE)
        with pytest.raises(SSL.Error, match="bad signature"):
            chain_shown(served)


def test_a_server_whose_names_mitmproxy_cannot_read_is_not_imitated() -> None:
    """mitmproxy's own leaf copies the server's names; where they cannot be read, nothing can be served at all."""
    odd = load_der_x509_certificate(leaf("odd.test", ODD["broken-names.test"]))
    with configured() as running, pytest.raises(x509.Unservable, match="mitmproxy makes no certificate"):
        Server().connection(start_of(running, (odd,)), TRUSTED_CA)


def test_a_key_that_openssl_refuses_is_not_served() -> None:
    """An old device's server may have one: OpenSSL finds it too small, whoever is to be shown it."""
    small = rsa.RSAPublicNumbers(65537, (1 << 511) + 1).public_key()
    short = replace(Draft.like(GENUINE[0]), public_key=small).issued_by(
        Authority.of(GENUINE[1], PKI.intermediate_a.key)
    )
    with configured() as running, pytest.raises(x509.Unservable, match="OpenSSL does not take"):
        Server().connection(start_of(running), REPLAY_GENUINE, Chains(genuine=(short, GENUINE[1])))


def test_chains_of_the_connections_own_server_are_the_default() -> None:
    with configured() as running:
        for plan in (MIMIC_GENUINE, STUFFED_CHAIN, REPLAY_GENUINE):
            _, leaf = Server().connection(start_of(running, GENUINE), plan)
            assert GENUINE[0].subject == leaf.certificate.subject


@pytest.mark.parametrize("plan", [MIMIC_GENUINE, STUFFED_CHAIN, REPLAY_GENUINE, REPLAY_FOREIGN, RELAY])
def test_what_is_missing_is_said(plan: CertificatePlan) -> None:
    with configured() as running, pytest.raises(x509.Unservable):
        Server().connection(start_of(running), plan)


def test_a_certificate_is_minted_once_per_leaf_and_chain() -> None:
    with configured() as running:
        server = Server()
        server.prepare()
        first, again = (server.connection(start_of(running), MIMIC_GENUINE, CHAINS)[1] for _ in range(2))
        other = server.connection(start_of(running), MIMIC_GENUINE, Chains(genuine=REPLAY))[1]
    assert first is again
    assert other is not first


def test_the_oldest_leaf_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "LEAVES_KEPT", 1)
    with configured() as running:
        server = Server()
        first = server.connection(start_of(running), EXPIRED)[1]
        server.connection(start_of(running), WRONG_HOST)
        assert server.connection(start_of(running), EXPIRED)[1] is not first


def test_names_of_a_servers_leaf_are_looked_up_once() -> None:
    server = Server()
    leaf = certs.Cert(GENUINE[0])
    assert server.names(leaf) == {HOST, "www.example.com"}
    assert server.names(leaf) is server.names(certs.Cert(GENUINE[0]))


def as_mitmproxys_ca(folder: Path) -> None:
    """A company's intermediate as the proxy's CA: key, certificate and what issued it, in mitmproxy's one file."""
    pki = bench().pki
    parts = (pki.intermediate_a.key_path.read_bytes(), pem(pki.intermediate_a.certificate, pki.root.certificate))
    (folder / "mitmproxy-ca.pem").write_bytes(b"".join(parts))


def test_a_proxy_ca_that_is_an_intermediate_is_sent_along(tmp_path: Path) -> None:
    as_mitmproxys_ca(tmp_path)
    intermediate, root = bench().pki.intermediate_a.certificate, bench().pki.root.certificate
    with configured(tmp_path) as running:
        shown = {
            plan.id: chain_shown(Server().connection(start_of(running), plan, CHAINS)[0])
            for plan in (TRUSTED_CA, EXPIRED, LEAF_AS_CA, STUFFED_CHAIN, STUFFED_CHAIN_FIRST)
        }
        with pytest.raises(x509.Unservable, match="path length"):
            Server().connection(start_of(running), MIMIC_GENUINE, CHAINS)
    assert intermediate in shown["trusted_ca"]
    assert shown["expired"][1:] == [intermediate]
    assert shown["leaf_as_ca"][2:] == [intermediate]
    assert shown["stuffed_chain"][1:] == [intermediate, root, *GENUINE]
    assert shown["stuffed_chain_first"][1:] == [*GENUINE, intermediate, root]
