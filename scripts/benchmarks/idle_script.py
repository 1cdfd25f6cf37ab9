"""An addon that does nothing in the four hooks of a request: a script for `mitmdump -s`.

The benchmark measures it beside pinprobe, to say how much of the cost comes with being an addon at all.
"""

from mitmproxy import http


def requestheaders(flow: http.HTTPFlow) -> None: ...


def request(flow: http.HTTPFlow) -> None: ...


def responseheaders(flow: http.HTTPFlow) -> None: ...


def response(flow: http.HTTPFlow) -> None: ...
