"""The report as it was last rendered, in memory, and what answers a request for it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from pinprobe.mitm.live.asked import METHODS, PATHS, Asked, status_of
from pinprobe.private import in_bytes

REFRESH_S = 10
"""How often a browser without scripts loads the page anew; with scripts the page asks itself."""

NOTHING_ELSE = "default-src 'none'; frame-ancestors 'none'"
ALWAYS: tuple[tuple[str, str], ...] = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
"""Headers of every answer, refusals included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP response, however it is sent."""

    status: HTTPStatus
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Pages:
    """Filled by the recorder's thread, read in the proxy's: a whole set of pages takes the place of another."""

    def __init__(self) -> None:
        self._shown: Mapping[str, Answer] = {}

    def show(self, texts: Mapping[str, str]) -> None:
        """Take the report as it was just rendered, by the names of its files."""
        self._shown = {path: _page(name, texts[name]) for path, name in PATHS.items()}

    def answer(self, asked: Asked | None, names: frozenset[str]) -> Answer:
        """What a request gets; None is a request that cannot be read, `names` are the Host headers that mean us."""
        status = HTTPStatus.BAD_REQUEST if asked is None else status_of(asked, names)
        if asked is None or status is not HTTPStatus.OK:
            return refused(status)
        found = self._shown.get(asked.path) or refused(HTTPStatus.SERVICE_UNAVAILABLE)
        if asked.method == "HEAD":
            return Answer(status=found.status, headers=found.headers, body=b"")
        return found


def refused(status: HTTPStatus) -> Answer:
    """An answer that says no, and nothing else."""
    body = f"pinprobe: {status.phrase}\n".encode("ascii")
    more = {
        HTTPStatus.METHOD_NOT_ALLOWED: (("Allow", ", ".join(sorted(METHODS))),),
        # The first report is made within a second.
        HTTPStatus.SERVICE_UNAVAILABLE: (("Refresh", "1"), ("Retry-After", "1")),
    }
    return _answer(status, body, "text/plain; charset=utf-8", NOTHING_ELSE, more.get(status, ()))


def _page(name: str, text: str) -> Answer:
    from pinprobe.report import FORMATS, live  # whoever has a report has loaded them; the proxy starts without

    media = next(form.media_type for form in FORMATS if form.file_name == name)
    version = hashlib.sha256(in_bytes(text)).hexdigest()[:32]
    more: tuple[tuple[str, str], ...] = (("ETag", f'"{version}"'),)
    policy = NOTHING_ELSE
    if name == PATHS["/"]:
        text, policy = live.page(text, version), f"{live.POLICY}; frame-ancestors 'none'"
        more += (("Refresh", str(REFRESH_S)),)
    return _answer(HTTPStatus.OK, in_bytes(text), media, policy, more)


def _answer(status: HTTPStatus, body: bytes, media: str, policy: str, more: tuple[tuple[str, str], ...]) -> Answer:
    about = (("Content-Type", media), ("Content-Length", str(len(body))), ("Content-Security-Policy", policy))
    return Answer(status=status, headers=(*about, *ALWAYS, *more), body=body)
