"""What a journal tells beyond attempts: chains, contacts, hosts, lookups, reports, our own errors; all of it bounded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT, START_S, Events, inside, journal
from tests.rooms import HOST, endpoint_in

from pinprobe import events as ev
from pinprobe.attempts import UNATTRIBUTED
from pinprobe.evidence import Evidence, How, evidence_of, ledger
from pinprobe.thresholds import CHAINS_KEPT, PATTERNS_KEPT


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


CONTACTS: dict[str, tuple[Events, str, int, str, list[How]]] = {
    # host, port, transport, contacts
    "refused": (b.refused_alert(), HOST, 443, "tcp", [How.TLS]),
    "relayed": (b.relayed_ok(), HOST, 443, "tcp", [How.TLS]),
    "not even a certificate was seen": (b.began()[:2], HOST, 443, "tcp", [How.TLS]),
    "cleartext": (b.cleartext(port=8080), HOST, 8080, "tcp", [How.HTTP]),
    "raw TCP": (b.cleartext(port=1883, protocol="tcp"), HOST, 1883, "tcp", [How.TCP]),
    "a check of certificates": (b.cleartext(purpose=ev.REVOCATION), HOST, 80, "tcp", []),
    "a look for a captive portal": (b.cleartext(purpose=ev.CONNECTIVITY), HOST, 80, "tcp", []),
    "a check of certificates over TLS": (b.asking(b.accepted(), ev.REVOCATION), HOST, 443, "tcp", []),
    "a look for a captive portal over TLS": (b.asking(b.accepted(), ev.CONNECTIVITY), HOST, 443, "tcp", []),
    "QUIC": (b.quic(HOST), HOST, 443, "udp", [How.QUIC]),
    "two requests without TLS over one connection": (
        inside(b.cleartext(), b.cleartext()[1]),
        HOST,
        80,
        "tcp",
        [How.HTTP, How.HTTP],
    ),
    "a request that was coalesced": (b.accepted("a.example.com", authority=HOST), HOST, 443, "tcp", []),
}


@pytest.mark.parametrize(("connection", "host", "port", "transport", "hows"), CONTACTS.values(), ids=CONTACTS.keys())
def test_contacts(connection: Events, host: str, port: int, transport: str, hows: list[How]) -> None:
    evidence = evidence_of(journal(connection))
    (about,) = (
        about
        for where, about in evidence.endpoints.items()
        if (where.host, where.port, where.transport) == (host, port, transport)
    )
    assert [(contact.how, contact.client, contact.connection_id) for contact in about.contacts.kept] == [
        (how, 1, 1) for how in hows
    ]


@pytest.mark.parametrize("purpose", [ev.REVOCATION, ev.CONNECTIVITY])
@pytest.mark.parametrize("connection", [b.accepted(), b.accepted(requests=1)], ids=["twice", "once"])
def test_what_turns_out_to_be_a_check_is_one(connection: Events, purpose: str) -> None:
    """Over TLS it is known only once the request is read."""
    about = endpoint_in(evidence_of(journal(b.asking(connection, purpose), b.accepted())))
    assert [contact.connection_id for contact in about.checks.kept] == [1]
    assert [contact.connection_id for contact in about.contacts.kept] == [2]


def test_a_contact_has_its_moment_and_its_client() -> None:
    (contact,) = endpoint_in(evidence_of(journal(b.refused_alert(client=2)))).contacts.kept
    assert (contact.at_s, contact.client) == (START_S + 1.004, 2)


def test_repetitions_belong_to_where_the_connection_went() -> None:
    over_tls, without = inside(b.accepted(), *b.repeated(1)), b.cleartext("www.example.com", repeats=2)
    evidence = evidence_of(journal(b.accepted(), over_tls, without))
    assert endpoint_in(evidence).contacts.repeats == {2: 1}
    assert endpoint_in(evidence, "www.example.com", 80).contacts.repeats == {3: 2}


def test_a_repetition_of_a_stranger_is_nothing() -> None:
    evidence = evidence_of(journal(b.repeated(1)))
    assert evidence.endpoints == {}


def test_policy_headers_are_counted_by_name_at_their_host() -> None:
    told = inside(
        b.accepted(), b.policy_header(), b.policy_header("expect-ct"), b.policy_header("expect-ct", "b.example")
    )
    evidence = evidence_of(journal(told, told))
    assert endpoint_in(evidence).policy_headers == {"public-key-pins": 2, "expect-ct": 2}
    assert endpoint_in(evidence, "b.example").policy_headers == {"expect-ct": 2}


def test_phases_begin_with_the_session_and_go_on_with_marks() -> None:
    phases = evidence_of(journal(b.marked("control"), b.marked("test"), every_s=10.0, phase="idle")).phases
    assert phases.marks == [(START_S, "idle"), (START_S + 10, "control"), (START_S + 20, "test")]


def test_a_session_of_old_is_a_test_from_its_beginning() -> None:
    assert evidence_of(journal(b.accepted())).phases.marks == [(START_S, "test")]


def test_lookups_are_kept_by_name() -> None:
    found = evidence_of(journal(b.lookup(), b.lookup(client=2), b.lookup("b.example"))).lookups
    assert found.by_host == {HOST: [(START_S + 1, 1), (START_S + 2, 2)], "b.example": [(START_S + 3, 1)]}


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
    assert (evidence.datagrams, evidence.quic) == ({"other unknown host": 1}, 0)


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


def test_datagrams_and_names_looked_up_are_no_connections() -> None:
    dns = ev.ConnectionOpened(at_s=0.0, connection_id=0, client=1, listener="dns@53", transport="udp")
    events = journal(
        b.accepted(), b.quic(), [dns, *b.lookup()], b.marked("test"), b.quic(), b.accepted(), phase="control"
    )
    evidence = evidence_of(events)
    assert (evidence.connections, evidence.connections_in, evidence.quic) == (2, {"control": 1, "test": 1}, 2)


def test_endpoints_beyond_the_bound_are_counted_and_the_known_ones_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "ENDPOINTS_KEPT", 3)
    evidence = evidence_of(
        journal(
            *[b.refused_alert(f"host{number}.example.com") for number in range(10)], b.accepted("host0.example.com")
        )
    )
    assert len(evidence.endpoints) == 3
    # Each of the seven others is asked for by its contact, its chain, its refusal and its end.
    assert evidence.endpoints_cut == 7 * 4
    assert endpoint_in(evidence, "host0.example.com").stacks[CONSCRYPT].accepts == 1


EVERYTHING = (
    inside(b.accepted(), b.answered(503), b.policy_header(), *b.repeated(1)),
    b.refused_alert(),
    b.relayed_ok(),
    b.silent(),
    b.cleartext(repeats=1),
    b.pin_report(),
    b.attributed("com.example.two", b.accepted()),
)
"""Connections with every kind of fact, each of which ends."""


def test_nothing_is_kept_of_a_connection_that_is_over() -> None:
    """Memory grows with endpoints and patterns, not with connections."""

    def open_ones(number: int) -> list[int]:
        evidence = evidence_of(journal(*EVERYTHING * number))
        kept = (evidence._hello, evidence._where, evidence._client, evidence._app, evidence._fold._open)
        return [len(one) for one in kept]

    assert open_ones(1) == open_ones(50) == [0, 0, 0, 0, 0]


def test_live_and_rebuilt_evidence_are_the_same() -> None:
    """Asking in between, as the running proxy does, changes nothing."""
    events = journal(*EVERYTHING, b.quic(), b.lookup(), b.marked("control"), b.relayed_ok(), phase="test")
    live = Evidence()
    for event in events:
        live.feed(event)
        for about in list(live.of_app("com.example.app")):
            for stack in about.stacks.values():
                _ = stack.refusals, stack.spares, stack.accepts, stack.bare_refusals, stack.faults
    live.finish()
    rebuilt = evidence_of(ev.from_json(ev.to_json(event).encode("ascii")) for event in events)
    live._fold = rebuilt._fold
    assert live == rebuilt


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


def test_hosts_that_reports_are_about_are_bounded_and_the_known_ones_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "ENDPOINTS_KEPT", 3)
    reports = [b.pin_report(f"host{number}.example") for number in range(5)]
    found = evidence_of(journal(*reports, *reports)).pin_reports
    assert found == {("com.example.app", f"host{number}.example"): {"trustkit": 2} for number in range(3)}
