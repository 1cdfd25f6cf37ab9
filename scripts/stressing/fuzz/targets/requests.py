"""What a client's requests hold beside their host: paths, user agents, bodies that are compared."""

from __future__ import annotations

from pinprobe.attribution import named_by
from pinprobe.events import CONNECTIVITY, CONTENT, REVOCATION
from pinprobe.mitm.exchanges import Exchanges
from pinprobe.mitm.purpose import purpose_of, tells_apart
from pinprobe.mitm.reading import is_crl_of_ours
from stressing.fuzz.target import Broken, Check, Target

PATTERNS = (("*Example/*", "com.example.app"), ("a?c[x", "com.example.other"))


def _prepare() -> Check:
    exchanges = Exchanges()

    def check(data: bytes) -> None:
        # As mitmproxy hands them out.
        text = data.decode("utf-8", "surrogateescape")
        path, _, rest = text.partition("\n")
        agent, _, body = rest.partition("\n")
        if purpose_of(path, agent, None) not in {CONTENT, REVOCATION, CONNECTIVITY}:
            raise Broken("a purpose that no event has")
        is_crl_of_ours(path.encode("utf-8", "surrogateescape"))
        raw = body.encode("utf-8", "surrogateescape")
        tells_apart("POST", path, raw)
        exchanges.earlier(len(raw) % 3, 1, "POST", path, raw)
        named_by(agent, PATTERNS)

    return check


TARGET = Target(
    name="requests",
    about="paths, media types, user agents, and bodies that are compared with earlier ones",
    prepare=_prepare,
    seeds=lambda: (
        b"/v1/login?x=1\nExample/1.0 (Linux; Android 14)\n{}",
        b"/MFEwTzBNMEswSTAJBgUrDgMCGgUABBQ%3D\napplication/ocsp-request\n\x30\x51",
        b"/generate_204\nDalvik/2.1.0\n",
        b"/a.crl\ncom.example.app/7 okhttp/4\n",
        b"/mitmproxy-12.crl\n\n",
    ),
)
