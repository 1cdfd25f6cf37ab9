"""Decrypted bodies that may bring pins or report failed ones."""

from __future__ import annotations

import json
from random import Random

from pinprobe.mitm.names import host_name
from pinprobe.mitm.pin_material import DOCUMENT, STRINGS, pin_material
from pinprobe.mitm.pin_reports import pin_reports
from stressing.fuzz.json_values import json_mutated
from stressing.fuzz.mutation import mutated
from stressing.fuzz.target import Broken, Check, Target

PIN = "sha256/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MDEyMzQ1Njc="


def _prepare() -> Check:
    def check(data: bytes) -> None:
        found = pin_material(data)
        if found is not None and (found.kind not in {DOCUMENT, STRINGS} or found.count < 1):
            raise Broken(f"no material: {found}")
        for report in pin_reports(data):
            host_name(report.host)

    return check


def _seeds() -> tuple[bytes, ...]:
    documents = (
        {"pins": {"api.example.com": [PIN, PIN[7:]]}, "inner": json.dumps({"pinset": [PIN]})},
        {"hostname": "a.example", "port": 443, "date-time": "", "known-pins": [PIN], "noted-hostname": "a.example",
         "app-bundle-id": "x", "enforce-pinning": True},
        {"expect-ct-report": {"hostname": "a.example", "date-time": "", "scts": []}},
        {"keys": [{"kty": "RSA"}], "publicKeyHash": PIN[7:]},
    )  # fmt: skip
    texts = [json.dumps(one).encode() for one in documents]
    return (*texts, f"pin-sha256=\"{PIN[7:]}\"; <pin digest='SHA-256'>{PIN[7:]}</pin>".encode())


def _mutated(data: bytes, chance: Random) -> bytes:
    return mutated(data, chance) if chance.randrange(3) == 0 else json_mutated(data, chance)


TARGET = Target(
    name="pins",
    about="bodies that bring pins, or report failed ones",
    prepare=_prepare,
    seeds=_seeds,
    mutate=_mutated,
)
