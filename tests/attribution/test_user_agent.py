"""Apps that user agents name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.attribution import named_by
from pinprobe.attribution.user_agent import LONGEST_ID

NAMED = {
    "com.example.app/1.2 (Android 14)": "com.example.app",
    "com.example.app": "com.example.app",
    "ExampleApp/3.1 CFNetwork": "com.example.app",
}
NOT_NAMED = (
    "",
    "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UQ1A)",
    "okhttp/4.12.0",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36",
    "www.example/1.0",
    "com.example.app beta/1.2",
    "see com.example.app/1.2",
    "com..example.app/1",
    f"com.example.{'a' * LONGEST_ID}/1",
)


@pytest.mark.parametrize(("text", "app_id"), NAMED.items())
def test_a_package_id_or_a_pattern_names_an_app(text: str, app_id: str) -> None:
    assert named_by(text, (("ExampleApp/*", "com.example.app"),)) == app_id


@pytest.mark.parametrize("text", NOT_NAMED)
def test_other_user_agents_name_nobody(text: str) -> None:
    assert named_by(text, ()) is None


@given(st.text())
def test_whatever_is_named_is_a_package_id(text: str) -> None:
    app_id = named_by(text, ())
    assert app_id is None or (text.startswith(app_id) and app_id.isascii() and app_id.count(".") >= 2)
