"""What a network that treats all connections alike may have done, and what it can hardly have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.signals.network import Network
from pinprobe.thresholds import CHANCE, COUNTS_COMPARED, SMALL_CHANCE

COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(
    ("network", "broken", "kept", "likely"),
    [
        (Network(worked=3), 3, 0, 1 / 20),
        (Network(worked=5), 5, 0, 1 / 252),
        (Network(worked=3, broken=3), 3, 0, 20 / 84),
        (Network(), 9, 0, 1.0),
        (Network(broken=9), 9, 0, 1.0),
        (Network(worked=9), 0, 9, 1.0),
        (Network(worked=9), 3, 3, 20 / 455),
    ],
)
def test_the_chance_is_exact(network: Network, broken: int, kept: int, likely: float) -> None:
    assert network.may_break(broken, kept) == pytest.approx(likely)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_more_that_work_leave_less_to_chance_and_more_that_break_more(
    worked: int, broken: int, closed: int, kept: int
) -> None:
    here = Network(worked=worked, broken=broken).may_break(closed, kept)
    assert 0.0 <= here <= 1.0 + 1e-9
    assert Network(worked=worked + 1, broken=broken).may_break(closed, kept) <= here + 1e-9
    assert Network(worked=worked, broken=broken + 1).may_break(closed, kept) >= here - 1e-9


def test_large_counts_are_scaled_and_say_the_same() -> None:
    many = 1000 * COUNTS_COMPARED
    assert Network(worked=many).may_break(many, 0) < SMALL_CHANCE
    assert Network(worked=many, broken=many).may_break(many, many) > CHANCE


def test_networks_add_up() -> None:
    assert Network(worked=1, broken=2) + Network(worked=3, broken=4) == Network(worked=4, broken=6)
    assert Network(worked=4, broken=6).total == 10
