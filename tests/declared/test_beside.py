"""Which host stands right beside a pin: in settings and code as people and minifiers write them, and never another's."""

from __future__ import annotations

import pytest

from pinprobe.declared.beside import beside, host_in

PIN = "sha256/Vjs8r4z+80wjNcr1YKepWQboSIRi63WsWXhIMN+eWys="
OTHER = "sha256/YLh1dUR9y6Kja30RrAn7JKnbQG/uEtLMkBgFF2Fuihg="


def host_beside(text: str) -> str:
    """Around the pin in the text."""
    before, after = text.split(PIN)
    return beside(before.encode(), after.encode()).host


FOUND = {
    "json by key": f'{{"api.example.com": ["{PIN}"]}}',
    "json, second pin": f'{{"api.example.com": ["{OTHER}", "{PIN}"]}}',
    "json, options between": f'{{"api.example.com": {{"includeSubdomains": true, "pins": ["{PIN}"]}}}}',
    "json in a string": f'x = "{{\\"api.example.com\\":[\\"{PIN}\\"]}}"',
    "minified options": f'i({{"api.example.com":{{includeSubdomains:!0,publicKeyHashes:["{OTHER}","{PIN}"]}}}})',
    "builder": f'new P().add("cdn.example.com", "{OTHER}").add("api.example.com", "{PIN}")',
    "single quotes": f"pin('api.example.com', '{PIN}')",
    "host by name": f'{{host:"api.example.com",pins:["{PIN}"]}}',
    "host behind": f'{{pins:["{PIN}"],host:"api.example.com"}}',
    "host behind, second object": f'[{{host:"a.example.com",pins:["{OTHER}"]}},{{pins:["{PIN}"],host:"api.example.com"}}]',
    "url": f'fetch("https://api.example.com:8443/v1?a=b",{{method:"GET",sslPinning:{{certs:["{PIN}"]}}}})',
    "url and options": f'create({{baseURL:"https://api.example.com",pinning:{{hashes:["{PIN}"]}}}})',
    "several objects": f'{{"cdn.example.com":["{OTHER}"],"api.example.com":["{PIN}"]}}',
    "properties": f"other=1\napi.example.com={PIN}\n",
    "yaml": f'pins:\n  api.example.com: "{PIN}"\n',
    "one string": f'["api.example.com={PIN}"]',
    "upper case": f'{{"API.Example.COM":"{PIN}"}}',
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_the_host_of_this_pin(text: str) -> None:
    assert host_beside(text) == "api.example.com"


NOT_FOUND = {
    "nothing": PIN,
    "another object's": f'[{{host:"api.example.com",pins:["{OTHER}"]}},{{pins:["{PIN}"]}}]',
    "another call's": f'load("https://api.example.com"); pin("{PIN}")',
    "an argument of the call around": f'log("api.example.com").pin("{PIN}")',
    "a sibling that carries no pins": f'{{base:"https://api.example.com",data:{{x:["{PIN}"]}}}}',
    "a file": f'{{"app.min.js":["{PIN}"]}}',
    "a class": f'{{"com.example.app":["{PIN}"]}}',
    "a version": f'{{"1.2.3.4":["{PIN}"]}}',
    "a sentence": f'{{"see api.example.com for more":["{PIN}"]}}',
    "the string table of a dex": f"\x00\x0fapi.example.com\x00\x33{PIN}\x00",
    "a dex, between quotes that are lengths": f'\x00\x0f"api.example.com"\x00"{PIN}"\x00',
    "compiled JavaScript": f"api.example.com{PIN}cdn.example.com",
    "far away": f'{{"api.example.com":[{"1," * 600}"{PIN}"]}}',
}


@pytest.mark.parametrize("text", NOT_FOUND.values(), ids=NOT_FOUND)
def test_no_host_where_none_is_this_pins(text: str) -> None:
    assert host_beside(text) == ""


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("*.example.com", "*.example.com"),
        ("**.example.com", "**.example.com"),
        ("example.com:443", "example.com"),
        ("https://example.org/a.js", "example.org"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("localhost", ""),
        ("example..com", ""),
        ("-a.example.com", ""),
        ("okhttp3.CertificatePinner", ""),
        ("ca.pem", ""),
        ("a" * 64 + ".com", ""),
        (".".join(["abcdefgh"] * 40), ""),
    ],
)
def test_names_of_hosts(text: str, host: str) -> None:
    assert host_in(text) == host


def test_a_word_that_speaks_of_pins_is_noticed() -> None:
    assert beside(b'{"a.example.com":{"hashes":["', b'"]').named_pin
    assert not beside(b'{"a.example.com":{"secret":["', b'"]').named_pin
