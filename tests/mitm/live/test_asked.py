"""Who is answered: one row for each way to ask."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.mitm.live.asked import PATHS, Asked, asked_of, is_loopback, names_of, status_of

PORT = 41234
OURS = f"127.0.0.1:{PORT}"
PLAIN = Asked(method="GET", path="/", hosts=(OURS,), peer="127.0.0.1")

ANSWERED: dict[str, dict[str, Any]] = {
    "the page": {},
    "its facts": {"path": "/report.json"},
    "the head alone": {"method": "HEAD"},
    "by name": {"hosts": (f"localhost:{PORT}",)},
    "by IPv6": {"hosts": (f"[::1]:{PORT}",), "peer": "::1"},
    "in capitals": {"hosts": (f"LocalHost:{PORT}",)},
    "from its own origin": {"origins": (f"http://{OURS}",), "site": "same-origin", "mode": "cors"},
    "typed into the browser": {"site": "none", "mode": "navigate"},
    "a link of another page": {"site": "cross-site", "mode": "navigate"},
    "IPv4 as it stands in IPv6": {"peer": "::ffff:127.0.0.1"},
    "the magic host": {"peer": None},
}
REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "another machine": ({"peer": "192.0.2.1"}, 403),
    "another machine in IPv6": ({"peer": "::ffff:192.0.2.1"}, 403),
    "nobody knows whence": ({"peer": "?"}, 403),
    "the proxy itself": ({"by_proxy": True}, 403),
    "a name that was made to point here": ({"hosts": (f"evil.example:{PORT}",)}, 421),
    "a name that begins like ours": ({"hosts": (f"{OURS}.evil.example",)}, 421),
    "the emulator's name for this machine": ({"hosts": (f"10.0.2.2:{PORT}",)}, 421),
    "another port": ({"hosts": ("127.0.0.1:80",)}, 421),
    "no port": ({"hosts": ("127.0.0.1",)}, 421),
    "no host": ({"hosts": ()}, 421),
    "two hosts": ({"hosts": (OURS, OURS)}, 421),
    "the magic host at the port": ({"hosts": ("pinprobe.test",)}, 421),
    "another origin": ({"origins": ("http://evil.example",)}, 403),
    "another port's origin": ({"origins": ("http://127.0.0.1:3000",)}, 403),
    "our origin with TLS": ({"origins": (f"https://{OURS}",)}, 403),
    "no origin that has a name": ({"origins": ("null",)}, 403),
    "two origins": ({"origins": (f"http://{OURS}", "http://evil.example")}, 403),
    "a picture on another page": ({"site": "cross-site", "mode": "no-cors"}, 403),
    "a script on another port": ({"site": "same-site", "mode": "no-cors"}, 403),
    "a change": ({"method": "POST"}, 405),
    "a question of CORS": ({"method": "OPTIONS"}, 405),
    "a tunnel": ({"method": "CONNECT", "path": OURS}, 405),
    "a small get": ({"method": "get"}, 405),
    "another path": ({"path": "/journal.jsonl"}, 404),
    "a query": ({"path": "/?x"}, 404),
    "a way around": ({"path": "/../report.json"}, 404),
    "a whole address": ({"path": f"http://{OURS}/"}, 404),
    "two slashes": ({"path": "//"}, 404),
    "who may not see it learns nothing of it": ({"path": "/x", "hosts": ("evil.example",)}, 421),
}


@pytest.mark.parametrize("how", ANSWERED.values(), ids=ANSWERED.keys())
def test_answered(how: dict[str, Any]) -> None:
    assert status_of(replace(PLAIN, **how), names_of(PORT)) is HTTPStatus.OK


@pytest.mark.parametrize(("how", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(how: dict[str, Any], status: int) -> None:
    assert status_of(replace(PLAIN, **how), names_of(PORT)) == status


WORDS = st.sampled_from(["", "/", "GET", OURS, f"http://{OURS}", "cross-site", "navigate", "127.0.0.1"]) | st.text()


@given(method=WORDS, path=WORDS, hosts=st.lists(WORDS), origins=st.lists(WORDS), site=WORDS, mode=WORDS, peer=WORDS)
def test_only_what_is_named_is_ever_answered(hosts: list[str], origins: list[str], **words: Any) -> None:
    asked = Asked(hosts=tuple(hosts), origins=tuple(origins), **words)
    if status_of(asked, names_of(PORT)) is HTTPStatus.OK:
        assert asked.method in {"GET", "HEAD"} and asked.path in PATHS
        assert asked.peer and is_loopback(asked.peer)
        assert [host.lower() in names_of(PORT) for host in hosts] == [True]
        assert all(origin.removeprefix("http://").lower() in names_of(PORT) for origin in origins)


# -- reading the head ------------------------------------------------------------------------------------


def head(*lines: str) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def test_a_browsers_request() -> None:
    asked = asked_of(
        head(
            "GET /report.json HTTP/1.1",
            f"host:  {OURS} ",
            "Accept: */*",
            f"Origin: http://{OURS}",
            "Sec-Fetch-Site: same-origin",
            "Sec-Fetch-Mode: cors",
            "Cookie: söme=thing",
            "Empty:",
        ),
        "127.0.0.1",
    )
    assert asked == Asked(
        method="GET",
        path="/report.json",
        hosts=(OURS,),
        origins=(f"http://{OURS}",),
        site="same-origin",
        mode="cors",
        peer="127.0.0.1",
    )


def test_every_host_counts() -> None:
    asked = asked_of(head("GET / HTTP/1.0", f"Host: {OURS}", "HOST: evil.example"), "127.0.0.1", by_proxy=True)
    assert asked is not None and asked.by_proxy
    assert asked.hosts == (OURS, "evil.example")


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        head("GET /"),
        head("GET / HTTP/2"),
        head("GET  / HTTP/1.1"),
        head("GET /\t HTTP/1.1"),
        head("GET / HTTP/1.1", "Host : x"),
        head("GET / HTTP/1.1", "Host: x", " folded"),
        head("GET / HTTP/1.1", "no colon"),
        head("GET / HTTP/1.1", "Host: x\nOrigin: y"),
        head("GET / HTTP/1.1", "Host: x\rOrigin: y"),
        head("GET / HTTP/1.1", "Host: x\0"),
        head(f"GET /{'x' * 3000} HTTP/1.1"),
    ],
)
def test_what_is_no_request(raw: bytes) -> None:
    assert asked_of(raw, "127.0.0.1") is None


@given(st.binary())
def test_reading_never_fails(raw: bytes) -> None:
    asked_of(raw, "127.0.0.1")
    asked_of(b"GET / HTTP/1.1\r\n" + raw, "127.0.0.1")
