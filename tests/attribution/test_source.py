"""The table of sources."""

from __future__ import annotations

from pathlib import Path

from pinprobe.attribution import SOURCES
from pinprobe.report.attribution import NONE, WORDS
from pinprobe.signals.peers import OBSERVED

FOLDER = Path(__file__).parents[2] / "addon" / "pinprobe" / "attribution"


def test_each_source_is_a_file_of_its_name() -> None:
    assert [source.id for source in SOURCES] == [
        "tunnel",
        "listener",
        "socket_table",
        "client",
        "user_agent",
        "option",
    ]
    assert all((FOLDER / f"{source.id}.py").is_file() for source in SOURCES)


def test_reports_have_words_for_each_in_the_same_order() -> None:
    assert list(WORDS.items()) == [
        *((source.id, source.title.partition(" (")[0]) for source in SOURCES),
        (NONE, "nobody"),
    ]


def test_what_judging_calls_observed_is_in_the_table() -> None:
    assert {source.id for source in SOURCES[:3]} == OBSERVED
