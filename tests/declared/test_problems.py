"""Problems are counted by kind, and there is an end to them."""

from __future__ import annotations

from pinprobe.declared.limits import Limits
from pinprobe.declared.problems import Problems


def test_the_same_problem_is_told_once_with_its_count() -> None:
    problems = Problems()
    for place in ("a", "b", "c"):
        problems.add("damaged", place)
    problems.add("nothing inside")
    assert list(problems) == ["a: damaged (and 2 more)", "nothing inside"]


def test_kinds_are_bounded() -> None:
    problems = Problems(Limits(problems=2))
    for kind in "vwxyz":
        problems.add(kind)
    assert list(problems) == ["v", "w", "3 more problems of other kinds are left out"]
