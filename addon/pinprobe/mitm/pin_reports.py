"""Recognise reports of failed pins by their shape: TrustKit's, HPKP's and Expect-CT's. Pure; nothing is kept of them.

TrustKit's report is HPKP's (RFC 7469, section 3) with members about the app; Expect-CT's (RFC 9163, section 3.1) is
one object inside another.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LONGEST_BYTES = 262144
"""Longer bodies are no report: TrustKit's have a chain of some kilobytes."""
LONGEST_HOST = 253
"""RFC 1035, section 2.3.4, in text form."""
MOST = 16
"""Reports read of one body."""
MARKS = (b'"known-pins"', b'"expect-ct-report"')
_HPKP = frozenset({"hostname", "port", "date-time", "known-pins", "noted-hostname"})
_TRUSTKIT = frozenset({"app-bundle-id", "trustkit-version", "enforce-pinning", "validation-result"})
_EXPECT_CT = frozenset({"hostname", "date-time", "scts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PinReport:
    """Whose pin failed, in which format it is told, and whether it was enforced, where the format says so."""

    format: str
    host: str
    enforced: bool | None


def pin_reports(body: bytes) -> list[PinReport]:
    """The reports in a body; none for anything else, however broken."""
    if len(body) > LONGEST_BYTES or not any(mark in body for mark in MARKS):
        return []
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return []
    parts = document if isinstance(document, list) else [document]
    return [found for part in parts[:MOST] if isinstance(part, dict) for found in _read(part)]


def _read(part: dict[str, Any]) -> Iterator[PinReport]:
    inner = part.get("expect-ct-report")
    if isinstance(inner, dict) and inner.keys() >= _EXPECT_CT:
        yield from _about(inner, "expect-ct", None)
    elif part.keys() >= _HPKP and isinstance(part["known-pins"], list):
        enforced = part.get("enforce-pinning")
        format = "trustkit" if part.keys() & _TRUSTKIT else "hpkp"
        yield from _about(part, format, enforced if isinstance(enforced, bool) else None)


def _about(part: dict[str, Any], format: str, enforced: bool | None) -> Iterator[PinReport]:
    host = part["hostname"]
    if isinstance(host, str) and 0 < len(host) <= LONGEST_HOST:
        yield PinReport(format=format, host=host, enforced=enforced)
