"""Messages of which nothing is told that was not told before: most of what a connection carries.

Each of these functions is asked once for every message, ahead of all else, and so does as little as it can. Whatever is
not certain here is looked at by the traffic observer, in full.
"""

from mitmproxy import http

from pinprobe.mitm.bodies import LONGEST_BYTES
from pinprobe.mitm.reading import CRL_OF_OURS, POLICY_SIZES, field_of, holds_data, shape_of
from pinprobe.mitm.watch import REQUESTS_TOLD, Watch


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
    return watch.exchanges >= REQUESTS_TOLD and flow.request.method != "POST"


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
    """An answer that cannot bring pins: it is empty, streamed or too long, of a type for people, or no Base64 ends in it."""
    response = flow.response
    if response is None or not (body := response.data.content) or not holds_data(response) or len(body) > LONGEST_BYTES:
        return True
    return b"=" not in body and b"\\" not in body and not field_of(response, b"content-encoding")
