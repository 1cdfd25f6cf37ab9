"""Exact tests for small samples, against values worked out by hand and against counting every case."""

from __future__ import annotations

from itertools import combinations, product
from math import comb, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.chance import fisher_two_sided, of_separation, of_so_few, of_so_many

SEPARATIONS = {
    (1, 1): 1 / 2,
    (2, 2): 1 / 6,
    (3, 3): 1 / 20,
    (3, 6): 1 / 84,
    (3, 7): 1 / 120,
    (5, 5): 1 / 252,
    (19, 1): 1 / 20,
    (0, 5): 1.0,
    (5, 0): 1.0,
}


@pytest.mark.parametrize(("sizes", "chance"), SEPARATIONS.items(), ids=str)
def test_separation(sizes: tuple[int, int], chance: float) -> None:
    assert of_separation(*sizes) == pytest.approx(chance, rel=1e-12)


@pytest.mark.parametrize(("here", "there"), list(product(range(6), range(6))))
def test_separation_is_one_of_all_orders(here: int, there: int) -> None:
    """Of all ways to choose which ranks are `here`, those in which each lies below each that is `there`."""
    ranks = range(here + there)
    ways = [set(chosen) for chosen in combinations(ranks, here)]
    apart = [chosen for chosen in ways if all(low < high for low in chosen for high in set(ranks) - chosen)]
    assert of_separation(here, there) == pytest.approx(len(apart) / len(ways), rel=1e-12)


SO_FEW = {
    (0, 7, 0.5): 1 / 128,
    (0, 6, 0.5): 1 / 64,
    (1, 4, 0.5): 5 / 16,
    (2, 3, 0.25): 1 - 1 / 64,
    (4, 4, 0.3): 1.0,
    (0, 0, 0.3): 1.0,
    (0, 5, 0.0): 1.0,
    (0, 5, 1.0): 0.0,
}


@pytest.mark.parametrize(("given", "chance"), SO_FEW.items(), ids=str)
def test_so_few(given: tuple[int, int, float], chance: float) -> None:
    assert of_so_few(*given) == pytest.approx(chance, rel=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("of", range(7))
def test_so_few_is_counted_over_every_case(of: int, share: float) -> None:
    """Each event falls here or elsewhere, by itself."""
    weights = {case: prod(share if here else 1 - share for here in case) for case in product([True, False], repeat=of)}
    for seen in range(of + 1):
        expected = sum(weight for case, weight in weights.items() if sum(case) <= seen)
        assert of_so_few(seen, of, share) == pytest.approx(expected, abs=1e-12)


def test_many_events_are_no_approximation() -> None:
    expected = sum(comb(512, k) for k in range(201)) / 2**512
    assert of_so_few(200, 512, 0.5) == pytest.approx(expected, rel=1e-9)


FISHER = {
    # Fisher's own: of four cups each, three named rightly (The Design of Experiments, 1935).
    (3, 1, 1, 3): 34 / 70,
    (4, 0, 0, 4): 2 / 70,
    (2, 2, 2, 2): 1.0,
    (1, 9, 11, 3): 0.0027594561852200836,
    (3, 0, 0, 3): 2 / 20,
    (5, 0, 0, 5): 2 / 252,
    (1, 0, 0, 1): 1.0,
    (2, 0, 0, 1): 1 / 3,
    (0, 0, 0, 0): 1.0,
    (0, 0, 5, 5): 1.0,
    (0, 5, 0, 5): 1.0,
    (7, 3, 0, 0): 1.0,
}


@pytest.mark.parametrize(("table", "chance"), FISHER.items(), ids=str)
def test_fisher(table: tuple[int, int, int, int], chance: float) -> None:
    assert fisher_two_sided(*table) == pytest.approx(chance, rel=1e-12)


@pytest.mark.parametrize("table", [t for t in product(range(5), repeat=4) if sum(t) <= 8], ids=str)
def test_fisher_is_counted_over_every_deal(table: tuple[int, int, int, int]) -> None:
    """Deal out who is of the first column: how often does the first row get a number as rare as this one?"""
    a, b, c, _ = table
    deals = [sum(one < a + b for one in chosen) for chosen in combinations(range(sum(table)), a + c)]
    rare = [here for here in deals if deals.count(here) <= deals.count(a)]
    assert fisher_two_sided(*table) == pytest.approx(len(rare) / len(deals), rel=1e-12)


@pytest.mark.parametrize("table", [(3, 1, 1, 3), (1, 9, 11, 3), (0, 4, 2, 7)], ids=str)
def test_fisher_does_not_mind_how_the_table_is_turned(table: tuple[int, int, int, int]) -> None:
    a, b, c, d = table
    turned = [(c, d, a, b), (b, a, d, c), (a, c, b, d), (d, c, b, a)]
    assert {fisher_two_sided(*one) for one in turned} == {fisher_two_sided(*table)}


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_so_many_is_counted_by_hand(here: int, missed_here: int, there: int, missed_there: int) -> None:
    """Against all ways of dealing out what was found."""
    of_here, of_there, found = here + missed_here, there + missed_there, here + there
    ways = [comb(of_here, k) * comb(of_there, found - k) for k in range(found + 1)]
    assert of_so_many(here, of_here, there, of_there) == pytest.approx(sum(ways[here:]) / sum(ways))


def test_all_here_and_none_there_is_a_separation() -> None:
    assert of_so_many(3, 3, 0, 5) == pytest.approx(of_separation(3, 5))
