"""A request to the live page's port, which any page in the user's browser can send to."""

from __future__ import annotations

from http import HTTPStatus
from random import Random

from pinprobe.mitm.live.asked import asked_of, names_of, status_of
from pinprobe.mitm.live.pages import Pages
from pinprobe.mitm.live.server import _in_bytes
from pinprobe.report import html
from stressing.fuzz.mutation import lines_mutated
from stressing.fuzz.target import Broken, Check, Target

SHOWN = "the report itself"
PAGE = f'<html><head><meta content="{html.POLICY}"></head><body>{SHOWN}</body></html>'
GOOD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"


def _prepare() -> Check:
    names = names_of(8000)
    pages = Pages()
    pages.show({"report.html": PAGE, "report.json": SHOWN})

    def check(data: bytes) -> None:
        # The server reads up to an empty line.
        head = data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        asked = asked_of(head, "127.0.0.1")
        answer = pages.answer(asked, names)
        shown = _in_bytes(answer)
        if SHOWN.encode() in shown:
            if asked is None or status_of(asked, names) is not HTTPStatus.OK:
                raise Broken("shown to somebody who is refused")
            hosts = [line for line in head.lower().split(b"\r\n") if line.startswith(b"host:")]
            if len(hosts) != 1 or hosts[0].removeprefix(b"host:").strip(b" \t").decode("latin-1") not in names:
                raise Broken(f"shown at {hosts}")
        away = asked_of(head, "192.0.2.1")
        if away is not None and status_of(away, names) is HTTPStatus.OK:
            raise Broken("shown to another machine")

    return check


def _mutated(data: bytes, chance: Random) -> bytes:
    return lines_mutated(data, chance, (b"Host: 127.0.0.1:8000", b"localhost:8000", b"evil.test", b"HEAD", b"http://"))


TARGET = Target(
    name="live_page",
    about="requests to the live page: shown to this machine's own pages alone",
    prepare=_prepare,
    seeds=lambda: (
        GOOD,
        b"GET /report.json HTTP/1.1\r\nHost: localhost:8000\r\nSec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n\r\n",
        b"HEAD / HTTP/1.0\r\nHost: [::1]:8000\r\nOrigin: http://localhost:8000\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.test:8000\r\nOrigin: http://evil.test\r\nSec-Fetch-Site: cross-site\r\n\r\n",
    ),
    mutate=_mutated,
)
