"""Contexts: kept per certificate and options, as strict as OpenSSL's defaults but where a probe is weak on purpose."""

from typing import Any

import pytest
from OpenSSL import SSL
from tests.certificates import Chain, bench
from tests.mitm.served.stage import chain_shown, configured, start_of, tapped

from pinprobe.mitm.served import Chains, Leaf, Server, contexts
from pinprobe.mitm.served.contexts import ANY_STRENGTH
from pinprobe.mitm.served.keyless import NO_KEY_TRANSPORT
from pinprobe.probes import EXPIRED, PROBES, REPLAY_GENUINE, STUFFED_CHAIN, TRUSTED_CA, CertificatePlan

GENUINE = bench().material.genuine
CHAINS = Chains(genuine=GENUINE, replay=bench().material.replay)


def test_a_context_is_used_again() -> None:
    with configured() as running:
        server = Server()
        first, second, other = (
            server.connection(start_of(running), plan)[0].get_context() for plan in (TRUSTED_CA, TRUSTED_CA, EXPIRED)
        )
    assert first is second
    assert first is not other


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
    new_context = contexts.new_context

    def listening(arguments: dict[str, Any], leaf: Leaf, chain: Chain) -> SSL.Context:
        asked.append(arguments["cipher_list"])
        return new_context(arguments, leaf, chain)

    monkeypatch.setattr(contexts, "new_context", listening)
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


def test_no_handshake_is_resumed() -> None:
    with configured() as running:
        served, _ = Server().connection(start_of(running), TRUSTED_CA)
        assert served.get_context().get_session_cache_mode() == 0
        chain_shown(served)
        assert tapped(served).tap is served.tap


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
