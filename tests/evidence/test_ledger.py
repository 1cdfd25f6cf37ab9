"""What a whole journal tells beyond attempts: chains, hosts, cleartext, datagrams, our own errors; all of it bounded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT, START_S, Events, journal
from tests.rooms import HOST, endpoint_in, stack_in

from pinprobe import events as ev
from pinprobe.attempts import UNATTRIBUTED
from pinprobe.evidence import Evidence, evidence_of, ledger
from pinprobe.thresholds import CHAINS_KEPT, FALLBACK_WINDOW_S, PATTERNS_KEPT


def test_endpoints_come_by_app_host_and_port() -> None:
    evidence = evidence_of(
        journal(b.accepted("b.example.com"), b.accepted("a.example.com", port=8443), b.accepted("a.example.com"))
    )
    assert evidence.apps() == ["com.example.app"]
    assert [(about.endpoint.host, about.endpoint.port) for about in evidence.of_app("com.example.app")] == [
        ("a.example.com", 443),
        ("a.example.com", 8443),
        ("b.example.com", 443),
    ]
    assert list(evidence.of_app("com.another.app")) == []


def test_an_app_is_there_though_nothing_was_seen() -> None:
    assert evidence_of(journal()).apps() == ["com.example.app"]
    assert evidence_of(journal(app_id=None)).apps() == [UNATTRIBUTED]


class TestChains:
    def test_the_real_chain_is_kept_though_the_client_refused(self) -> None:
        about = endpoint_in(evidence_of(journal(b.refused_alert())))
        assert [one.subject for one in next(iter(about.chains.values()))] == [
            f"CN={HOST}",
            "CN=Example Issuing CA 1,O=Example Trust",
            "CN=Example Root,O=Example Trust",
        ]

    def test_a_chain_that_was_journalled_elsewhere_is_found_there(self) -> None:
        first = b.server_chain("a.example.com")
        again = replace(first, host="b.example.com", chain=())
        evidence = evidence_of(
            journal([*b.began("a.example.com", server=False), first], [*b.began("b.example.com", server=False), again])
        )
        assert endpoint_in(evidence, "b.example.com").chains == endpoint_in(evidence, "a.example.com").chains
        assert endpoint_in(evidence, "b.example.com").chains[first.chain_id] == first.chain

    def test_of_many_the_first_and_the_latest_stay(self) -> None:
        def seen(number: int) -> Events:
            return [*b.began(server=False), replace(b.server_chain(), chain_id=f"chain {number}")]

        chains = endpoint_in(evidence_of(journal(*map(seen, range(CHAINS_KEPT + 5))))).chains
        assert list(chains) == [*(f"chain {number}" for number in range(CHAINS_KEPT - 1)), f"chain {CHAINS_KEPT + 4}"]

    def test_it_belongs_to_the_host_that_the_client_asked_for(self) -> None:
        evidence = evidence_of(journal([*b.began(server=False), b.server_chain("origin.example.org")]))
        assert {endpoint.host for endpoint in evidence.endpoints} == {HOST}
        by_address = evidence_of(journal([*b.began("203.0.113.7", sni=False, server=False), b.server_chain()]))
        assert {endpoint.host for endpoint in by_address.endpoints} == {"203.0.113.7"}

    def test_without_a_hello_it_belongs_to_the_host_it_names(self) -> None:
        evidence = evidence_of(journal([b.began()[0], b.server_chain()]))
        assert len(endpoint_in(evidence).chains) == 1


class TestCoalescing:
    """RFC 9113, section 9.1.1: a request for another host over this host's connection."""

    def test_the_other_host_is_seen_through_this_connection(self) -> None:
        evidence = evidence_of(journal(b.accepted("a.example.com", authority="b.example.com", requests=2)))
        other = endpoint_in(evidence, "b.example.com")
        assert (other.coalesced, other.coalesced_over, other.stacks) == (2, "a.example.com", {})
        assert endpoint_in(evidence, "a.example.com").coalesced == 0

    def test_its_own_host_is_no_coalescing(self) -> None:
        evidence = evidence_of(journal(b.accepted("a.example.com")))
        assert [about.coalesced for about in evidence.endpoints.values()] == [0]


