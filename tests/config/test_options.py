"""The table of options."""

from __future__ import annotations

from pinprobe.config import EXTRA_FORMATS, OPTIONS
from pinprobe.report import FORMATS


def test_every_option_is_prefixed_and_explained() -> None:
    for option in OPTIONS:
        assert option.name == f"pinprobe_{option.key}"
        assert option.help.strip() == option.help and option.help.endswith(".")
        assert not option.choices or option.default in option.choices


def test_the_formats_to_ask_for_are_those_that_are_not_always_written() -> None:
    assert EXTRA_FORMATS == tuple(format.id for format in FORMATS if not format.always)
