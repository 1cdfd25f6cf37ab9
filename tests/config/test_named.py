"""KEY=APP entries: what is taken is plain, and nothing else is taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.config import ConfigError
from pinprobe.config.named import ENTRIES, KINDS, named_apps, word


@given(st.sampled_from(sorted(KINDS)), st.lists(st.text(max_size=40), max_size=4))
def test_any_words_are_read_or_refused(option: str, entries: list[str]) -> None:
    try:
        found = named_apps(option, entries)
    except ConfigError as error:
        assert str(error).startswith(option)
    else:
        assert all(key and app == word(app, 200) for key, app in found.items())
        assert named_apps(option, [f"{key}={app}" for key, app in found.items() if "=" not in app]) == {
            key: app for key, app in found.items() if "=" not in app
        }


def test_the_last_equals_sign_divides() -> None:
    assert named_apps("pinprobe_user_agents", ["App=1/*=com.example.one"]) == {"App=1/*": "com.example.one"}


def test_the_same_twice_is_once() -> None:
    assert named_apps("pinprobe_listeners", ["81=a", "081=a"]) == {"81": "a"}


def test_there_is_an_end() -> None:
    with pytest.raises(ConfigError, match="no more than"):
        named_apps("pinprobe_listeners", [f"{port}=a" for port in range(1, ENTRIES + 2)])