def story(*parts: tuple[float, Events]) -> Events:
    """Events of all connections in the order of time."""
    events: Events = []
    for number, (at_s, connection) in enumerate(parts, start=1):
        events += b.placed(connection, number, START_S + at_s)
    events.sort(key=lambda event: event.at_s)
    return [b.session(), *events]


def fallbacks(events: Events, host: str = HOST) -> tuple[int, int]:
    stack = stack_in(events, host)
    return stack.cleartext_after_refusal, stack.cleartext_otherwise


CLEARTEXT: dict[str, tuple[Events, tuple[int, int]]] = {
    "soon after a refusal": (story((0, b.refused_alert()), (1, b.cleartext())), (1, 0)),
    "at the end of the window": (story((0, b.refused_alert()), (FALLBACK_WINDOW_S, b.cleartext())), (1, 0)),
    "later": (story((0, b.refused_alert()), (FALLBACK_WINDOW_S + 1, b.cleartext())), (0, 1)),
    "after the control": (story((0, b.relayed_ok()), (1, b.cleartext())), (0, 1)),
    "after an accept": (story((0, b.accepted()), (1, b.cleartext())), (0, 1)),
    "before anything": (story((0, b.cleartext()), (1, b.refused_alert())), (0, 0)),
    "of another client": (story((0, b.refused_alert()), (1, b.cleartext(client=2))), (0, 0)),
    "to another domain": (story((0, b.refused_alert()), (1, b.cleartext("example.org"))), (0, 0)),
    "to a sister host": (
        story(
            (0, b.host_known(HOST, "example.com")),
            (0, b.host_known("www.example.com", "example.com")),
            (1, b.refused_alert()),
            (2, b.cleartext("www.example.com")),
        ),
        (1, 0),
    ),
    "after a refusal, while a control that began before it is still open": (
        story((0, [*b.relayed_ok()[:-1], b.closed(2.5)]), (2, b.refused_alert()), (3, b.cleartext())),
        (1, 0),
    ),
}


@pytest.mark.parametrize(("events", "counts"), CLEARTEXT.values(), ids=CLEARTEXT.keys())
def test_cleartext_beside_refusals(events: Events, counts: tuple[int, int]) -> None:
    assert fallbacks(events) == counts


def test_cleartext_makes_an_endpoint_of_its_own_port() -> None:
    evidence = evidence_of(journal(b.cleartext(port=8080)))
    assert [(about.endpoint.port, about.cleartext) for about in evidence.endpoints.values()] == [(8080, 1)]


def test_datagrams_are_endpoints_of_their_own_transport() -> None:
    evidence = evidence_of(journal(b.quic(), b.quic(), b.accepted("video.example.net")))
    assert {(about.endpoint.transport, about.datagrams) for about in evidence.endpoints.values()} == {
        ("udp", 2),
        ("tcp", 0),
    }
    assert evidence.datagrams == {"quic video.example.net": 2}


def test_other_datagrams_are_counted_and_nobodys_endpoint() -> None:
    other = ev.DatagramSeen(at_s=0.0, connection_id=0, host=None, port=None, protocol="other", blocked=False)
    evidence = evidence_of(journal([other]))
    assert evidence.endpoints == {}
    assert evidence.datagrams == {"other unknown host": 1}


def test_our_own_errors_are_counted_by_kind() -> None:
    evidence = evidence_of(journal(b.tool_failed(), b.tool_failed(), b.tool_failed("relay")))
    assert evidence.failures == {("tls_clienthello", "KeyError: 'x'"): 2, ("relay", "KeyError: 'x'"): 1}


