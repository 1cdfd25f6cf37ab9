"""CertificatePinner in Kotlin, by a strict reader; tests/live/test_advised_pins.py gives the pins to the real one."""

from __future__ import annotations

import pytest
from tests.advice.hostile import WORDS, poisoned
from tests.advice.kotlin import pins_in
from tests.advice.made import OWN, advised, real, real_advice, served

from pinprobe.advice.okhttp import render


def test_real_chains_are_pinned_as_openssl_says() -> None:
    found = real()
    assert pins_in(render(real_advice().sets)) == {
        "**.example.com": [f"sha256/{found.issuer_pins[0]}", f"sha256/{found.root_pins[0]}"],
        "shop.example.org": [f"sha256/{found.issuer_pins[1]}", f"sha256/{found.root_pins[1]}"],
    }


def test_a_key_of_ones_own_takes_the_roots_place() -> None:
    (pins,) = pins_in(render(advised(served("a.example.com"), own=[OWN]).sets)).values()
    assert len(pins) == 2 and pins[-1] == f"sha256/{OWN}"


def test_it_says_that_nothing_ends_and_what_two_asterisks_need() -> None:
    text = render(real_advice().sets)
    assert text.count("// Nothing ends these pins by itself") == 2
    assert "needs OkHttp 4.3 or later" in text
    assert "OkHttp 4.3" not in render(advised(served("a.example.com")).sets)


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS.keys())
def test_hostile_names_of_certificates_stay_in_their_comments(text: str) -> None:
    assert list(pins_in(render(poisoned(text)))) == ["**.example.com"]


@pytest.mark.parametrize(
    "wrong",
    ["", "evil()", 'import okhttp3.CertificatePinner\nval x = "${evil()}"', "/* x */", "import okhttp3.OkHttpClient"],
)
def test_the_reader_is_strict(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        pins_in(wrong)
    good = render(real_advice().sets)
    with pytest.raises(ValueError, match=r"."):
        pins_in(good + (wrong or "x"))
