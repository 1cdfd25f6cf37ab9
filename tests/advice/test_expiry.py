"""When a set ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.advice.made import DAY_S, NOW_S, pin_of_text

from pinprobe.advice import Pin, Role
from pinprobe.advice.expiry import day_of, ends_on


def issuer(until_s: float) -> Pin:
    return Pin(pin_sha256=pin_of_text("x"), role=Role.ISSUER, subject="CN=x", until_s=until_s)


def test_a_year_where_the_issuer_lasts() -> None:
    assert ends_on([issuer(NOW_S + 3000 * DAY_S)], NOW_S) == "2028-01-15"


def test_four_weeks_before_the_issuer_that_ends_first() -> None:
    assert ends_on([issuer(NOW_S + 3000 * DAY_S), issuer(NOW_S + 128 * DAY_S)], NOW_S) == "2027-04-25"


def test_never_in_the_past() -> None:
    assert ends_on([issuer(NOW_S + 30 * DAY_S)], NOW_S) == "2027-01-17"
    assert ends_on([issuer(NOW_S + 29 * DAY_S)], NOW_S) == ""
    assert ends_on([issuer(NOW_S - DAY_S)], NOW_S) == ""


def test_moments_beyond_the_calendar() -> None:
    assert day_of(1e18) == day_of(float("inf")) == day_of(float("nan")) == ""
    assert ends_on([issuer(1e18)], NOW_S) == "2028-01-15"
    assert ends_on([issuer(1e19)], 1e18) == ""
    assert ends_on([issuer(float("nan"))], NOW_S) in ("", "2028-01-15")


@given(st.lists(st.floats(), min_size=1, max_size=3), st.floats(0, 4e9))
def test_the_end_lies_between_now_and_a_year(until: list[float], made_s: float) -> None:
    ends = ends_on([issuer(NOW_S + one) for one in until], made_s)
    assert ends == "" or day_of(made_s) < ends <= day_of(made_s + 365 * DAY_S)
