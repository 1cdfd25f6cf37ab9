"""Errors of ours in words: kind and place, and nothing of what passed."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe import mishap
from pinprobe.events import from_json
from pinprobe.report.folders import folder_name


def caught(call: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as raised:  # whatever it is
        call()
    return raised.value


def test_kind_and_the_innermost_place_of_ours() -> None:
    error = caught(lambda: folder_name(None))  # type: ignore[arg-type]
    assert re.fullmatch(r"TypeError at report/folders\.py:\d+", mishap.words_of(error))


def test_an_error_of_a_library_has_the_place_that_called_it() -> None:
    error = caught(lambda: from_json(b"\xff"))
    assert re.fullmatch(r"EventError at events/codec\.py:\d+", mishap.words_of(error))
    assert all(re.fullmatch(r"events/codec\.py:\d+", place) for place in mishap.places_of(error))


def test_one_from_elsewhere_has_no_place() -> None:
    assert mishap.words_of(caught(lambda: json.loads("{"))) == "JSONDecodeError"
    assert mishap.words_of(KeyError("never raised")) == "KeyError"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(2, "a secret", "/a/secret"), "FileNotFoundError (No such file or directory)"),
        (OSError(28, "a secret"), "OSError (No space left on device)"),
        (OSError("a secret"), "OSError"),
        (ssl.SSLError(1, "a secret"), "SSLError"),
        (UnicodeDecodeError("utf-8", b"a secret", 0, 1, "a secret"), "UnicodeDecodeError"),
    ],
    ids=str,
)
def test_the_systems_own_words_alone(error: Exception, words: str) -> None:
    assert mishap.words_of(error) == words


@given(st.text(min_size=6), st.sampled_from([KeyError, ValueError, OSError, RecursionError]))
def test_no_text_of_an_error_is_told(text: str, kind: type[Exception]) -> None:
    told = mishap.words_of(kind(text))
    assert told == kind.__name__


def test_deep_stacks_are_cut() -> None:
    code = compile(
        "def exec_in_ours(n):\n    return 1 // 0 if not n else exec_in_ours(n - 1)\n", str(mishap.HERE / "x.py"), "exec"
    )
    room: dict[str, Callable[[int], None]] = {}
    exec(code, room)  # noqa: S102  # a file of ours that does not exist
    exec_in_ours = room["exec_in_ours"]
    places = mishap.places_of(caught(lambda: exec_in_ours(50)))
    assert places == ["x.py:2"] * mishap.PLACES
