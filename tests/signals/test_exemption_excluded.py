"""exemption_excluded: nothing in the package exempts user-added CAs from pins."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as b
from tests.rooms import HOST, answer, judged, said

from pinprobe.signals import State
from pinprobe.signals.exemption_excluded import EXEMPTION_EXCLUDED

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
BOTH: dict[str, Any] = {"anchors": ("system", "user")}

CASES: dict[str, tuple[dict[str, Any], dict[str, Any] | None, str, State]] = {
    "trusted without exemption": ({}, BOTH, "user", P),
    "store unknown": ({}, BOTH, "unknown", P),
    "in no store": ({}, BOTH, "none", U),
    "system store": ({}, None, "system", P),
    "system store, debuggable": ({"debuggable": True}, BOTH, "system", P),
    "debuggable": ({"debuggable": True}, BOTH, "user", A),
    "overridePins": ({}, {**BOTH, "overrides": ("user",)}, "user", A),
    "overridePins for another anchor": ({}, {**BOTH, "overrides": ("system",)}, "user", A),
    "not trusted, and yet accepted": ({}, {}, "user", A),
    "a library that exempts them": ({"libraries": ("okhttp", "cronet")}, BOTH, "user", A),
    "a library that does not": ({"libraries": ("okhttp", "trustkit")}, BOTH, "user", P),
    "not all was read": ({"problems": ("classes2.dex is damaged",)}, BOTH, "user", U),
    "host not resolved": ({}, None, "user", U),
}


@pytest.mark.parametrize(("app", "host", "store", "expected"), CASES.values(), ids=CASES.keys())
def test_exemption_excluded(app: dict[str, Any], host: dict[str, Any] | None, store: str, expected: State) -> None:
    facts = [b.package(**app), *([b.declares(HOST, **host)] if host is not None else [])]
    signal = answer(EXEMPTION_EXCLUDED, b.journal(*facts, b.accepted(), ca_store=store))
    assert signal.state is expected, signal.note


def test_it_confirms_unpinned_where_a_request_is_no_accident() -> None:
    facts = (b.package(), b.declares(HOST, **BOTH))
    assert said(judged(b.journal(*facts, b.accepted(), ca_store="user"))) == ("unpinned", "confirmed", "decrypted")
    once = b.accepted(requests=1)
    assert said(judged(b.journal(*facts, once, ca_store="user"))) == ("unpinned", "probable", "decrypted")
    without = b.journal(b.accepted(), ca_store="user")
    assert said(judged(without)) == ("unpinned", "probable", "decrypted")
    assert any("exempts user-added CAs" in text for text in judged(without).missing)
    assert not judged(b.journal(*facts, b.accepted(), ca_store="user")).missing
