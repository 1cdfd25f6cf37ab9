"""Reports of failed pins, known by their shape; anything else that a body may hold is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.mitm.pin_reports import LONGEST_BYTES, LONGEST_HOST, MOST, PinReport, pin_reports

PEM = "-----BEGIN CERTIFICATE-----\nMIIEBDCCAuygAwIBAgIDAjppMA0GCSqGSIb3DQEBBQUAMEIxCzAJBgNVBAYTAlVT\n-----END CERTIFICATE-----\n"
PINS = [
    'pin-sha256="rFjc3wG7lTZe43zeYTvPq8k4xdDEutCmIhI5dn4oCeE="',
    'pin-sha256="TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTY="',
]

HPKP: dict[str, Any] = {
    "date-time": "2014-04-06T13:00:50Z",
    "hostname": "www.example.com",
    "port": 443,
    "effective-expiration-date": "2014-05-01T12:40:50Z",
    "include-subdomains": False,
    "noted-hostname": "example.com",
    "served-certificate-chain": [PEM],
    "validated-certificate-chain": [PEM],
    "known-pins": PINS,
}
"""As in RFC 7469, section 3."""
TRUSTKIT_IOS: dict[str, Any] = {
    "app-bundle-id": "com.example.app",
    "app-version": "1.2.3",
    "app-vendor-id": "599F9C00-92DC-4B5C-9464-7971F01F8370",
    "app-platform": "IOS",
    "app-platform-version": "17.4.0",
    "trustkit-version": "3.0.3",
    "hostname": "www.example.com",
    "port": 0,
    "date-time": "2024-04-06T13:00:50Z",
    "noted-hostname": "example.com",
    "include-subdomains": True,
    "enforce-pinning": False,
    "validated-certificate-chain": [PEM],
    "known-pins": PINS,
    "validation-result": 1,
}
"""As TSKPinFailureReport writes it."""
TRUSTKIT_ANDROID: dict[str, Any] = {
    "app-bundle-id": "com.example.app",
    "app-version": "42",
    "app-vendor-id": "599f9c00-92dc-4b5c-9464-7971f01f8370",
    "app-platform": "ANDROID",
    "trustkit-version": "1.1.5",
    "hostname": "www.example.com",
    "port": 0,
    "noted-hostname": "example.com",
    "include-subdomains": False,
    "enforce-pinning": True,
    "validation-result": 2,
    "date-time": "2024-04-06T13:00:50+0000",
    "validated-certificate-chain": [PEM],
    "served-certificate-chain": [PEM],
    "known-pins": PINS,
}
"""As PinningFailureReport.toJson writes it."""
TRUSTKIT_OLD = {
    name: value
    for name, value in TRUSTKIT_IOS.items()
    if name not in {"app-platform", "app-platform-version", "trustkit-version", "enforce-pinning"}
}
"""As the first releases for iOS wrote it, without saying whether the pin is enforced."""
EXPECT_CT: dict[str, Any] = {
    "expect-ct-report": {
        "date-time": "2020-04-06T13:00:50Z",
        "hostname": "www.example.com",
        "port": 443,
        "scheme": "https",
        "effective-expiration-date": "2020-05-01T12:40:50Z",
        "served-certificate-chain": [PEM],
        "validated-certificate-chain": [PEM],
        "scts": [{"version": 1, "status": "invalid", "source": "embedded", "serialized_sct": "ABCD=="}],
    }
}
"""As in RFC 9163, section 3.1."""


def report(format: str, enforced: bool | None = None, host: str = "www.example.com") -> PinReport:
    return PinReport(format=format, host=host, enforced=enforced)


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


SHAPES: dict[str, tuple[Any, list[PinReport]]] = {
    "RFC 7469": (HPKP, [report("hpkp")]),
    "TrustKit for iOS": (TRUSTKIT_IOS, [report("trustkit", False)]),
    "TrustKit for Android": (TRUSTKIT_ANDROID, [report("trustkit", True)]),
    "TrustKit of old": (TRUSTKIT_OLD, [report("trustkit")]),
    "RFC 9163": (EXPECT_CT, [report("expect-ct")]),
    "RFC 9163 without a timestamp seen": (
        {"expect-ct-report": EXPECT_CT["expect-ct-report"] | {"scts": []}},
        [report("expect-ct")],
    ),
    "whether it is enforced, in a word": (TRUSTKIT_IOS | {"enforce-pinning": "no"}, [report("trustkit")]),
    "whether it is enforced, as a number": (TRUSTKIT_IOS | {"enforce-pinning": 1}, [report("trustkit")]),
    "members that nobody knows": (HPKP | {"colour": "red"}, [report("hpkp")]),
    "no pins at all": (HPKP | {"known-pins": []}, [report("hpkp")]),
    "two in an array": (
        [TRUSTKIT_IOS, HPKP | {"hostname": "b.example"}],
        [report("trustkit", False), report("hpkp", host="b.example")],
    ),
    "among others in an array": ([7, None, "hostname", [], {}, [HPKP], EXPECT_CT], [report("expect-ct")]),
    "the longest host": (HPKP | {"hostname": "a" * LONGEST_HOST}, [report("hpkp", host="a" * LONGEST_HOST)]),
    "an empty array": ([], []),
    "an array in an array": ([[HPKP]], []),
    "more than are read": ([HPKP] * (MOST + 5), [report("hpkp")] * MOST),
}


@pytest.mark.parametrize(("document", "found"), SHAPES.values(), ids=SHAPES.keys())
def test_reports(document: Any, found: list[PinReport]) -> None:
    assert pin_reports(json.dumps(document).encode()) == found
    assert pin_reports(json.dumps(document, indent=2, ensure_ascii=False).encode()) == found


NO_REPORTS: dict[str, Any] = {
    "a login": {"hostname": "www.example.com", "user": "me"},
    "an event of analytics": {"event": "open", "hostname": "www.example.com", "port": 443, "date-time": "now"},
    "a text that speaks of pins": {"text": '"known-pins"', "hostname": "www.example.com"},
    "pins of another kind": {"known-pins": ["1234"], "hostname": "www.example.com"},
    "pins that are no list": HPKP | {"known-pins": "all"},
    "a host that is a number": HPKP | {"hostname": 7},
    "a host that is null": HPKP | {"hostname": None},
    "a host that is a list": HPKP | {"hostname": ["www.example.com"]},
    "a host that is empty": HPKP | {"hostname": ""},
    "a host longer than names are": HPKP | {"hostname": "a" * (LONGEST_HOST + 1)},
    "Expect-CT about no string": {"expect-ct-report": EXPECT_CT["expect-ct-report"] | {"hostname": {}}},
    "Expect-CT that is no object": {"expect-ct-report": "www.example.com"},
    "Expect-CT in an array": {"expect-ct-report": [EXPECT_CT["expect-ct-report"]]},
    "Expect-CT without timestamps": {"expect-ct-report": without(EXPECT_CT["expect-ct-report"], "scts")},
    "Expect-CT without its envelope": EXPECT_CT["expect-ct-report"],
    "a report inside another object": {"report": HPKP},
    **{
        f"HPKP without {name}": without(HPKP, name)
        for name in ("hostname", "port", "date-time", "known-pins", "noted-hostname")
    },
    "a text": '"known-pins"',
    "a number": 7,
    "null": None,
}


@pytest.mark.parametrize("document", NO_REPORTS.values(), ids=NO_REPORTS.keys())
def test_other_json_is_none(document: Any) -> None:
    assert pin_reports(json.dumps(document).encode()) == []


WHOLE = json.dumps(HPKP).encode()
BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b'hostname=www.example.com&"known-pins"',
    "cut off": WHOLE[:-1],
    "something behind it": WHOLE + b"}",
    "two of them": WHOLE * 2,
    "no UTF-8": WHOLE.replace(b"example.com", b"\xff.com"),
    "deeply nested": b'{"known-pins":' + b"[" * 100_000,
    "deeply nested, and whole": b'{"known-pins":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "a number beyond all bounds": b'{"known-pins":' + b"9" * 100_000 + b"}",
    "compressed": b"\x1f\x8b" + WHOLE,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_broken_bodies_are_none(body: bytes) -> None:
    assert pin_reports(body) == []


def padded(to: int) -> bytes:
    return WHOLE + b" " * (to - len(WHOLE))


def test_longer_bodies_are_not_looked_at() -> None:
    assert pin_reports(padded(LONGEST_BYTES)) == [report("hpkp")]
    assert pin_reports(padded(LONGEST_BYTES + 1)) == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([HPKP, TRUSTKIT_IOS, EXPECT_CT["expect-ct-report"]]), st.data())
def test_whatever_stands_in_a_field_nothing_fails(document: dict[str, Any], data: st.DataObject) -> None:
    changed = document | {data.draw(st.sampled_from(sorted(document))): data.draw(ANYTHING)}
    for body in (changed, {"expect-ct-report": changed}, [changed]):
        for found in pin_reports(json.dumps(body).encode()):
            assert found.host == changed["hostname"] and found.host


@given(st.binary(), st.binary())
def test_no_bytes_fail(before: bytes, after: bytes) -> None:
    assert pin_reports(before + b'"known-pins"' + after) == []
