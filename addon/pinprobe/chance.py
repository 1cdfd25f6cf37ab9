"""Exact tests for small samples: how likely chance is to arrange what was seen. Pure; no approximation anywhere."""

from math import comb


def of_separation(here: int, there: int) -> float:
    """Probability that every one of `here` values lies below every one of `there`, were they one sample.

    The smallest value of the Wilcoxon rank-sum test: one of all equally likely orders.
    """
    return 1 / comb(here + there, here)


def of_so_many(here: int, of_here: int, there: int, of_there: int) -> float:
    """Probability that at least so many of all that was found falls here, were both one sample (Fisher's test, one-sided)."""
    found, everything = here + there, of_here + of_there
    ways = (comb(of_here, k) * comb(of_there, found - k) for k in range(here, min(found, of_here) + 1))
    return sum(ways) / comb(everything, found)


def of_so_few(seen: int, of: int, share: float) -> float:
    """Probability of at most `seen` out of `of` events, each of which falls here with probability `share`.

    With `share` as the part of the time that was spent here, it compares two Poisson rates, given their sum
    (Przyborowski and Wilenski, Biometrika 1940).
    """
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(seen + 1))


def fisher_two_sided(a: int, b: int, c: int, d: int) -> float:
    """Probability of a table at least as unlikely as ((a, b), (c, d)), its sums given (Fisher's exact test)."""
    first, second, column = a + b, c + d, a + c

    def ways(here: int) -> int:
        return comb(first, here) * comb(second, column - here)

    possible = [ways(here) for here in range(max(0, column - second), min(first, column) + 1)]
    return sum(one for one in possible if one <= ways(a)) / sum(possible)
