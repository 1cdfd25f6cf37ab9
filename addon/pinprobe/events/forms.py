"""How the journal lines of one kind of event look as they are written, and how to make the event from them. Pure."""

import itertools
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cached_property
from typing import Any

from pinprobe.events.base import Event
from pinprobe.events.quick import quick

LARGEST = 2**53
"""Beyond it a float skips whole numbers; NaN and the infinities are not below it either."""


class Form:
    """How the lines of one kind look as `to_json` writes them: nearly all do, and need no look at each hint then."""

    def __init__(self, kind: type[Event], hints: Mapping[str, Any]) -> None:
        self.kind = kind
        self._names = tuple(field.name for field in fields(kind))
        self._types = frozenset(itertools.product(*(_quick_types(hints[name]) for name in self._names)))
        self._numbers = tuple(name for name in self._names if hints[name] is float)
        self._lists = tuple((name, hints[name].__args__[0]) for name in self._names if _is_list(hints[name]))

    @cached_property
    def make(self) -> Callable[..., Event]:
        """Takes the values. Made when first asked for: a proxy that starts reads no journal."""
        return quick(self.kind)

    def values(self, record: dict[str, Any]) -> tuple[Any, ...] | None:
        """Those of the event's fields, or None where the record wants a closer look."""
        if tuple(record) != self._names or tuple(map(type, record.values())) not in self._types:
            return None
        for name in self._numbers:
            if not -LARGEST < record[name] < LARGEST:
                return None
        for name, kind in self._lists:
            if not {*map(type, record[name])} <= {kind}:
                return None
        for name, _ in self._lists:
            record[name] = tuple(record[name])
        return tuple(record.values())


def _is_list(hint: Any) -> bool:
    return typing.get_origin(hint) is tuple


def _quick_types(hint: Any) -> list[type[Any]]:
    """Of JSON values that are the field's own as they stand; the numbers and lists among them are looked at apart."""
    if _is_list(hint):
        return [list]
    parts = hint.__args__ if isinstance(hint, types.UnionType) else (hint,)
    unchanged = {str, int, bool, types.NoneType} | ({float} if hint is float else set())
    return [part for part in parts if part in unchanged]
