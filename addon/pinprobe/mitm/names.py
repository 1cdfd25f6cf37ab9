"""Host names as endpoints are called by: A-labels, lower case, no final dot, nothing that a terminal obeys. Pure."""

import ipaddress

LONGEST_NAME = 253
"""RFC 1035, section 2.3.4, in text form; anything longer is hostile, and cut."""


def host_name(text: str | None) -> str | None:
    """The canonical form of a host, or None for nothing at all. Never raises, whatever a client sent."""
    if not text:
        return None
    name = text.strip("[]").rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        pass
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            name = name.encode("ascii", "backslashreplace").decode("ascii")
    name = "".join(c if "!" <= c <= "~" else f"\\x{ord(c):02x}" for c in name)
    # Once more: IDNA turns other full stops into dots, and escapes have capitals.
    return name.rstrip(".").lower()[:LONGEST_NAME] or None
