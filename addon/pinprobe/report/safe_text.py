"""Other people's words, made harmless to look at: used by every format that people read. Pure.

Hosts, certificate fields, labels and error strings come from the network. A control character could drive a
terminal, a bidirectional one could turn a name around, an invisible one could make two names look alike.
Each is shown as its escape, so nothing is lost silently, and what is too long is cut with a count.
"""

import re

NAME_LIMIT = 253
"""Characters of a name that are shown: the longest host name that DNS allows (RFC 1035, section 2.3.4)."""
TEXT_LIMIT = 1000
"""Characters of any other text that are shown."""

# Ranges instead of Python's Unicode tables: those differ between versions, and a report must not.
_UNSEEN = re.compile(
    "["
    "\x00-\x1f\x7f-\xa0\xad"  # controls, no-break space, soft hyphen
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # marks that pile up
    "\u034f\u0600-\u0605\u061c\u06dd\u070f\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # invisible
    "\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000"  # spaces, separators, bidi, invisible operators
    "\ufe00-\ufe0f\ufeff\ufff0-\uffff"  # variation selectors, byte order mark, specials
    "\ud800-\udfff\ue000-\uf8ff"  # surrogates, private use
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"  # formats, tags
    "]"
)
_PUNYCODE = "xn--"
_LABEL_LIMIT = 63


def safe_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """The same text on one line: what cannot be seen as an escape, what is too long cut and counted."""
    rest = len(text) - limit
    if rest > 0:
        text = text[:limit]
    shown = _UNSEEN.sub(_escape, text)
    return f"{shown}… ({rest} more characters)" if rest > 0 else shown


def shortened(text: str, limit: int) -> str:
    """At most this many characters, the last one an ellipsis where something was cut."""
    text = safe_text(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def unicode_host(host: str) -> str | None:
    """What an internationalised name looks like to its users; None for a plain name, or one that cannot be read."""
    if _PUNYCODE not in host or len(host) > NAME_LIMIT:
        return None
    try:
        shown = ".".join(map(_unicode_label, host.split(".")))
    except (UnicodeError, ValueError, OverflowError):
        return None
    return shown if shown.strip(".") and shown != host else None


def _unicode_label(label: str) -> str:
    if not label.startswith(_PUNYCODE) or len(label) > _LABEL_LIMIT:
        return label
    return label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
