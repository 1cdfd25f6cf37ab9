"""When a pin set must end: early enough not to lock out an app that nobody updates, and never in the past."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from pinprobe.advice.pin import Pin
from pinprobe.thresholds import PINS_END_BEFORE_DAYS, PINS_LAST_DAYS

DAY_S = 86400.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_of(seconds: float) -> str:
    """The date, such as 2027-05-01; empty where the calendar does not reach."""
    try:
        return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d}"
    except (OverflowError, ValueError):
        return ""


def ends_on(issuers: Iterable[Pin], made_s: float) -> str:
    """The day of a set made at this moment; empty where it would have to end before it began."""
    soonest_s = min(pin.until_s for pin in issuers)
    ends_s = min(made_s + PINS_LAST_DAYS * DAY_S, soonest_s - PINS_END_BEFORE_DAYS * DAY_S)
    return day_of(ends_s) if ends_s > made_s + DAY_S else ""
