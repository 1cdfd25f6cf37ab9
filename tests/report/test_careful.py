"""Parts of a document that may hold anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pinprobe.events import SCHEMA_VERSION
from pinprobe.report.careful import NoReport, check_version, count_in, list_in, text_in


@pytest.mark.parametrize(
    ("read", "right", "wrong"),
    [
        (text_in, ["", "a"], [None, 1, ["a"], b"a"]),
        (count_in, [0, 5], [-1, 1.0, True, "1", None]),
        (list_in, [[], [1]], [(), {}, "a", None]),
    ],
)
def test_each_is_what_it_should_be_or_a_type_error(
    read: Callable[[Any], Any], right: list[Any], wrong: list[Any]
) -> None:
    assert [read(value) for value in right] == right
    for value in wrong:
        with pytest.raises(TypeError):
            read(value)


@pytest.mark.parametrize("document", [None, [], "a", {}, {"schema_version": "2"}, {"schema_version": True}])
def test_what_has_no_version_is_no_report(document: Any) -> None:
    with pytest.raises(NoReport, match="no schema_version"):
        check_version(document)


def test_a_newer_version_is_refused_and_others_are_not() -> None:
    with pytest.raises(NoReport, match="update pinprobe"):
        check_version({"schema_version": SCHEMA_VERSION + 1})
    check_version({"schema_version": SCHEMA_VERSION})
