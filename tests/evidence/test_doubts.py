"""Differences between us and the real server that may explain a refusal without a certificate alert."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.rooms import attempt_of

from pinprobe.attempts import Attempt
from pinprobe.evidence.doubts import doubts_of

PLAIN = attempt_of(b.pinned_after_handshake())

CASES: dict[str, tuple[Attempt, tuple[str, ...]]] = {
    "none": (PLAIN, ()),
    "no SNI": (replace(PLAIN, name_doubt=True), ("name doubt",)),
    "a client certificate is asked for": (replace(PLAIN, mutual_tls=True), ("mutual TLS",)),
    "another protocol and version": (
        replace(PLAIN, tls_mismatch=("tls_version", "alpn")),
        ("TLS mismatch: tls_version", "TLS mismatch: alpn"),
    ),
    "all of them": (
        replace(PLAIN, tls_mismatch=("alpn",), name_doubt=True, mutual_tls=True),
        ("TLS mismatch: alpn", "name doubt", "mutual TLS"),
    ),
}


@pytest.mark.parametrize(("attempt", "doubts"), CASES.values(), ids=CASES.keys())
def test_doubts(attempt: Attempt, doubts: tuple[str, ...]) -> None:
    assert doubts_of(attempt) == doubts
