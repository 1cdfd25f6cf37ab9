"""What is a pin."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.advice.made import OWN

from pinprobe.advice import Pin, Role, is_pin, pin_in


@given(st.binary(min_size=32, max_size=32))
def test_the_base64_of_any_digest_is_one(digest: bytes) -> None:
    pin = base64.b64encode(digest).decode()
    assert is_pin(pin) and pin_in(f" sha256/{pin}\n") == pin_in(pin) == pin


@given(st.text(max_size=60))
def test_what_is_none_cannot_be_built(text: str) -> None:
    if not is_pin(text):
        with pytest.raises(ValueError, match="is no pin"):
            Pin(pin_sha256=text, role=Role.OWN)
    else:
        assert len(base64.b64decode(text, validate=True)) == 32


@pytest.mark.parametrize(
    "text", ["", OWN[:-1], OWN + "=", OWN.replace("U=", "V="), "sha1/" + OWN, OWN.replace("+", "-"), "\n" + OWN[1:]]
)
def test_what_is_none(text: str) -> None:
    assert not is_pin(text)
    with pytest.raises(ValueError, match="44 characters"):
        pin_in(text)
