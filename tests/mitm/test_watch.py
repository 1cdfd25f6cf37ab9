"""What is remembered of a connection, and how often it is told."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.mitm.test_records import ANSWERS, ASKS, FINISHED13, FLIGHT13, HELLO

from pinprobe import events as ev
from pinprobe.mitm.records import RelayedRecords
from pinprobe.mitm.tap import Tap
from pinprobe.mitm.watch import AUTHORITIES_TOLD, CLEARTEXT_TOLD, REQUESTS_TOLD, STATUSES_TOLD, Watch


@pytest.fixture
def told() -> list[ev.Event]:
    return []


@pytest.fixture
def watch(told: list[ev.Event]) -> Watch:
    return Watch(7, "tcp", told.append)


def test_every_event_bears_its_number(watch: Watch, told: list[ev.Event]) -> None:
    watch.alert_received(2, 46, after_established=True)
    watch.alert_sent(40)
    watch.certificate_sent()
    watch.application_data("h2", preface_only=True)
    watch.probe_applied("unknown_ca", leaf_sha256="ab", chain_id="c")
    watch.datagram("example.com", 443, "quic", blocked=True)
    watch.request("example.com", 443)
    watch.cleartext("example.com", 80, "http")
    watch.response(200)
    watch.policy_header("example.com", 443, "expect-ct")
    watch.exchange_repeated(3)
    watch.pin_report("trustkit", "example.com", False)
    assert [type(event) for event in told] == [
        ev.AlertReceived,
        ev.AlertSent,
        ev.CertificateSent,
        ev.ApplicationDataSeen,
        ev.ProbeApplied,
        ev.DatagramSeen,
        ev.RequestSeen,
        ev.CleartextSeen,
        ev.ResponseSeen,
        ev.PolicyHeaderSeen,
        ev.ExchangeRepeated,
        ev.PinReportSeen,
    ]
    assert {event.connection_id for event in told if isinstance(event, ev.ConnectionEvent)} == {7}
    assert all(ev.from_json(ev.to_json(event)) == event for event in told)


def test_requests_are_told_a_few_times_per_host_and_counted_all(watch: Watch, told: list[ev.Event]) -> None:
    for _ in range(20):
        watch.request("example.com", 443)
        watch.request("example.com", 8443)
    assert (len(told), watch.requests) == (2 * REQUESTS_TOLD, 40)


def test_shapes_are_bounded(watch: Watch) -> None:
    for number in range(2 * AUTHORITIES_TOLD):
        watch.only_count((b"HTTP/2.0", b"%d.example.com" % number, b"https", 443))
    assert len(watch.only_counted) == AUTHORITIES_TOLD


def test_hosts_are_bounded(watch: Watch, told: list[ev.Event]) -> None:
    """A client that invents authorities does not fill the journal."""
    for number in range(10 * AUTHORITIES_TOLD):
        watch.request(f"host{number}.example.com", 443)
    assert len(told) == AUTHORITIES_TOLD


def test_cleartext_is_told_a_few_times_per_host_and_purpose(watch: Watch, told: list[ev.Event]) -> None:
    for _ in range(3 * CLEARTEXT_TOLD):
        watch.cleartext("example.com", 80, "http")
        watch.cleartext("example.com", 80, "http", ev.REVOCATION)
        watch.cleartext("example.org", 80, "http")
    seen = Counter((event.host, event.purpose) for event in told if isinstance(event, ev.CleartextSeen))
    assert seen == {
        ("example.com", "content"): CLEARTEXT_TOLD,
        ("example.com", "revocation"): CLEARTEXT_TOLD,
        ("example.org", "content"): CLEARTEXT_TOLD,
    }


def statuses(told: list[ev.Event]) -> list[int]:
    return [event.status for event in told if isinstance(event, ev.ResponseSeen)]


def test_a_status_is_told_once(watch: Watch, told: list[ev.Event]) -> None:
    for status in (200, 200, 503, 200, 503, 404):
        watch.response(status)
    assert statuses(told) == [200, 503, 404]


def test_statuses_are_bounded(watch: Watch, told: list[ev.Event]) -> None:
    for status in range(200, 200 + 5 * STATUSES_TOLD):
        watch.response(status)
    assert statuses(told) == list(range(200, 200 + STATUSES_TOLD))


def test_a_header_is_told_once_per_host(watch: Watch, told: list[ev.Event]) -> None:
    for host in ("a.example", "a.example", "b.example"):
        for header in ("expect-ct", "public-key-pins"):
            watch.policy_header(host, 443, header)
    assert [(event.host, event.header) for event in told if isinstance(event, ev.PolicyHeaderSeen)] == [
        ("a.example", "expect-ct"),
        ("a.example", "public-key-pins"),
        ("b.example", "expect-ct"),
        ("b.example", "public-key-pins"),
    ]


def test_a_repetition_is_told_once(watch: Watch, told: list[ev.Event]) -> None:
    for earlier in (3, 4):
        watch.exchange_repeated(earlier)
    assert [event.earlier_connection_id for event in told if isinstance(event, ev.ExchangeRepeated)] == [3]


def test_reports_are_told_a_few_times_per_host_and_format(watch: Watch, told: list[ev.Event]) -> None:
    for _ in range(9):
        watch.pin_report("trustkit", "example.com", True)
        watch.pin_report("hpkp", "example.com", None)
    seen = Counter((event.format, event.enforced) for event in told if isinstance(event, ev.PinReportSeen))
    assert seen == {("trustkit", True): REQUESTS_TOLD, ("hpkp", None): REQUESTS_TOLD}


def test_no_kind_of_fact_uses_up_anothers(watch: Watch, told: list[ev.Event]) -> None:
    for _ in range(50):
        watch.request("example.com", 80)
    told.clear()
    watch.cleartext("example.com", 80, "http")
    watch.exchange_repeated(3)
    watch.pin_report("trustkit", "example.com", None)
    watch.policy_header("example.com", 80, "expect-ct")
    assert len(told) == 4


def test_a_control_that_works_is_told_at_once_and_once(watch: Watch, told: list[ev.Event]) -> None:
    watch.relay = RelayedRecords()
    for who, data in (HELLO, FLIGHT13, FINISHED13, ASKS):
        watch.relayed_bytes(data, who == "client")
    assert told == []
    watch.relayed_bytes(ANSWERS[1], False)
    watch.relayed_bytes(ANSWERS[1], False)
    watch.tell_relay(False)
    (relayed,) = told
    assert isinstance(relayed, ev.Relayed)
    assert (relayed.worked, relayed.tls_version) == (True, "TLSv1.3")
    assert relayed.client_records == ("22:517", "20:1", "23:53", "23:120")


def test_without_a_relay_there_is_nothing_to_tell(watch: Watch, told: list[ev.Event]) -> None:
    watch.relayed_bytes(b"data", True)
    watch.tell_relay(True)
    assert told == []


def test_bytes_are_the_taps_or_the_relays(watch: Watch) -> None:
    assert (watch.client_bytes, watch.server_bytes) == (0, 0)
    watch.tap = Tap(watch, 0, lambda call, *arguments, **named: call(*arguments, **named))
    watch.tap.received(b"12345")
    watch.tap.server_bytes = 7
    assert (watch.client_bytes, watch.server_bytes) == (5, 7)
    watch.relay = RelayedRecords()
    for who, data in (HELLO, FLIGHT13, FINISHED13, ASKS):
        watch.relayed_bytes(data, who == "client")
    assert watch.client_bytes == 120 - 17, "a record without its type and tag"
    assert watch.server_bytes == len(FLIGHT13[1])
