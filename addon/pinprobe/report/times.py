"""Moments and spans as text, in UTC, from journal seconds. Pure."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc(seconds: float) -> datetime | None:
    """The moment; None where the calendar does not reach (a certificate may say anything)."""
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None


def iso(seconds: float, *, milliseconds: bool = False) -> str | None:
    """ISO 8601 in UTC, such as 2024-05-01T10:00:00Z; None where the calendar does not reach."""
    moment = utc(seconds)
    if moment is None:
        return None
    return moment.isoformat(timespec="milliseconds" if milliseconds else "seconds").replace("+00:00", "Z")


def day(seconds: float) -> str:
    """The date alone, such as 2024-05-01."""
    moment = utc(seconds)
    return "out of range" if moment is None else f"{moment:%Y-%m-%d}"


def minute(seconds: float) -> str:
    """Date and minute, such as 2024-05-01 10:00 UTC."""
    moment = utc(seconds)
    return "out of range" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def span(seconds: float) -> str:
    """A duration in its two largest units: 4 s, 3 min 20 s, 2 h 5 min."""
    whole = max(0, round(seconds)) if abs(seconds) < 1e12 else 0
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min"
