"""A connection as sources are asked about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pinprobe.attribution import Seen

PHONE, PROXY = ("192.0.2.7", 40000), ("192.0.2.2", 8080)
ONE, TWO = "com.example.one", "com.example.two"


def seen(**changes: Any) -> Seen:
    return replace(Seen(mode="regular", port=8080, transport="tcp", client=PHONE, reached=PROXY), **changes)
