"""What is told of decrypted traffic: answers, headers, repetitions, reports, and names looked up; nothing of its content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.test import tflow
from tests.mitm.hooks import HOST, Stage, Visit, of, stage
from tests.mitm.test_pin_reports import EXPECT_CT, HPKP, TRUSTKIT_IOS

from pinprobe import events as ev


@pytest.fixture
def s(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as made:
        yield made


def intercepted(s: Stage, host: str = HOST, *, peer: str = "192.0.2.1") -> Visit:
    visit = s.visit(host, peer=peer)
    visit.hello(host)
    visit.start()
    visit.established()
    return visit


def refuses(s: Stage, *, peer: str = "192.0.2.1") -> None:
    """This client refuses our certificate once, after the handshake."""
    visit = intercepted(s, "pinned.example.com", peer=peer)
    visit.closed()


# -- requests -----------------------------------------------------------------------------------------------


def ask(visit: Visit, authority: str, *, path: str = "/", version: bytes = b"HTTP/2.0", **headers: str) -> None:
    flow = visit.flow(path=path)
    flow.request.data.http_version, flow.request.data.authority = version, authority.encode()
    flow.request.headers = http.Headers((), **headers)
    visit.addon.requestheaders(flow)


@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/2.0"])
def test_every_request_counts_and_each_new_host_is_told(s: Stage, version: bytes) -> None:
    visit = intercepted(s)
    for _ in range(9):
        for host in (HOST, "b.example.com"):
            ask(visit, host if version == b"HTTP/2.0" else "", version=version, host=host)
        ask(visit, HOST, path="/mitmproxy-0.crl", version=version, host=HOST)
    ask(visit, "c.example.com", version=version, host="c.example.com")
    visit.closed()
    journal = s.end()
    told = [event.authority_host for event in of(ev.RequestSeen, journal)]
    assert sorted(told) == 3 * [HOST] + 3 * ["b.example.com"] + ["c.example.com"]
    assert of(ev.ConnectionClosed, journal)[0].requests == 9 + 9 + 1


def test_a_user_agent_of_a_later_request_is_told_as_well(s: Stage) -> None:
    visit = intercepted(s)
    for user_agent in (
        "okhttp/4.12",
        "okhttp/4.12",
        "okhttp/4.12",
        "okhttp/4.12",
        "okhttp/5.0",
        "com.example.other/1.2",
    ):
        ask(visit, HOST, user_agent=user_agent)
    assert [event.app_id for event in of(ev.UserAgentSeen, s.end())] == ["com.example.other"]


# -- answers ------------------------------------------------------------------------------------------------


def test_a_status_is_told_once_per_connection(s: Stage) -> None:
    for _ in range(2):
        visit = intercepted(s)
        for status in (200, 200, 503, 200):
            visit.answered(status)
    told = of(ev.ResponseSeen, s.end())
    assert [(event.connection_id, event.status) for event in told] == [(1, 200), (1, 503), (2, 200), (2, 503)]


def test_headers_that_nobody_heeds_are_told_whatever_their_case(s: Stage) -> None:
    visit = intercepted(s)
    visit.answered(headers={"Public-Key-Pins": 'pin-sha256="secret"', "EXPECT-CT": "max-age=0", "Server": "x"})
    visit.answered(headers={"expect-ct": "max-age=0"})
    visit.answered(200, "b.example.com", headers={"Public-Key-Pins-Report-Only": "x"})
    journal = s.end()
    assert sorted((event.host, event.port, event.header) for event in of(ev.PolicyHeaderSeen, journal)) == [
        (HOST, 443, "expect-ct"),
        (HOST, 443, "public-key-pins"),
        ("b.example.com", 443, "public-key-pins-report-only"),
    ]
    assert "secret" not in "".join(map(ev.to_json, journal))


def test_an_answer_without_tls_is_not_told(s: Stage) -> None:
    visit = s.visit(port=80)
    visit.answered(503, HOST, b"http", headers={"expect-ct": "x"})
    visit.closed()
    journal = s.end()
    assert (of(ev.ResponseSeen, journal), of(ev.PolicyHeaderSeen, journal)) == ([], [])


# -- repetitions -----------------------------------------------------------------------------------------------


def repetitions(journal: list[ev.Event]) -> list[tuple[int, int]]:
    return [(event.connection_id, event.earlier_connection_id) for event in of(ev.ExchangeRepeated, journal)]


def test_the_same_exchange_at_another_host_is_told_of_a_client_that_refuses(s: Stage) -> None:
    refuses(s)
    for host in ("a.example.org", "b.example.org"):
        intercepted(s, host).request(host, path="/login", method="POST", body=b"secret")
    journal = s.end()
    assert repetitions(journal) == [(3, 2)]
    assert "secret" not in "".join(map(ev.to_json, journal))


def test_of_a_client_that_refuses_nothing_no_word(s: Stage) -> None:
    refuses(s, peer="192.0.2.9")
    for _ in range(3):
        intercepted(s).request()
    assert repetitions(s.end()) == []


UNTOLD: dict[str, dict[str, Any]] = {
    "a bare look at a host": {"path": "/"},
    "a portal check": {"path": "/generate_204"},
    "a portal check with a query": {"path": "/generate_204?x=1"},
    "a list of revoked certificates": {"path": "/ca1.crl"},
}


@pytest.mark.parametrize("how", UNTOLD.values(), ids=UNTOLD.keys())
@pytest.mark.parametrize("scheme", [b"https", b"http"])
def test_what_everybody_asks_is_never_told_as_repeated(s: Stage, how: dict[str, Any], scheme: bytes) -> None:
    refuses(s)
    for host in ("a.example.org", "b.example.org"):
        visit = intercepted(s, host) if scheme == b"https" else s.visit(host, 80)
        visit.request(host, scheme, **how)
    assert repetitions(s.end()) == []


@pytest.mark.parametrize(
    "how", [{"method": "POST"}, {"body": b"x"}, {"path": "/?id=7"}], ids=["method", "body", "query"]
)
def test_the_root_is_told_where_it_is_more_than_a_look(s: Stage, how: dict[str, Any]) -> None:
    refuses(s)
    for host in ("a.example.org", "b.example.org"):
        intercepted(s, host).request(host, **how)
    assert repetitions(s.end()) == [(3, 2)]


def test_a_bare_look_takes_its_place_among_the_first_requests(s: Stage) -> None:
    """Only the first requests of a connection are compared, told or not."""
    refuses(s)
    first, second = intercepted(s), intercepted(s)
    first.request(path="/late")
    for path in ("/", "/generate_204", "/", "/late"):
        second.request(path=path)
    assert repetitions(s.end()) == []


def test_the_same_exchange_without_tls_is_told(s: Stage) -> None:
    refuses(s)
    for _ in range(2):
        s.visit(port=80).request(HOST, b"http", "/login")
    assert repetitions(s.end()) == [(3, 2)]


def test_a_connection_repeats_once_whatever_it_sends(s: Stage) -> None:
    refuses(s)
    first, second = intercepted(s), intercepted(s)
    for visit in (first, second):
        for path in ("/a", "/b", "/c"):
            visit.request(path=path)
    assert repetitions(s.end()) == [(3, 2)]


def test_a_long_connection_is_compared_by_its_first_requests(s: Stage) -> None:
    refuses(s)
    first, second = intercepted(s), intercepted(s)
    for path in ("/1", "/2", "/3", "/late"):
        first.request(path=path)
    second.request(path="/late")
    assert repetitions(s.end()) == []


# -- reports -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (TRUSTKIT_IOS, [("trustkit", "www.example.com", False)]),
        (HPKP, [("hpkp", "www.example.com", None)]),
        (EXPECT_CT, [("expect-ct", "www.example.com", None)]),
        ([HPKP, TRUSTKIT_IOS], [("hpkp", "www.example.com", None), ("trustkit", "www.example.com", False)]),
        (HPKP | {"hostname": "WWW.Example.com."}, [("hpkp", "www.example.com", None)]),
        (HPKP | {"hostname": "bücher.example"}, [("hpkp", "xn--bcher-kva.example", None)]),
        ({"hostname": "www.example.com"}, []),
    ],
    ids=["TrustKit", "HPKP", "Expect-CT", "two", "capitals and a dot", "another alphabet", "other JSON"],
)
def test_a_report_is_told_with_its_host(s: Stage, document: object, told: list[tuple[str, str, bool | None]]) -> None:
    visit = intercepted(s, "reports.example.org")
    visit.request("reports.example.org", method="POST", body=json.dumps(document).encode())
    journal = s.end()
    assert [(event.format, event.host, event.enforced) for event in of(ev.PinReportSeen, journal)] == told
    assert "pin-sha256" not in "".join(map(ev.to_json, journal)), "nothing else of it is kept"


def test_a_report_without_tls_is_told_as_well(s: Stage) -> None:
    s.visit("reports.example.org", 80).request(
        "reports.example.org", b"http", method="POST", body=json.dumps(HPKP).encode()
    )
    assert len(of(ev.PinReportSeen, s.end())) == 1


def test_what_is_not_sent_is_no_report(s: Stage) -> None:
    intercepted(s).request(method="GET", body=json.dumps(HPKP).encode())
    assert of(ev.PinReportSeen, s.end()) == []


def test_a_request_without_a_body_at_hand_is_none(s: Stage) -> None:
    """mitmproxy streams large bodies past its hooks."""
    visit = intercepted(s)
    flow = visit.flow(method="POST")
    flow.request.raw_content = None
    s.addon.request(flow)
    journal = s.end()
    assert (of(ev.PinReportSeen, journal), of(ev.ToolFailed, journal)) == ([], [])


def test_replayed_flows_are_nobodys(s: Stage) -> None:
    visit = intercepted(s)
    flow = visit.flow(method="POST", body=json.dumps(HPKP).encode())
    flow.response = http.Response.make(200)
    flow.live = False
    s.addon.request(flow)
    s.addon.responseheaders(flow)
    journal = s.end()
    assert (of(ev.PinReportSeen, journal), of(ev.ResponseSeen, journal)) == ([], [])


# -- names ------------------------------------------------------------------------------------------------------------


def lookups(journal: list[ev.Event]) -> list[tuple[int, str]]:
    return [(event.client, event.host) for event in of(ev.NameResolved, journal)]


def test_names_are_told_by_client(s: Stage) -> None:
    for peer, host in (("192.0.2.1", "a.example"), ("192.0.2.9", "a.example"), ("192.0.2.1", "B.Example.")):
        s.visit(port=53, peer=peer, transport="udp").asks(host)
    journal = s.end()
    assert lookups(journal) == [(1, "a.example"), (2, "a.example"), (1, "b.example")]
    assert {event.host for event in of(ev.HostKnown, journal)} == {"a.example", "b.example"}


def test_several_types_of_one_moment_are_one_lookup(s: Stage) -> None:
    visit = s.visit(port=53, transport="udp")
    for kind in (1, 28, 65):
        visit.asks("a.example", kind)
    assert lookups(s.end()) == [(1, "a.example")]


def test_a_user_agent_that_names_an_app_is_told_once_and_not_kept(s: Stage) -> None:
    for user_agent in ("com.example.other/1.2 (secret-build-77)", "Dalvik/2.1.0 (secret-build-77)"):
        visit = intercepted(s)
        for _ in range(2):
            flow = visit.flow()
            flow.request.headers["user-agent"] = user_agent
            s.addon.requestheaders(flow)
    journal = s.end()
    assert [event.app_id for event in of(ev.UserAgentSeen, journal)] == ["com.example.other"]
    assert not [event for event in journal if "secret" in ev.to_json(event)]


def test_a_question_without_a_name_is_none(s: Stage) -> None:
    visit = s.visit(port=53, transport="udp")
    flow = tflow.tdnsflow(client_conn=visit.client)
    flow.request.questions = []
    flow.live = True
    s.addon.dns_request(flow)
    journal = s.end()
    assert (lookups(journal), of(ev.ToolFailed, journal)) == ([], [])
