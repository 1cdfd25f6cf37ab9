"""Which host names may stand in a pin set: names as certificates hold them, and nothing that needs escaping anywhere."""

import re

LONGEST = 253
"""RFC 1035, section 2.3.4."""
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def why_not(host: str) -> str:
    """Why this host cannot have pins; empty where it can. Only A-labels pass: letters, digits and hyphens."""
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        return "it is an address, and pins are given to names"
    if not host or len(host) > LONGEST or not all(map(_LABEL.fullmatch, host.split("."))):
        return "it is no host name in lower-case A-labels"
    return ""


def is_below(host: str, domain: str) -> bool:
    """Whether it is this domain or a name below it."""
    return host == domain or host.endswith("." + domain)
