"""A journal is read some events at a time, which shows nowhere."""

from __future__ import annotations

import pytest
from tests.builders import journal
from tests.evidence.test_ledger import EVERYTHING

from pinprobe.evidence import evidence_of, ledger

EVENTS = journal(*EVERYTHING)


@pytest.mark.parametrize("at_once", [1, 7, len(EVENTS) - 1, len(EVENTS), len(EVENTS) + 1])
def test_however_many_are_read_at_once(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = evidence_of(EVENTS)
    assert whole.connections == len(EVERYTHING)
    monkeypatch.setattr(ledger, "READ_AT_ONCE", at_once)
    found = evidence_of(iter(EVENTS))
    found._fold = whole._fold
    assert found == whole
