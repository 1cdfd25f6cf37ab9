"""What libraries tell a collector when a pin does not match: TrustKit's, RFC 7469's and RFC 9163's JSON."""

from __future__ import annotations

import datetime as dt
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from standin.clients.http_get import Ask

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A certificate that was served, and the pin it does not fit."""

    host: str
    port: int
    pin: str
    chain: tuple[bytes, ...]
    """DER, the leaf first."""
    enforced: bool

    @property
    def pems(self) -> list[str]:
        return [ssl.DER_cert_to_PEM_cert(der) for der in self.chain]

    @property
    def known_pins(self) -> list[str]:
        return [f'pin-sha256="{self.pin}"']


def _time(days: int = 0) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def trustkit(failure: Failure) -> Json:
    """As TrustKit for iOS writes it; the one for Android also has the served chain (see OkHttpReport.java)."""
    return {
        "app-bundle-id": "com.shop.test",
        "app-version": "1.4.2",
        "app-platform": "IOS",
        "app-platform-version": "17.5.1",
        "app-vendor-id": "599F9C00-92DC-4B5C-9464-7971F01F8370",
        "trustkit-version": "3.0.3",
        "date-time": _time(),
        "hostname": failure.host,
        "port": failure.port,
        "noted-hostname": failure.host,
        "include-subdomains": False,
        "enforce-pinning": failure.enforced,
        "validated-certificate-chain": failure.pems,
        "known-pins": failure.known_pins,
        "validation-result": 1,
        "known-pins-expiration-date": None,
    }


def hpkp(failure: Failure) -> Json:
    return {
        "date-time": _time(),
        "hostname": failure.host,
        "port": failure.port,
        "effective-expiration-date": _time(days=30),
        "include-subdomains": False,
        "noted-hostname": failure.host,
        "served-certificate-chain": failure.pems,
        "validated-certificate-chain": failure.pems,
        "known-pins": failure.known_pins,
    }


def expect_ct(failure: Failure) -> Json:
    report = {
        "date-time": _time(),
        "hostname": failure.host,
        "port": failure.port,
        "scheme": "https",
        "effective-expiration-date": _time(days=30),
        "served-certificate-chain": failure.pems,
        "validated-certificate-chain": failure.pems,
        "scts": [],
    }
    return {"expect-ct-report": report}


FORMATS: dict[str, tuple[str, Callable[[Failure], Json]]] = {
    "trustkit": ("application/json", trustkit),
    "hpkp": ("application/json; charset=utf-8", hpkp),
    "expect-ct": ("application/expect-ct-report+json", expect_ct),
}


def report(name: str, collector: str, failure: Failure) -> Ask:
    content_type, write = FORMATS[name]
    return Ask(collector, "/", json.dumps(write(failure)).encode(), content_type)


def analytics(collector: str, host: str) -> Ask:
    """What an innocent app posts as well: JSON that names a host, and says nothing of pins."""
    event = {"event": "screen_view", "hostname": host, "screen": "start", "date-time": _time(), "app-version": "1.4.2"}
    return Ask(collector, "/", json.dumps(event).encode(), "application/json")
