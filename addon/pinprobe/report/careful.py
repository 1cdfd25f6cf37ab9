"""Parts of a JSON document that may hold anything: each is what it should be, or the reader is told. Pure."""

from typing import Any

from pinprobe.events import SCHEMA_VERSION


class NoReport(ValueError):
    """A document that is not a report; the message says what is wrong with it."""


def check_version(document: Any) -> None:
    """Raises NoReport for what is no report, or was written by a newer version."""
    version = document.get("schema_version") if isinstance(document, dict) else None
    if type(version) is not int:
        raise NoReport("not a pinprobe report: it has no schema_version")
    if version > SCHEMA_VERSION:
        raise NoReport(
            f"written by a newer pinprobe (schema {version}, this one reads up to {SCHEMA_VERSION}); update pinprobe"
        )


def text_in(value: Any) -> str:
    """A text."""
    if type(value) is not str:
        raise TypeError(f"{type(value).__name__} where text belongs")
    return value


def count_in(value: Any) -> int:
    """A number that counts something."""
    if type(value) is not int or value < 0:
        raise TypeError(f"{value!r:.40} where a count belongs")
    return value


def list_in(value: Any) -> list[Any]:
    """A list of anything."""
    if type(value) is not list:
        raise TypeError(f"{type(value).__name__} where a list belongs")
    return value
