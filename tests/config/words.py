"""Settings from words, as a user gives them."""

from __future__ import annotations

from typing import Any

from pinprobe.config import Settings, settings_of


def settings(given: frozenset[str] | None = None, **values: Any) -> Settings:
    """Settings with these options, named without their prefix, given by hand unless said otherwise."""
    named = {f"pinprobe_{name}": value for name, value in values.items()}
    return settings_of(named, frozenset(named) if given is None else given)
