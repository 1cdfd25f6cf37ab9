"""Host names as endpoints are called by: A-labels, lower case, no final dot, nothing that a terminal obeys. Pure."""

import ipaddress
import re
from functools import lru_cache

LONGEST_NAME = 253
"""RFC 1035, section 2.3.4, in text form; anything longer is hostile, and cut."""
LONGEST_READ = 4 * LONGEST_NAME
"""Characters that are looked at: IDNA takes its time for each, and a stranger chooses how many there are."""


_END = re.compile("[/?#]")


def host_name(text: str | None) -> str | None:
    """The canonical form of a host, or None for nothing at all. Never raises, whatever a client sent.

    What an authority or URL may hold beside the host (user and password, path) is left away.
    """
    if not text:
        return None
    return _known(text) if len(text) <= LONGEST_NAME else _canonical(text)


def _canonical(text: str) -> str | None:
    name = _bare(text)[:LONGEST_READ].lower()
    try:
        name = str(ipaddress.ip_address(name))  # its zone, after a percent sign, may be anything
    except ValueError:
        name = _a_labels(name)
    name = "".join(c if "!" <= c <= "~" else f"\\x{ord(c):02x}" for c in name)
    # Once more: IDNA turns other full stops into dots, and escapes have capitals.
    return _bare(name).lower()[:LONGEST_NAME].rstrip("].") or None


_known = lru_cache(maxsize=2048)(_canonical)
"""Each connection names its host several times."""


def _bare(text: str) -> str:
    """The host of an authority (RFC 3986, section 3.2) without its port; no brackets, no final dot."""
    return _END.split(text, maxsplit=1)[0].rpartition("@")[2].lstrip("[").rstrip("].")


def _a_labels(name: str) -> str:
    """In ASCII, as IDNA 2003 has it, or else escaped."""
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name.encode("ascii", "backslashreplace").decode("ascii")
