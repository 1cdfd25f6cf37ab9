"""debuggable_build: as the manifest says."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.rooms import answer, judged, said

from pinprobe.signals import State
from pinprobe.signals.debuggable_build import DEBUGGABLE_BUILD


@pytest.mark.parametrize("debuggable", [True, False])
def test_debuggable_build(debuggable: bool) -> None:
    signal = answer(DEBUGGABLE_BUILD, b.journal(b.package(debuggable=debuggable), b.accepted()))
    assert signal.state is (State.PRESENT if debuggable else State.ABSENT)


def test_nothing_is_confirmed_on_one() -> None:
    sure = [b.accepted(), b.accepted()]
    assert said(judged(b.journal(b.package(), *sure, ca_store="system")))[1] == "confirmed"
    assert said(judged(b.journal(b.package(debuggable=True), *sure, ca_store="system")))[1] == "probable"
