"""A QR code in a terminal."""

from __future__ import annotations

import sys

import pytest

from pinprobe.device.qr import qr_code


def test_it_is_a_square_of_half_blocks() -> None:
    code = qr_code("[Interface]\nPrivateKey = " + "A" * 44)
    assert code is not None
    lines = code.rstrip("\n").splitlines()
    assert len({len(line) for line in lines}) == 1
    assert abs(len(lines) * 2 - len(lines[0])) <= 1
    assert set(code) <= set("█▀▄ \n")


def test_two_texts_are_two_codes() -> None:
    assert qr_code("one") != qr_code("two")


def test_without_the_library_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    assert qr_code("one") is None


def test_too_much_is_said() -> None:
    with pytest.raises(ValueError):
        qr_code("a" * 5000)
