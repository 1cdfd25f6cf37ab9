"""One reading answers all that ask meanwhile, and nobody waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tests.attribution.seen import PHONE, PROXY

from pinprobe.attribution import Answer, Match, Poller, Question, ReadError
from pinprobe.attribution import polling as polling_room

PACKAGES = "package:com.example.one uid:10101\n"
OTHER_END = "020200C0:1F90 01 00000000:00000000 00:00000000 00000000"


def row(port: int, uid: int = 10101) -> str:
    return f"   0: 070200C0:{port:04X} {OTHER_END} {uid}        0 91 1 0\n"


class Table:
    """A device whose table the test writes; a reading takes as long as the test wants."""

    def __init__(self, *ports: int) -> None:
        self.text = "".join(map(row, ports))
        self.listed = PACKAGES
        self.error: Exception | None = None
        self.readings = self.listings = 0
        self.go_on = threading.Event()
        self.go_on.set()
        self.reading = threading.Event()

    def sockets(self) -> str:
        self.readings += 1
        self.reading.set()
        self.go_on.wait(5)
        if self.error is not None:
            raise self.error
        return self.text

    def packages(self) -> str:
        self.listings += 1
        return self.listed


def question(number: int, port: int | None = None) -> Question:
    return Question(connection_id=number, client=(PHONE[0], port or number), reached=PROXY)


@contextmanager
def polling(table: Table) -> Iterator[tuple[Poller, Callable[[int], dict[int, Answer]]]]:
    answers: dict[int, Answer] = {}

    def take(answer: Answer) -> None:
        assert answer.connection_id not in answers, "answered twice"
        answers[answer.connection_id] = answer

    poller = Poller(table, take)

    def after(count: int) -> dict[int, Answer]:
        end_s = time.monotonic() + 5
        while len(answers) < count and time.monotonic() < end_s:
            time.sleep(0.005)
        return answers

    try:
        yield poller, after
    finally:
        table.go_on.set()
        poller.stop()


def test_a_connection_gets_its_app() -> None:
    with polling(Table(1)) as (poller, after):
        assert poller.ask(question(1))
        assert after(1)[1] == Answer(connection_id=1, match=Match.NAMED, app_id="com.example.one")


def test_asking_never_waits_and_one_reading_serves_many() -> None:
    table = Table(*range(1, 41))
    table.go_on.clear()
    with polling(table) as (poller, after):
        poller.ask(question(1))
        assert table.reading.wait(5)
        began = time.monotonic()
        for number in range(2, 41):
            assert poller.ask(question(number))
        assert time.monotonic() - began < 0.5
        table.go_on.set()
        assert {answer.app_id for answer in after(40).values()} == {"com.example.one"}
        assert table.readings == 1, "what the reading shows is answered by it, whenever it was asked"


def test_what_a_reading_may_have_missed_is_read_again() -> None:
    table = Table(1)
    table.go_on.clear()
    with polling(table) as (poller, after):
        poller.ask(question(1))
        assert table.reading.wait(5)
        poller.ask(question(2))
        table.go_on.set()
        after(1)
        table.text += row(2)
        # Asked while the first reading ran, which may have passed the place of its row already.
        assert after(2)[2].match in {Match.NAMED, Match.ABSENT}
        assert table.readings == 2


def test_readings_keep_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling_room, "GAP_S", 0.2)
    table = Table(1, 2)
    with polling(table) as (poller, after):
        began = time.monotonic()
        poller.ask(question(1))
        after(1)
        poller.ask(question(2))
        after(2)
        assert time.monotonic() - began >= 0.2


def test_an_error_is_an_answer_and_the_next_reading_is_tried() -> None:
    table = Table(1)
    table.error = ReadError("the device does not answer")
    with polling(table) as (poller, after):
        poller.ask(question(1))
        assert after(1)[1] == Answer(connection_id=1, match=None, error="the device does not answer")
        table.error = RuntimeError("x" * 1000)
        poller.ask(question(2, 1))
        assert after(2)[2].error.startswith("RuntimeError at attribution/polling.py:")
        assert "xxx" not in after(2)[2].error, "what a device says may stand in it"
        table.error = None
        poller.ask(question(3, 1))
        assert after(3)[3].match is Match.NAMED


def test_packages_are_listed_anew_only_for_an_unknown_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling_room, "PACKAGES_EVERY_S", 0.0)
    table = Table(1)
    with polling(table) as (poller, after):
        poller.ask(question(1))
        after(1)
        assert table.listings == 1
        table.text, table.listed = row(2, 10102), PACKAGES + "package:com.example.two uid:10102\n"
        poller.ask(question(2))
        assert after(2)[2].app_id == "com.example.two"
        assert table.listings == 2


def test_a_device_that_has_closed_its_only_connection_is_the_same_device() -> None:
    table = Table(1)
    with polling(table) as (poller, after):
        poller.ask(question(1))
        after(1)
        table.text = ""
        poller.ask(question(2))
        assert after(2)[2].match is Match.ABSENT


def test_an_address_that_is_not_the_devices_is_away() -> None:
    with polling(Table(1)) as (poller, after):
        poller.ask(Question(connection_id=1, client=("192.0.2.8", 1), reached=PROXY))
        assert after(1)[1].match is Match.AWAY


def test_stopping_answers_what_waits_and_takes_no_more() -> None:
    table = Table(1)
    with polling(table) as (poller, after):
        poller.ask(question(1))
        poller.stop()
        assert after(1)[1].match is Match.NAMED
        assert not poller.ask(question(2))


def test_too_many_are_turned_away() -> None:
    table = Table()
    table.go_on.clear()
    with polling(table) as (poller, _):
        poller.ask(question(0, 1))
        assert table.reading.wait(5)
        taken = sum(poller.ask(question(number, 1)) for number in range(1, polling_room.WAITING + 10))
        assert taken == polling_room.WAITING
