"""Hosts that code gives a pin to, from real dex files: as compilers write such calls, and none where others are meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.android.builder import dex, here

from pinprobe.declared import dex_hosts
from pinprobe.declared.windows import Looks

ADD = (
    "Lokhttp3/CertificatePinner$Builder;->add(Ljava/lang/String;[Ljava/lang/String;)Lokhttp3/CertificatePinner$Builder;"
)
ONE = "Lapp/Pins;->pin(Ljava/lang/String;Ljava/lang/String;)V"


def pin(number: int) -> str:
    return f"sha256/{chr(ord('a') + number) * 42}A="


def load(register: int, text: str) -> str:
    return f'const-string v{register}, "{text}"\n'


def array(register: int, *pins: int) -> str:
    """As javac and kotlinc fill the array of a call with a variable number of arguments."""
    made = f"const/4 v8, {hex(len(pins))}\nnew-array v{register}, v8, [Ljava/lang/String;\n"
    return made + "".join(
        f"const/4 v8, {hex(place)}\n{load(9, pin(number))}aput-object v9, v{register}, v8\n"
        for place, number in enumerate(pins)
    )


def add(host: int, pins: int) -> str:
    return f"invoke-virtual {{v0, v{host}, v{pins}}}, {ADD}\nmove-result-object v0\n"


METHODS = (
    # one call after the other, as a builder has them; two pins for one host
    load(1, "api.example.com") + array(2, 0) + add(1, 2) + load(1, "*.example.net") + array(3, 1, 2) + add(1, 3),
    # a plain call, another register in between
    load(1, "https://www.example.org/v1") + load(4, "anything") + load(2, pin(3)) + f"invoke-static {{v1, v2}}, {ONE}\n",
    # by filled-new-array and moves
    load(1, "fill.example.com")
    + load(2, pin(4))
    + "filled-new-array {v2}, [Ljava/lang/String;\nmove-result-object v3\nmove-object v5, v3\nmove-object/from16 v6, v1\n"
    + add(6, 5),
    # a range of registers, a long string number
    'const-string/jumbo v10, "range.example.com"\n'
    + f'const-string/jumbo v11, "{pin(5)}"\n'
    + f"invoke-static/range {{v10 .. v11}}, {ONE}\n",
    # the same pin for a second host
    load(1, "second.example.com") + array(2, 0) + add(1, 2),
    # not these: another call between, a host that is not handed over, a host overwritten, a pin overwritten, a class
    load(1, "a.example.com") + f"invoke-static {{v1, v1}}, {ONE}\n" + load(2, pin(6)) + f"invoke-static {{v1, v2}}, {ONE}\n",
    load(1, "a.example.com") + load(2, pin(7)) + f"invoke-static {{v3, v2}}, {ONE}\n",
    load(1, "a.example.com") + load(1, "other") + load(2, pin(8)) + f"invoke-static {{v1, v2}}, {ONE}\n",
    load(1, "a.example.com") + load(2, pin(9)) + load(2, "other") + f"invoke-static {{v1, v2}}, {ONE}\n",
    load(1, "com.example.app") + load(2, pin(10)) + f"invoke-static {{v1, v2}}, {ONE}\n",
    load(2, pin(11)) + load(1, "a.example.com") + f"invoke-static {{v1, v2}}, {ONE}\n",
)  # fmt: skip
EXPECTED = {
    pin(0): {"api.example.com", "second.example.com"},
    pin(1): {"*.example.net"},
    pin(2): {"*.example.net"},
    pin(3): {"www.example.org"},
    pin(4): {"fill.example.com"},
    pin(5): {"range.example.com"},
}
PINS = [pin(number) for number in range(12)]


def hosts_of_pins(data: bytes, pins: list[str], most: int = 1000) -> dict[str, set[str]]:
    return dex_hosts.hosts_of_pins(data, pins, Looks(most))


def made() -> bytes:
    return dex((), (), METHODS)


def test_hosts_that_are_handed_over_together_with_a_pin() -> None:
    assert hosts_of_pins(made(), PINS) == EXPECTED


def test_only_what_is_asked_for() -> None:
    assert hosts_of_pins(made(), [PINS[3]]) == {PINS[3]: EXPECTED[PINS[3]]}
    assert hosts_of_pins(made(), []) == hosts_of_pins(made(), ["sha256/none"]) == {}


def test_no_more_is_followed_than_is_allowed() -> None:
    assert len(hosts_of_pins(made(), PINS, most=3)) <= 3 < len(EXPECTED)


@pytest.mark.parametrize("data", [b"", b"dex\n", b"PK\3\4" + bytes(200), b"dex\n" + b"\xff" * 200])
def test_what_is_no_dex_file_has_none(data: bytes) -> None:
    assert hosts_of_pins(data, PINS) == {}


@pytest.mark.skipif(not here(), reason="smali is not here")
@given(at=st.floats(0, 1), junk=st.binary(min_size=1, max_size=8), end=st.floats(0, 1))
def test_mangled_files_do_no_harm(at: float, junk: bytes, end: float) -> None:
    whole = made()
    place = int(at * len(whole))
    mangled = whole[:place] + junk + whole[place + len(junk) :]
    for data in (mangled, whole[: int(end * len(whole))]):
        assert set(hosts_of_pins(data, PINS)) <= set(PINS)
