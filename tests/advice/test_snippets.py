"""The table of forms."""

from __future__ import annotations

import pytest
from tests.advice.made import real, real_advice

from pinprobe.advice import SNIPPETS, Snippet


def test_every_form_is_another() -> None:
    assert [one.id for one in SNIPPETS] == ["nsc", "okhttp", "ios", "trustkit", "trustkit-ios"]
    assert len({one.title for one in SNIPPETS}) == len(SNIPPETS)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda one: one.id)
def test_all_forms_carry_the_same_pins(snippet: Snippet) -> None:
    text, found = snippet.render(real_advice().sets), real()
    assert all(pin in text for pin in (*found.issuer_pins, *found.root_pins))
    assert text.endswith("\n") and text.isascii()
    assert max(map(len, text.splitlines())) <= 150
