"""Messages of which nothing is told that was not told before: most of what a connection carries.

Each of these functions is asked once for every message, ahead of all else, and so does as little as it can. Whatever is
not certain here is looked at by the traffic observer, in full.
"""

from functools import lru_cache

from mitmproxy import http

from pinprobe.mitm.bodies import is_data
from pinprobe.mitm.reading import CRL_OF_OURS, field_of, text_of
from pinprobe.mitm.watch import REQUESTS_TOLD, Shape, Watch

POLICY_HEADERS = frozenset({b"public-key-pins", b"public-key-pins-report-only", b"expect-ct"})
"""RFC 7469 and RFC 9163; browsers have given both up."""
POLICY_SIZES = frozenset(map(len, POLICY_HEADERS))
DIGEST_BYTES = 32
"""Of SHA-256, which no compression shortens."""
LONGEST_TYPE = 128
"""Bytes of a media type that is remembered."""


def shape_of(raw: http.RequestData) -> Shape:
    """What tells the host of an HTTP/2 request."""
    return raw.http_version, raw.authority, raw.scheme, raw.port


def request_head(watch: Watch, flow: http.HTTPFlow) -> bool:
    """Count the head of a request of which all is known; False, and nothing done, where it is not."""
    raw = flow.request.data
    if shape_of(raw) not in watch.only_counted or raw.path.startswith(CRL_OF_OURS):
        return False
    if not watch.user_agent_told and hash(field_of(flow.request, b"user-agent")) != watch.last_user_agent:
        return False
    watch.requests += 1
    return True


def request(watch: Watch, flow: http.HTTPFlow) -> bool:
    """A whole request that is compared with no other, and reports nothing."""
    raw = flow.request.data
    return watch.exchanges >= REQUESTS_TOLD and raw.method != b"POST" and shape_of(raw) in watch.only_counted


def response_head(watch: Watch, flow: http.HTTPFlow) -> bool:
    """The head of an answer with a status that was told, and without a header that nobody heeds."""
    response = flow.response
    if response is None or response.data.status_code not in watch.statuses:
        return False
    for name, _ in response.data.headers.fields:  # all() takes twice as long
        if len(name) in POLICY_SIZES:
            return False
    return True


def response(watch: Watch, flow: http.HTTPFlow) -> bool:
    """An answer that cannot bring pins: it is streamed or too short, of a type for people, or has no Base64 with its end."""
    response = flow.response
    body = response.data.content if response is not None else None
    if response is None or not body or len(body) < DIGEST_BYTES or not holds_data(response):
        return True
    return b"=" not in body and b"\\" not in body and not field_of(response, b"content-encoding")


def holds_data(response: http.Response) -> bool:
    """Whether a body is of a media type for apps."""
    kind = field_of(response, b"content-type")
    return _is_data(kind) if len(kind) <= LONGEST_TYPE else is_data(text_of(kind))


@lru_cache(maxsize=256)
def _is_data(kind: bytes) -> bool:
    return is_data(text_of(kind))
