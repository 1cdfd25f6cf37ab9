"""aiohttp over asyncio: refuses a chain without any alert, and pins whole certificates by Fingerprint."""

from __future__ import annotations

import importlib.util

from standin.clients.base import ClientKind, python_module


def missing() -> str | None:
    return None if importlib.util.find_spec("aiohttp") else "the Python package aiohttp"


KIND = ClientKind(
    name="aiohttp",
    title="aiohttp",
    techniques=("none", "pin", "trust-all"),
    missing=missing,
    command=python_module("standin.clients.aiohttp_program"),
)
