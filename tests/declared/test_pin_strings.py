"""Pin-shaped strings: those that are ones by every spelling in use, and none of their many lookalikes."""

from __future__ import annotations

import json
import random
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.declared.pin_strings import Found, pins_in
from pinprobe.declared.windows import AFTER, Looks, windows

PIN = "Vjs8r4z+80wjNcr1YKepWQboSIRi63WsWXhIMN+eWys="
SHA1 = "T5x9IXmcrQ7YuQxXnxoCmeeQ84c="
HEX = "563b3caf8cfef34c2335caf560a7a95906e8488462eb75ac59784830df9e5b2b"


def found(text: str | bytes, *, binary: bool = False) -> list[Found]:
    data = text.encode() if isinstance(text, str) else text
    return [one for window in windows([data]) for one in pins_in(window, Looks(1000), text=not binary)]


def one(algorithm: str = "sha256", pin: str = PIN, host: str = "") -> list[Found]:
    return [Found(algorithm=algorithm, pin=pin, host=host)]


SPELLINGS = {
    "OkHttp": f"sha256/{PIN}",
    "without padding": f"sha256/{PIN[:-1]} and more",
    "curl": f"sha256//{PIN};",
    "HPKP": f'pin-sha256="{PIN}"; max-age=1',
    "HPKP in a string": f'"pin-sha256=\\"{PIN}\\"; "',
    "escaped slashes": json.dumps([f"sha256/{PIN}"]).replace("/", "\\/"),
    "hexadecimal": f"sha256/{HEX}\0",
    "one string behind the other": f"hello sha256/{PIN}world",
    "in a dex": f"\0\x33sha256/{PIN}\0\x33sha257\0",
    "UTF-16": f"sha256/{PIN}!".encode("utf-16-le"),
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling(text: str | bytes) -> None:
    assert found(text) == one()


def test_sha1() -> None:
    assert found(f"sha1/{SHA1}") == one("sha1", SHA1)


def test_known_examples_are_kept() -> None:
    for pin in ("A" * 43 + "=", "B" * 43 + "="):
        assert found(f"sha256/{pin}") == one(pin=pin)


LOOKALIKES = {
    "too short": f"sha256/{PIN[1:]}",
    "too long": f"sha256/A{PIN}",
    "too long, hexadecimal": f"sha256/{HEX}ab",
    "a placeholder": "sha256/xxxxx=",
    "bits left over": f"sha256/{PIN[:-2]}t and no padding",
    "subresource integrity": f'integrity="sha256-{PIN}"',
    "an image's digest": f"image@sha256:{HEX}",
    "base64 alone": f'"{PIN}"',
    "beside a host, and no word of pins": f'{{"api.example.com":{{"secret":"{PIN}"}}}}',
    "beside a host, and a word that only sounds so": f'{{"api.example.com":{{"mapping":"{PIN}"}}}}',
    "WireGuard": f'{{"Endpoint":"vpn.example.com:51820","PublicKey":"{PIN}"}}',
    "a path": "sha256/0a/1b/2c/3d",
    "UTF-16 by half": f"sha256/{PIN}".encode("utf-16-le").replace(b"\0/\0", b"\0/1"),
    "few characters": f'{{"api.example.com":{{"pin":"{"AB" * 21}A="}}}}',
}


@pytest.mark.parametrize("text", LOOKALIKES.values(), ids=LOOKALIKES)
def test_no_lookalike(text: str | bytes) -> None:
    assert found(text) == []


BARE = {
    "by word": f'{{"api.example.com":{{"publicKeyHashes":["{PIN}"]}}}}',
    "by word, single quotes": f"{{'api.example.com':{{pins:['{PIN}']}}}}",
    "host by name": f'{{hostname:"api.example.com",spki:"{PIN}"}}',
}


@pytest.mark.parametrize("text", BARE.values(), ids=BARE)
def test_base64_alone_beside_a_host_where_a_word_says_so(text: str) -> None:
    assert found(text) == one(host="api.example.com")
    assert found(text, binary=True) == []


def test_several_beside_a_host_say_so_themselves() -> None:
    other = PIN.replace("V", "W")
    text = f'{{"api.example.com": ["{PIN}", "{other}"]}}'
    assert found(text) == one(host="api.example.com") + one(pin=other, host="api.example.com")


def test_the_host_of_an_escaped_pin_behind_it() -> None:
    assert found(f'{{"pins":["sha256\\/{PIN}"],"host":"api.example.com"}}'.replace("+", "\\/")) == one(
        pin=PIN.replace("+", "/"), host="api.example.com"
    )


def test_digests_of_everything_are_recognised() -> None:
    chance = random.Random(7)
    for size, algorithm in ((32, "sha256"), (20, "sha1")):
        for _ in range(200):
            pin = b64encode(chance.randbytes(size)).decode()
            assert found(f'"{algorithm}/{pin}"') == one(algorithm, pin)
            assert found(f'"{algorithm}/{pin[:-1]}"') == one(algorithm, pin)


PIECES = [*SPELLINGS.values(), *LOOKALIKES.values(), *BARE.values(), "x" * 700, "\0", '"', "y" * AFTER]


@given(
    st.lists(st.sampled_from(PIECES), max_size=12),
    st.lists(st.integers(1, AFTER // 2), max_size=12),
)
def test_what_is_found_does_not_depend_on_how_the_stream_is_cut(pieces: list[str | bytes], sizes: list[int]) -> None:
    data = b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
    chunks, at = [], 0
    for size in sizes:
        chunks.append(data[at : at + size])
        at += size
    chunks.append(data[at:])
    in_pieces = [one for window in windows(chunks) for one in pins_in(window, Looks(1000), text=True)]
    assert sorted(in_pieces, key=repr) == sorted(found(data), key=repr)


@given(st.binary(max_size=400))
def test_any_bytes_are_looked_at_without_harm(data: bytes) -> None:
    found(b'"sha256/' + data + b'"sha1/' + data)
