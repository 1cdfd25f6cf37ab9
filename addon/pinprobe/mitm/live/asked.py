"""What is asked for, and whether it is answered. Pure.

Any page in the user's browser can send requests to this machine, and any name can be made to point here (DNS
rebinding): so the Host must be ours, and whatever comes on behalf of another origin is refused.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

PATHS: Mapping[str, str] = {"/": "report.html", "/report.json": "report.json"}
"""What there is, and the file that it is otherwise."""
METHODS = frozenset({"GET", "HEAD"})
ELSEWHERE = frozenset({"cross-site", "same-site"})
"""Values of Sec-Fetch-Site that tell of another origin; another port of this machine is the same site."""

_REQUEST_LINE = re.compile(r"([A-Za-z]{1,20}) ([!-~]{1,2000}) HTTP/1\.[01]")
_HEADER = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*([^\r\n\0]*?)[ \t]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The parts of a request that decide; the rest of it is never looked at."""

    method: str
    path: str
    hosts: tuple[str, ...]
    """Every Host header: two of them are none."""
    origins: tuple[str, ...] = ()
    site: str = ""
    """Sec-Fetch-Site: who asks, as the browser sees it."""
    mode: str = ""
    """Sec-Fetch-Mode: `navigate` where a link was followed, which shows the page to nobody but the user."""
    peer: str | None = None
    """The address that a connection comes from; None through the proxy, at the magic host."""
    by_proxy: bool = False
    """The proxy itself has connected, for one of its clients."""


def asked_of(head: bytes, peer: str, *, by_proxy: bool = False) -> Asked | None:
    """Read the head of an HTTP/1 request, up to its empty line; None for what is none."""
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    request, headers = _REQUEST_LINE.fullmatch(first), [_HEADER.fullmatch(line) for line in lines]
    if request is None or not all(headers):
        return None
    found: dict[str, list[str]] = {}
    for header in filter(None, headers):
        found.setdefault(header[1].lower(), []).append(header[2])
    return Asked(
        method=request[1],
        path=request[2],
        hosts=tuple(found.get("host", ())),
        origins=tuple(found.get("origin", ())),
        site=",".join(found.get("sec-fetch-site", ())),
        mode=",".join(found.get("sec-fetch-mode", ())),
        peer=peer,
        by_proxy=by_proxy,
    )


def names_of(port: int) -> frozenset[str]:
    """The Host headers under which a port of this machine may be asked."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own, also as it stands in IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return (getattr(ip, "ipv4_mapped", None) or ip).is_loopback


def status_of(asked: Asked, names: frozenset[str]) -> HTTPStatus:
    """OK, or why not; `names` are the Host headers that mean us."""
    return next((status for refuses, status in _REFUSALS if refuses(asked, names)), HTTPStatus.OK)


def _from_afar(asked: Asked, _: frozenset[str]) -> bool:
    return asked.peer is not None and not is_loopback(asked.peer)


def _by_proxy(asked: Asked, _: frozenset[str]) -> bool:
    return asked.by_proxy


def _another_host(asked: Asked, names: frozenset[str]) -> bool:
    return len(asked.hosts) != 1 or asked.hosts[0].lower() not in names


def _another_origin(asked: Asked, names: frozenset[str]) -> bool:
    return not all(origin.startswith("http://") and origin[7:].lower() in names for origin in asked.origins)


def _another_site(asked: Asked, _: frozenset[str]) -> bool:
    return asked.site in ELSEWHERE and asked.mode != "navigate"


_REFUSALS: tuple[tuple[Callable[[Asked, frozenset[str]], bool], HTTPStatus], ...] = (
    (_from_afar, HTTPStatus.FORBIDDEN),
    (_by_proxy, HTTPStatus.FORBIDDEN),
    (_another_host, HTTPStatus.MISDIRECTED_REQUEST),
    (_another_origin, HTTPStatus.FORBIDDEN),
    (_another_site, HTTPStatus.FORBIDDEN),
    (lambda asked, _: asked.method not in METHODS, HTTPStatus.METHOD_NOT_ALLOWED),
    (lambda asked, _: asked.path not in PATHS, HTTPStatus.NOT_FOUND),
)
"""Asked in this order: who may not see the page learns nothing of what there is."""
