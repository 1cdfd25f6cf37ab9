"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from pinprobe.cli.arguments import LONGEST_TIMEOUT_S, add_journals, seconds


def test_a_time_out_has_bounds() -> None:
    assert seconds("0.5") == 0.5
    for text in ("0", "-1", "nan", str(LONGEST_TIMEOUT_S + 1)):
        with pytest.raises(argparse.ArgumentTypeError):
            seconds(text)
    with pytest.raises(ValueError, match="soon"):
        seconds("soon")


def test_journals_are_one_or_more() -> None:
    parser = argparse.ArgumentParser()
    add_journals(parser)
    assert parser.parse_args(["a", "b"]).journals == [Path("a"), Path("b")]
    with pytest.raises(SystemExit):
        parser.parse_args([])
