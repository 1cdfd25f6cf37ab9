"""A ruling as lines for a terminal: the answer, what is broken, what is waived, and what its owner should know. Pure."""

import textwrap
from collections.abc import Iterator

from pinprobe.report.ruling import Breach, Ruling
from pinprobe.report.safe_text import NAME_LIMIT, safe_text

WIDTH = 100
"""Columns unless told otherwise."""


def ruling_lines(ruling: Ruling, width: int = WIDTH) -> Iterator[str]:
    """The whole ruling."""
    yield from _wrapped(headline(ruling), width)
    for breach in ruling.broken:
        yield from _wrapped(f"BROKEN {breach_words(breach)}", width)
    for waived in ruling.waived:
        because = f"{breach_words(waived.breach)} (until {waived.until}: {safe_text(waived.reason)})"
        yield from _wrapped(f"waived {because}", width)
    for remark in ruling.remarks:
        yield from _wrapped(f"note: {safe_text(remark)}", width)


def headline(ruling: Ruling) -> str:
    """The answer in one line, with the policy and the day."""
    return f"{ruling.sentence} ({safe_text(ruling.policy, NAME_LIMIT)}, as of {ruling.day})"


def breach_words(breach: Breach) -> str:
    """One breach: what, where, and how."""
    return f"{breach.what} {safe_text(breach.subject)}: {safe_text(breach.text)}"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent="  ", break_on_hyphens=False) or [""]