def test_upstream_errors_are_counted_once_a_connection() -> None:
    read_all_the_same = [*b.upstream_failed()[:-2], *b.accepted(requests=3)[len(b.began()) :]]
    about = endpoint_in(
        evidence_of(
            journal(b.upstream_failed(), b.upstream_failed(), b.upstream_failed(error="DNS"), read_all_the_same)
        )
    )
    assert about.upstream_errors == {"connect: connection refused": 3, "connect: DNS": 1}


def test_connections_and_resumptions_are_counted() -> None:
    evidence = evidence_of(journal(b.resumed(), b.accepted(), b.resumed(), b.cleartext()))
    assert (evidence.connections, evidence.resumed, evidence.endpoints_cut) == (4, 2, 0)


def test_endpoints_beyond_the_bound_are_counted_and_the_known_ones_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "ENDPOINTS_KEPT", 3)
    evidence = evidence_of(
        journal(
            *[b.refused_alert(f"host{number}.example.com") for number in range(10)], b.accepted("host0.example.com")
        )
    )
    assert len(evidence.endpoints) == 3
    assert evidence.endpoints_cut >= 7
    assert endpoint_in(evidence, "host0.example.com").stacks[CONSCRYPT].accepts == 1


def test_nothing_is_kept_of_a_connection_that_is_over() -> None:
    """Memory grows with endpoints and patterns, not with connections."""

    def size(evidence: Evidence) -> int:
        return sum(
            len(kept)
            for kept in (
                evidence._hello,
                evidence._client,
                evidence._fallbacks._latest,
                evidence._fold._open,
                evidence.endpoints,
            )
        )

    few = evidence_of(journal(*[b.accepted(), b.refused_alert(), b.relayed_ok()] * 2))
    many = evidence_of(journal(*[b.accepted(), b.refused_alert(), b.relayed_ok()] * 200))
    assert size(few) == size(many)


def test_live_and_rebuilt_evidence_are_the_same() -> None:
    """Asking in between, as the running proxy does, changes nothing."""
    events = journal(b.accepted(), b.refused_alert(), b.silent(), b.relayed_ok(), b.quic(), b.cleartext())
    live = Evidence()
    for event in events:
        live.feed(event)
        for about in list(live.of_app("com.example.app")):
            for stack in about.stacks.values():
                _ = stack.refusals, stack.spares, stack.accepts, stack.bare_refusals
    live.finish()
    rebuilt = evidence_of(ev.from_json(ev.to_json(event)) for event in events)
    live._fold = rebuilt._fold
    assert live == rebuilt


def test_ports_of_cleartext_are_a_few_and_different() -> None:
    parts: list[tuple[float, Events]] = []
    for number, port in enumerate([80, 80, 8080, 8081, 8082]):
        parts += [(10.0 * number, b.refused_alert()), (10.0 * number + 1, b.cleartext(port=port))]
    stack = stack_in(story(*parts))
    assert (stack.cleartext_after_refusal, stack.cleartext_ports) == (5, [80, 8080, 8081])


def test_a_datagram_without_a_port() -> None:
    seen = ev.DatagramSeen(at_s=0.0, connection_id=0, host="a.example", port=None, protocol="quic", blocked=True)
    evidence = evidence_of(journal([seen]))
    assert [(endpoint.host, endpoint.port) for endpoint in evidence.endpoints] == [("a.example", 0)]


def test_kinds_of_errors_are_bounded_and_the_known_ones_are_counted_on() -> None:
    errors = [b.tool_failed(error=str(number)) for number in range(PATTERNS_KEPT + 10)]
    failures = evidence_of(journal(*errors, *errors)).failures
    assert len(failures) == PATTERNS_KEPT
    assert set(failures.values()) == {2}


def test_facts_of_hosts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "ENDPOINTS_KEPT", 3)
    events = journal(*[b.host_known(f"host{number}.example", "example") for number in range(9)])
    assert len(evidence_of(events).hosts) == 3
