"""Which cases of a kind this run asks for: a stage plays them side by side, before the first is needed."""

from __future__ import annotations

from typing import TypeVar

import pytest

T = TypeVar("T")


def chosen(request: pytest.FixtureRequest, kind: type[T]) -> list[T]:
    """Parameters of this kind of all tests that were collected, each once, in their order, whatever they are called."""
    given = (
        value
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
        for value in item.callspec.params.values()
        if isinstance(value, kind)
    )
    return list({id(value): value for value in given}.values())
