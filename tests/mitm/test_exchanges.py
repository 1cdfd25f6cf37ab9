"""Requests that are the same as earlier ones: told of clients that refuse, compared in memory, and never kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from pinprobe.mitm import exchanges as exchanges_module
from pinprobe.mitm.exchanges import BODY_COMPARED, Exchanges


@dataclass
class Asked:
    """Exchanges of a client that refuses, unless told otherwise."""

    made: Exchanges = field(default_factory=Exchanges)

    def earlier(
        self,
        connection_id: int,
        method: str = "POST",
        path: str = "/login",
        body: bytes = b"secret",
        *,
        client: int = 1,
    ) -> int | None:
        return self.made.earlier(client, connection_id, method, path, body)


@pytest.fixture
def asked() -> Asked:
    asked = Asked()
    asked.made.refused(1)
    return asked


def test_the_first_time_is_no_repetition(asked: Asked) -> None:
    assert asked.earlier(1) is None


def test_all_repetitions_name_the_first_connection(asked: Asked) -> None:
    assert [asked.earlier(number) for number in (1, 2, 5)] == [None, 1, 1]


def test_the_same_connection_does_not_repeat_itself(asked: Asked) -> None:
    assert [asked.earlier(number) for number in (1, 1, 2)] == [None, None, 1]


DIFFERENT: dict[str, dict[str, object]] = {
    "method": {"method": "PUT"},
    "path": {"path": "/logout"},
    "query": {"path": "/login?again=1"},
    "body": {"body": b"Secret"},
    "length of the body": {"body": b"secret "},
    "no body": {"body": b""},
}


@pytest.mark.parametrize("change", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_what_differs_is_another_exchange(asked: Asked, change: dict[str, object]) -> None:
    asked.earlier(1)
    assert asked.earlier(2, **change) is None  # type: ignore[arg-type]


def test_parts_do_not_run_into_one_another(asked: Asked) -> None:
    asked.earlier(1, "POST", "/a", b"b")
    assert asked.earlier(2, "POST", "/ab", b"") is None
    assert asked.earlier(3, "POST/", "a", b"b") is None


def test_long_bodies_are_compared_by_their_beginning_and_length(asked: Asked) -> None:
    long = bytes(BODY_COMPARED)
    asked.earlier(1, body=long + b"a")
    assert asked.earlier(2, body=long + b"b") == 1, "what differs beyond the bound is not seen"
    assert asked.earlier(3, body=long + b"bb") is None
    assert asked.earlier(4, body=b"x" + long) is None


def test_a_path_of_any_bytes(asked: Asked) -> None:
    asked.earlier(1, path="/\udcff\n")
    assert asked.earlier(2, path="/\udcff\n") == 1


class TestClients:
    def test_of_a_client_that_refuses_nothing_no_word(self) -> None:
        asked = Asked()
        assert [asked.earlier(number) for number in (1, 2, 3)] == [None, None, None]

    def test_what_was_sent_before_the_first_refusal_is_known(self) -> None:
        asked = Asked()
        asked.earlier(1)
        asked.made.refused(1)
        assert asked.earlier(2) == 1

    def test_another_client_s_request_is_another(self, asked: Asked) -> None:
        asked.made.refused(2)
        asked.earlier(1, client=1)
        assert asked.earlier(2, client=2) is None

    def test_they_are_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exchanges_module, "KEPT", 2)
        asked = Asked()
        for client in (1, 2, 3):
            asked.made.refused(client)
            asked.earlier(10, client=client)
        assert asked.earlier(11, client=3) is None


def test_the_oldest_goes_first(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges_module, "KEPT", 2)
    asked.earlier(1, path="/a")
    asked.earlier(2, path="/b")
    asked.earlier(3, path="/a")
    asked.earlier(4, path="/c")
    assert asked.earlier(5, path="/b") is None, "the least lately used one is gone"
    assert asked.earlier(6, path="/c") == 4


def test_nothing_of_a_request_is_kept(asked: Asked) -> None:
    """Digests alone, under a key of the session's own."""
    asked.earlier(1, "POST", "/secret-path", b"secret-body")
    other = Exchanges()
    other.earlier(1, 1, "POST", "/secret-path", b"secret-body")
    kept = list(asked.made._seen)
    assert [len(digest) for digest in kept] == [16]
    assert kept != list(other._seen), "two sessions cannot be compared"
