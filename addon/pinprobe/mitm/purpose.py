"""What a request without TLS is for, by its shape: some are made by stacks and devices, whatever an app does. Pure."""

import base64
import binascii
from urllib.parse import unquote

from pinprobe.events import CONNECTIVITY, CONTENT, REVOCATION

_OCSP = "application/ocsp-request"
"""RFC 6960, appendix A.1."""
_FILES = (".crl", ".crt", ".cer", ".p7c", ".p7b")
"""Lists of revoked certificates, and issuers fetched by AIA (RFC 5280, sections 4.2.1.13 and 4.2.2.1)."""
_PORTAL = frozenset(
    {
        "/generate_204",
        "/gen_204",
        "/hotspot-detect.html",
        "/library/test/success.html",
        "/connecttest.txt",
        "/ncsi.txt",
        "/canonical.html",
        "/success.txt",
        "/mobile/status.php",
        "/kindle-wifi/wifistub.html",
    }
)
"""Where devices look for a captive portal."""


def purpose_of(path: str, content_type: str, category: str | None) -> str:
    """CONTENT, REVOCATION or CONNECTIVITY; `category` is the catalog's word on the host."""
    plain = path.partition("?")[0].lower()
    if _asks_by_get(path.rpartition("/")[2]):
        return REVOCATION
    if category == "pki" or content_type.partition(";")[0].strip().lower() == _OCSP or plain.endswith(_FILES):
        return REVOCATION
    return CONNECTIVITY if plain in _PORTAL else CONTENT


def tells_apart(method: str, path: str, body: bytes) -> bool:
    """Whether a request says enough to be recognised: not a bare look at a host, nor a check that devices make."""
    return bool(body or path != "/" or method != "GET") and purpose_of(path, "", None) == CONTENT


def _asks_by_get(segment: str) -> bool:
    """OCSP by GET: the request itself, DER in Base64, stands where a file's name would (RFC 6960, appendix A.1)."""
    if not segment.startswith("M") or len(segment) > LONGEST_GET:
        return False
    try:
        der = base64.b64decode(unquote(segment), validate=True)
    except (binascii.Error, ValueError):
        return False
    # A SEQUENCE of just this length, in the short form or with one byte of length.
    return len(der) > LEAST_REQUEST and der[0] == 0x30 and len(der) in {der[1] + 2, der[2] + 3}


LEAST_REQUEST = 40
"""An OCSPRequest has two digests of twenty bytes at least, and a serial number."""
LONGEST_GET = 512
"""RFC 6960 wants GET only below 255 bytes; escapes make them longer."""
