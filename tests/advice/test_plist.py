"""A property list that Apple's format is."""

from __future__ import annotations

import plistlib

from pinprobe.advice.plist import array, dictionary, document, flag, member, text


def test_what_is_written_is_what_is_read() -> None:
    inner = dictionary(
        member("yes", flag(True)), member("no", flag(False)), member("list", array([*text("a")], [*text("b")]))
    )
    written = document(["<!-- a comment -->"], list(dictionary(["<!-- another -->", *member("key", inner)])))
    assert plistlib.loads(written.encode()) == {"key": {"yes": True, "no": False, "list": ["a", "b"]}}
