"""distrust_declared: the configuration says that our CA is not trusted, so a refusal must come."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.rooms import HOST, answer

from pinprobe.signals import State
from pinprobe.signals.distrust_declared import DISTRUST_DECLARED

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
OURS = f"raw:{b.session().ca_pin_sha256}"


@pytest.mark.parametrize(
    ("anchors", "store", "expected"),
    [
        (("system",), "user", P),
        ((), "user", P),
        (("raw:another",), "user", P),
        (("raw:unknown",), "user", U),
        (("raw:unknown", "user"), "user", A),
        (("system", "user"), "user", A),
        ((OURS, "system"), "user", A),
        (("system",), "system", U),
        (("system",), "none", U),
        (("system",), "unknown", U),
    ],
)
def test_distrust(anchors: tuple[str, ...], store: str, expected: State) -> None:
    facts = (b.package(), b.declares(HOST, anchors=anchors))
    assert answer(DISTRUST_DECLARED, b.journal(*facts, b.refused_alert(), ca_store=store)).state is expected


def test_a_host_that_was_not_resolved_is_not_known() -> None:
    assert answer(DISTRUST_DECLARED, b.journal(b.package(), b.refused_alert(), ca_store="user")).state is U
