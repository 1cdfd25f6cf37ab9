"""Clients that never finish, a flood, and invented names: small, by the very code of `scripts/stress hostile`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.live.conftest import need

from measuring.outcome import Settings
from stressing.hostile.half_open import client_hello, in_two_records
from stressing.hostile.measure import Size, trials

pytestmark = pytest.mark.live


def test_hostile_clients_leave_memory_bounded_and_verdicts_right(tmp_path: Path) -> None:
    need("python_ssl")
    settings = Settings(folder=tmp_path, long=False, seed=1, say=lambda text: None)
    outcome = trials(settings, Size(half_open=25, hold_s=0.1, flood_s=0.1, names=4, compared=False))
    assert outcome.wrong == (), outcome.markdown()
    assert any("25 half-open connections" in note for note in outcome.notes), outcome.notes


def test_a_hello_in_two_records_is_the_same_hello() -> None:
    hello = client_hello("subject.shop.test")
    first, second = in_two_records(hello)
    assert first[5:] + second[5:] == hello[5:]
    for record in (first, second):
        assert (record[0], int.from_bytes(record[3:5], "big")) == (22, len(record) - 5)
