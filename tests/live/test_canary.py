"""The search for secrets finds them in every form, so that the tests that find none mean something."""

from __future__ import annotations

import pytest
from tests.live.canary import MARK, WRITTEN, finds, number, secret, token

pytestmark = pytest.mark.live


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("text", [secret("body"), token("method")])
def test_every_form_is_found(form: str, text: str) -> None:
    found = finds({"a file": b'{"before": "' + WRITTEN[form](text) + b'", "after": 1}'})
    assert found and all(one.startswith("a file: ") for one in found)


@pytest.mark.parametrize("form", ["{}", "{:x}", "0x{:X}"])
def test_a_serial_number_is_found(form: str) -> None:
    assert finds({"a file": b'{"serial": "' + form.format(number()).encode() + b'"}'})


def test_where_there_is_none_nothing_is_found() -> None:
    assert finds({"a file": b"hush " * 1000 + MARK[:-1].encode() + b"\x1f\x8b\x08 no gzip, \x78\x9c no zlib"}) == []
