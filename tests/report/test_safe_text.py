"""Other people's words stay readable, and can neither act nor deceive."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.samples import HOSTILE

from pinprobe.report.safe_text import TEXT_LIMIT, safe_text, shortened, unicode_host


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("api.example.com", "api.example.com"),
        ("Größe 東京 Ελλάδα العربية हिन्दी 💩", "Größe 東京 Ελλάδα العربية हिन्दी 💩"),
        ("moc\u202eevil", r"moc\u202eevil"),
        ("\x1b[31m", r"\u001b[31m"),
        ("a\r\nb\x00\x7f", r"a\u000d\u000ab\u0000\u007f"),
        ("pay\u200bpal", r"pay\u200bpal"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_its_escape(text: str, shown: str) -> None:
    assert safe_text(text) == shown


def test_long_text_is_cut_and_says_so() -> None:
    assert safe_text("x" * 300, 10) == "xxxxxxxxxx… (290 more characters)"
    assert safe_text("x" * 10, 10) == "x" * 10


def test_a_reason_is_cut_to_its_cell() -> None:
    assert shortened("one two three", 8) == "one two…"
    assert shortened("one two", 7) == "one two"


@given(st.text(st.characters()) | st.sampled_from(sorted(HOSTILE.values())))
def test_no_control_format_or_separator_is_left(text: str) -> None:
    shown = safe_text(text)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert safe_text(shown, 2 * 10 * TEXT_LIMIT) == shown
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("host", "readable"),
    [
        ("xn--bcher-kva.example", "bücher.example"),
        ("api.example.com", None),
        ("xn--", None),
        ("xn--\x7f.example", None),
        ("xn--" + "a" * 300, None),
        ("xn--99999999.example", None),
    ],
)
def test_the_unicode_form_of_a_name(host: str, readable: str | None) -> None:
    assert unicode_host(host) == readable
