"""What is told of pins in decrypted answers: that they are there, once, and nothing of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.net.encoding import encode
from tests.mitm.hooks import HOST, Stage, of, stage
from tests.mitm.test_observer_traffic import intercepted
from tests.mitm.test_pin_material import pin

from pinprobe import events as ev
from pinprobe.mitm import traffic


@pytest.fixture
def s(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as made:
        yield made


PINS = json.dumps({"api.example.com": [f"sha256/{pin(1)}", f"sha256/{pin(2)}"]}).encode()


def material(journal: list[ev.Event]) -> list[tuple[int, str, int, str, int]]:
    return [(e.connection_id, e.host, e.port, e.kind, e.count) for e in of(ev.PinMaterialSeen, journal)]


@pytest.mark.parametrize("encoding", ["", "gzip", "br", "zstd"])
def test_pins_in_an_answer_are_told_and_not_kept(s: Stage, encoding: str) -> None:
    body = encode(PINS, encoding) if encoding else PINS
    assert isinstance(body, bytes)
    intercepted(s).brings(body, "config.example.com", encoding=encoding)
    journal = s.end()
    assert material(journal) == [(1, "config.example.com", 443, "document", 2)]
    assert not any(pin(n) in line for line in map(ev.to_json, journal) for n in (1, 2))


def test_pins_are_told_once_by_client_host_and_kind(s: Stage) -> None:
    for peer in ("192.0.2.1", "192.0.2.1", "192.0.2.9"):
        visit = intercepted(s, peer=peer)
        for _ in range(2):
            visit.brings(PINS)
            visit.brings(f"sha256/{pin(3)}".encode(), content_type="text/plain")
        visit.brings(PINS, "b.example.com")
    told = material(s.end())
    assert told == [
        (1, HOST, 443, "document", 2),
        (1, HOST, 443, "strings", 1),
        (1, "b.example.com", 443, "document", 2),
        (3, HOST, 443, "document", 2),
        (3, HOST, 443, "strings", 1),
        (3, "b.example.com", 443, "document", 2),
    ]


def test_pins_beyond_the_bound_are_not_told(s: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "ENDPOINTS_KEPT", 2)
    visit = intercepted(s)
    for number in range(5):
        visit.brings(PINS, f"h{number}.example.com")
    assert len(material(s.end())) == 2


def test_answers_of_other_types_or_without_tls_tell_nothing(s: Stage) -> None:
    visit = intercepted(s)
    visit.brings(PINS, content_type="text/html; charset=utf-8")
    visit.brings(PINS, content_type="application/javascript")
    visit.brings(PINS, encoding="gzip")
    visit.brings(b"")
    s.visit(port=80).brings(PINS, HOST, b"http")
    journal = s.end()
    assert (material(journal), of(ev.ToolFailed, journal)) == ([], [])


def test_an_answer_whose_body_is_streamed_is_left_alone(s: Stage) -> None:
    visit = intercepted(s)
    flow = visit.flow()
    flow.response = http.Response.make(200, b"", {"content-type": "application/json"})
    flow.response.raw_content = None
    s.addon.response(flow)
    journal = s.end()
    assert (material(journal), of(ev.ToolFailed, journal)) == ([], [])


def test_replayed_answers_are_nobodys(s: Stage) -> None:
    visit = intercepted(s)
    flow = visit.flow()
    flow.response = http.Response.make(200, PINS, {"content-type": "application/json"})
    flow.live = False
    s.addon.response(flow)
    assert material(s.end()) == []
