"""What is known is never told: with and without the short way the same is told and counted, whatever is sent."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import http
from tests.mitm.hooks import HOST, Stage, Visit, stage
from tests.mitm.test_pin_reports import HPKP

from pinprobe import events as ev
from pinprobe.mitm import known
from pinprobe.mitm.live.door import MAGIC_HOST
from pinprobe.mitm.watch import Watch

REPORT = json.dumps(HPKP).encode()
DIGEST = b64encode(sha256(b"a key").digest())
PINS = b'{"pins": ["sha256/%s"]}' % DIGEST
ESCAPED = PINS.replace(b"=", b"\\u003d").replace(b"pins", b"pin_set")
DEFLATED = gzip.compress(PINS.replace(b"pins", b"certificatePins"))


@dataclass(frozen=True)
class Exchange:
    """A request and its answer."""

    connection: int = 0
    version: bytes = b"HTTP/2.0"
    authority: str = HOST
    live: bool = True
    scheme: str = "https"
    path: str = "/"
    method: str = "GET"
    body: bytes = b""
    user_agent: str = "okhttp/4.12"
    status: int = 200
    header: str = "server"
    kind: str = "application/json"
    encoding: str = ""
    answer: bytes | None = b"{}"

    def happens(self, visit: Visit) -> None:
        flow = visit.flow(self.authority or HOST, self.scheme.encode(), self.path, body=self.body)
        flow.request.data.method = self.method.encode()
        flow.live = self.live
        flow.request.data.http_version = self.version
        if self.version == b"HTTP/2.0":
            flow.request.data.authority = self.authority.encode()
            del flow.request.headers["host"]
        if self.user_agent:
            flow.request.headers["user-agent"] = self.user_agent
        visit.addon.requestheaders(flow)
        visit.addon.request(flow)
        flow.response = http.Response.make(self.status, b"", {"content-type": self.kind, self.header: "x"})
        if self.encoding:
            flow.response.headers["content-encoding"] = self.encoding
        visit.addon.responseheaders(flow)
        flow.response.raw_content = self.answer  # None where it is streamed
        visit.addon.response(flow)


EXCHANGES = st.builds(
    Exchange,
    connection=st.integers(0, 1),
    version=st.sampled_from([b"HTTP/2.0", b"HTTP/2.0", b"HTTP/1.1"]),
    authority=st.sampled_from([HOST, HOST, "b.example.com", "", MAGIC_HOST]),
    live=st.sampled_from([True, True, True, False]),
    scheme=st.sampled_from(["https", "https", "https", "http"]),
    path=st.sampled_from(["/", "/v1/list", "/mitmproxy-0.crl", "/mitmproxy-0", "/login"]),
    method=st.sampled_from(["GET", "POST", "post"]),
    body=st.sampled_from([b"", b"a=1", REPORT]),
    user_agent=st.sampled_from(["okhttp/4.12", "okhttp/4.12", "com.example.other/1.2", ""]),
    status=st.sampled_from([200, 200, 204, 503]),
    header=st.sampled_from(["server", "x-frame-options", "Expect-CT", "public-key-pins"]),
    kind=st.sampled_from(["application/json", "text/html", "image/png", "application/json; charset=utf-8", "x" * 300]),
    encoding=st.sampled_from(["", "", "gzip", "identity"]),
    answer=st.sampled_from([None, b"", b"{}", b'{"list": ["%s"]}' % (b"abc" * 20), PINS, ESCAPED, DEFLATED]),
)


OF_MESSAGES = (
    ev.RequestSeen,
    ev.ResponseSeen,
    ev.PolicyHeaderSeen,
    ev.PinMaterialSeen,
    ev.PinReportSeen,
    ev.ExchangeRepeated,
    ev.UserAgentSeen,
    ev.CleartextSeen,
    ev.ConnectionClosed,
)


def told(exchanges: list[Exchange], magic_host: str = "off") -> list[ev.Event]:
    """What a session with two decrypted connections tells of their messages, apart from times."""
    with TemporaryDirectory() as folder, stage(Path(folder), live="off", magic_host=magic_host) as s:
        visits = [_decrypted(s), _decrypted(s)]
        for one in exchanges:
            one.happens(visits[one.connection])
        for visit in visits:
            visit.closed()
        return [replace(event, at_s=0.0) for event in s.end() if isinstance(event, OF_MESSAGES)]


def _decrypted(s: Stage) -> Visit:
    refusing = s.visit("pinned.example.com")
    refusing.hello("pinned.example.com")
    refusing.start()
    refusing.established()
    refusing.closed()
    visit = s.visit()
    visit.hello()
    visit.start()
    visit.established()
    return visit


def told_the_long_way(exchanges: list[Exchange], magic_host: str = "off") -> list[ev.Event]:
    """Nothing is known."""
    with ExitStack() as stack:
        for name in ("request_head", "request", "response_head", "response"):
            stack.enter_context(mock.patch.object(known, name, lambda *_: False))
        return told(exchanges, magic_host)


@given(exchanges=st.lists(EXCHANGES, min_size=5, max_size=40), magic_host=st.sampled_from(["off", "on"]))
@settings(max_examples=80, deadline=None)
def test_the_short_way_tells_the_same(exchanges: list[Exchange], magic_host: str) -> None:
    assert told(exchanges, magic_host) == told_the_long_way(exchanges, magic_host)


@pytest.mark.parametrize(("body", "encoding"), [(PINS, ""), (ESCAPED, ""), (DEFLATED, "gzip"), (PINS, "identity")])
def test_pins_are_never_known(body: bytes, encoding: str) -> None:
    journal = told([Exchange(answer=body, encoding=encoding)])
    assert [event.count for event in journal if isinstance(event, ev.PinMaterialSeen)] == [1]


def test_an_error_of_ours_is_noted_and_the_message_told(tmp_path: Path) -> None:
    with stage(tmp_path) as s, mock.patch.object(known, "request_head", broken):
        visit = _decrypted(s)
        visit.request()
        journal = s.end()
    assert [event.where for event in journal if isinstance(event, ev.ToolFailed)] == ["broken"]
    assert [event.authority_host for event in journal if isinstance(event, ev.RequestSeen)] == [HOST]


def broken(watch: Watch, flow: http.HTTPFlow) -> bool:
    raise RuntimeError


def test_a_report_is_no_less_one_for_a_method_in_lower_case() -> None:
    exchanges = [*[Exchange()] * 4, Exchange(method="post", path="/report", body=REPORT)]
    assert [event.host for event in told(exchanges) if isinstance(event, ev.PinReportSeen)] == ["www.example.com"]


def test_and_is_taken(tmp_path: Path) -> None:
    """Else the above would say nothing: of the same exchange ten times, the last ones are known in every part."""
    with stage(tmp_path) as s:
        visit = _decrypted(s)
        for _ in range(9):
            Exchange().happens(visit)
        watch = visit.addon._watches[visit.client.id]
        flow = visit.flow()
        flow.request.data.http_version, flow.request.data.authority = b"HTTP/2.0", HOST.encode()
        flow.request.headers = http.Headers(user_agent="okhttp/4.12")
        flow.response = http.Response.make(200, b"<p>for people</p>", {"content-type": "text/html"})
        before = watch.requests
        assert known.request_head(watch, flow) and watch.requests == before + 1
        assert known.request(watch, flow)
        assert known.response_head(watch, flow)
        assert known.response(watch, flow)


@pytest.mark.parametrize(
    "change", [{"user_agent": "b/2"}, {"authority": "b.example.com"}, {"path": "/mitmproxy-0.crl"}]
)
def test_what_may_be_new_is_not_counted_here(tmp_path: Path, change: dict[str, str]) -> None:
    with stage(tmp_path) as s:
        visit = _decrypted(s)
        for _ in range(9):
            Exchange().happens(visit)
        watch = visit.addon._watches[visit.client.id]
        flow = visit.flow(path=change.get("path", "/"))
        flow.request.data.http_version = b"HTTP/2.0"
        flow.request.data.authority = change.get("authority", HOST).encode()
        flow.request.headers = http.Headers(user_agent=change.get("user_agent", "okhttp/4.12"))
        before = watch.requests
        assert not known.request_head(watch, flow)
        assert watch.requests == before
