"""A line that repeats another in all but time and number is the event that it would be if it were read by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import accepted, answered, attributed, journal, refused_alert, relayed_ok
from tests.events.test_codec import ANY_EVENT

from pinprobe import events as ev
from pinprobe.events import again, codec
from pinprobe.events.again import Again

READ_BY_ITSELF = str
"""Text is never looked up."""


def read(line: str | bytes) -> ev.Event | str:
    """The event, or why there is none."""
    try:
        return ev.from_json(line)
    except ev.EventError as error:
        return str(error)


TAMPERED: dict[str, Callable[[str], str]] = {
    "as it was": lambda line: line,
    "the time once more": lambda line: line[:-1] + ',"at_s":7.5}',
    "the number once more": lambda line: line[:-1] + ',"connection_id":7}',
    "another type at its end": lambda line: line[:-1] + ',"type":"CertificateSent"}',
    "a field too many": lambda line: line[:-1] + ',"path":"/"}',
    "a comma too many": lambda line: line[:-1] + ",}",
    "no end": lambda line: line[:-1],
    "an end too many": lambda line: line + "}",
    "something behind it": lambda line: line + " \n\n",
    "something else behind it": lambda line: line + "\nnull",
    "room between": lambda line: line.replace(":", ": ").replace(",", " ,"),
    "a whole time": lambda line: line.replace(".5,", ",", 1),
    "a time with a zero before it": lambda line: line.replace('"at_s":', '"at_s":0', 1),
    "a time without a fraction": lambda line: line.replace(".5,", ".,", 1),
    "a time in powers": lambda line: line.replace(".5,", ".5e1,", 1),
    "a time below zero": lambda line: line.replace('"at_s":', '"at_s":-', 1),
    "a time beyond bounds": lambda line: line.replace('"at_s":', '"at_s":' + "9" * 16, 1),
    "a time with a gap": lambda line: line.replace('"at_s":', '"at_s":1_', 1),
    "a number with a zero before it": lambda line: line.replace('"connection_id":', '"connection_id":0', 1),
    "a number below zero": lambda line: line.replace('"connection_id":', '"connection_id":-', 1),
    "a broken number": lambda line: line.replace('"connection_id":7', '"connection_id":7.0', 1),
    "a number in words": lambda line: line.replace('"connection_id":7', '"connection_id":"7"', 1),
    "a huge number": lambda line: line.replace('"connection_id":7', '"connection_id":' + "7" * 40, 1),
    "no number": lambda line: line.replace('"connection_id":7,', "", 1),
    "a kind that is none": lambda line: line.replace("Seen", "Unseen", 1),
    "a kind without connections": lambda line: '{"type":"SessionEnded","at_s":1.5,"connection_id":7}',
}


def assert_read_the_same(tamper: Callable[[str], str], event: ev.Event) -> None:
    """The same event, or the same refusal, whether a line was read before or not."""
    if not isinstance(event, ev.ConnectionEvent):
        return
    first, second = (ev.to_json(replace(event, at_s=at_s, connection_id=n)) for at_s, n in ((1.5, 7), (20.5, 70)))
    for line in (tamper(first), second, tamper(second), first):
        assert read(line.encode("ascii") + b"\n") == read(READ_BY_ITSELF(line + "\n"))


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_line_that_was_tampered_with(tamper: Callable[[str], str]) -> None:
    for event in journal(accepted(), refused_alert(), attributed("com.two", relayed_ok())):
        assert_read_the_same(tamper, event)


@given(st.sampled_from(sorted(TAMPERED)), ANY_EVENT)
def test_any_line(how: str, event: ev.Event) -> None:
    assert_read_the_same(TAMPERED[how], event)


@given(ANY_EVENT, st.binary(max_size=3), st.integers(0, 400))
def test_stray_bytes_make_no_difference_either(event: ev.Event, stray: bytes, at: int) -> None:
    line = ev.to_json(event).encode("ascii")
    line = line[:at] + stray + line[at + len(stray) :]
    assert read(line) == read(line), "nothing is remembered that reads otherwise the second time"
    if line.isascii():
        assert read(line) == read(line.decode("ascii"))


def reader() -> Again:
    return Again(codec._FORMS, codec._parsed)


def line_of(event: ev.Event) -> bytes:
    return ev.to_json(event).encode("ascii") + b"\n"


def test_most_facts_of_a_connection_are_read_so() -> None:
    told = journal(accepted(server=False), refused_alert(server=False), relayed_ok(server=False), [answered(200)])
    for event in told:
        alike = isinstance(event, ev.ConnectionEvent) and type(event) not in again.UNLIKE
        assert reader().read(line_of(event)) == (event if alike else None)


def test_what_is_said_again_is_one_and_the_same_object() -> None:
    reading = reader()
    hello = next(event for event in accepted() if isinstance(event, ev.ClientHelloSeen))
    first, second = (replace(hello, at_s=at_s, connection_id=9) for at_s in (1.5, 2.5))
    one, other = reading.read(line_of(first)), reading.read(line_of(second))
    assert (one, other) == (first, second)
    assert isinstance(one, ev.ClientHelloSeen)
    assert isinstance(other, ev.ClientHelloSeen)
    assert one.ja4 is other.ja4 and one.alpn_offers is other.alpn_offers


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "KEPT", 5)
    reading = reader()
    for status in range(100, 200):
        assert reading.read(line_of(answered(status))) == answered(status)
        assert len(reading._said) <= 5
    long = ev.PinReportSeen(at_s=1.5, connection_id=7, format="hpkp", host="a" * again.LONGEST_BYTES, enforced=None)
    assert reading.read(line_of(long)) is None
    assert ev.from_json(line_of(long)) == long
