"""Contexts: kept per certificate and options, as strict as OpenSSL's defaults but where a probe is weak on purpose."""

from pathlib import Path
from typing import Any

import pytest
from OpenSSL import SSL
from tests.certificates import HOST, bench
from tests.mitm.served.stage import chain_shown, configured, handshake, start_of, tapped

from pinprobe.mitm.reading import resumed
from pinprobe.mitm.served import Chains, Server, contexts
from pinprobe.mitm.served.contexts import ANY_STRENGTH
from pinprobe.mitm.served.keyless import NO_KEY_TRANSPORT
from pinprobe.probes import EXPIRED, PROBES, REPLAY_GENUINE, STUFFED_CHAIN, TRUSTED_CA, CertificatePlan

GENUINE = bench().material.genuine
CHAINS = Chains(genuine=GENUINE, replay=bench().material.replay)


def test_a_context_is_used_again() -> None:
    with configured() as running:
        server = Server()
        first, second, third, expired, again = (
            server.connection(start_of(running), plan)[0].get_context()
            for plan in (TRUSTED_CA, TRUSTED_CA, TRUSTED_CA, EXPIRED, EXPIRED)
        )
    assert second is third
    assert expired is again
    assert len({first, second, expired}) == 3


def test_certificates_that_are_shown_for_the_first_time_share_a_context_without_any() -> None:
    with configured() as running:
        server = Server()
        starts = [start_of(running) for _ in range(3)]
        for number, start in enumerate(starts):
            start.context.client.sni = f"host-{number}.example.com"
        made = [server.connection(start, TRUSTED_CA) for start in starts]
        assert len({served.get_context() for served, _ in made}) == 1
        assert [chain_shown(served)[0] for served, _ in made] == [leaf.certificate for _, leaf in made]
        assert len({leaf.sha256 for _, leaf in made}) == 3


def test_a_certificate_with_a_key_of_its_own_shares_with_none(tmp_path: Path) -> None:
    """The shared context holds the key."""
    own = bench().pki.leaf(["own.test"])
    file = tmp_path / "own.pem"
    file.write_bytes(own.key_path.read_bytes() + own.chain_path.read_bytes())
    with configured(certs=[f"own.test={file}"]) as running:
        server, others = Server(), start_of(running)
        others.context.client.sni, others.context.server.address = "own.test", ("own.test", 443)
        made = [server.connection(start, TRUSTED_CA) for start in (start_of(running), others)]
        assert made[0][0].get_context() is not made[1][0].get_context()
        assert [chain_shown(served)[0] for served, _ in made] == [leaf.certificate for _, leaf in made]
        assert made[1][1].certificate == own.certificate


def test_what_was_shown_once_is_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contexts, "SHOWN_KEPT", 1)
    with configured() as running:
        server = Server()
        other = start_of(running)
        other.context.client.sni = "other.example.com"
        first, _, second = (
            server.connection(start, TRUSTED_CA)[0].get_context()
            for start in (start_of(running), other, start_of(running))
        )
    assert first is second


def test_the_oldest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contexts, "CONTEXTS_KEPT", 1)
    with configured() as running:
        server = Server()
        first = server.connection(start_of(running), TRUSTED_CA)[0].get_context()
        server.connection(start_of(running), EXPIRED)
        assert server.connection(start_of(running), TRUSTED_CA)[0].get_context() is not first


@pytest.mark.parametrize("plan", [plan for plan in PROBES if plan.intercepts], ids=lambda plan: plan.id)
def test_only_weak_probes_lower_the_security_level(plan: CertificatePlan, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    empty_context = contexts.empty_context

    def listening(arguments: dict[str, Any]) -> SSL.Context:
        asked.append(arguments["cipher_list"])
        return empty_context(arguments)

    monkeypatch.setattr(contexts, "empty_context", listening)
    with configured() as running:
        Server().connection(start_of(running), plan, CHAINS)
    (ciphers,) = asked
    assert (ANY_STRENGTH in ciphers) is (plan.id in {"weak_key", "sha1_signature"})
    assert (NO_KEY_TRANSPORT in ciphers) is plan.id.startswith("replay")


@pytest.mark.parametrize(
    ("chosen", "expected"), [("TLSv1.2", "TLSv1.2"), ("TLSv1.3", "TLSv1.3"), (None, "TLSv1.3"), ("TLSv1", "TLSv1.3")]
)
def test_the_real_servers_version_is_followed_as_far_as_options_allow(chosen: str | None, expected: str) -> None:
    with configured() as running:
        served, _ = Server().connection(start_of(running, tls_version=chosen), TRUSTED_CA)
        chain_shown(served)
    assert served.get_protocol_version_name() == expected


@pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
def test_no_handshake_is_resumed(version: int) -> None:
    """Neither where a context holds the certificate, nor where several hosts share one without any."""
    with configured() as running:
        server, session = Server(), None
        other = start_of(running)
        other.context.client.sni = "other.example.com"
        for start in (start_of(running), other, start_of(running), start_of(running)):
            served = tapped(server.connection(start, TRUSTED_CA)[0])
            client = _client(version, session)
            handshake(client, served)
            assert not resumed(served)
            session = client.get_session()
            assert session is not None


def _client(version: int, session: SSL.Session | None) -> SSL.Connection:
    settings = SSL.Context(SSL.TLS_CLIENT_METHOD)
    settings.set_min_proto_version(version)
    settings.set_max_proto_version(version)
    client = SSL.Connection(settings, None)
    client.set_connect_state()
    client.set_tlsext_host_name(HOST.encode())
    if session is not None:
        client.set_session(session)
    return client


def test_the_upstream_chain_goes_along_where_the_user_asks_mitmproxy_for_it() -> None:
    with configured(add_upstream_certs_to_client_chain=True) as running:
        shown = {
            plan.id: chain_shown(Server().connection(start_of(running, GENUINE), plan)[0])
            for plan in (TRUSTED_CA, STUFFED_CHAIN)
        }
    assert shown["trusted_ca"][1:] == list(GENUINE)
    assert shown["stuffed_chain"].count(GENUINE[0]) == 1


def test_a_replay_is_sent_as_it_came_whatever_the_user_asks_for() -> None:
    with configured(add_upstream_certs_to_client_chain=True) as running:
        served, leaf = Server().connection(start_of(running, GENUINE), REPLAY_GENUINE)
    assert (leaf.certificate, *leaf.chain) == GENUINE
    assert served.get_certificate() is not None
