"""TARGETS, the table: each is a file beside this one, read only when it is wanted, so that an engine can watch it."""

from __future__ import annotations

from importlib import import_module

from stressing.fuzz.target import Target

TARGETS: tuple[str, ...] = (
    "client_hello",
    "quic",
    "certificates",
    "minting",
    "records",
    "events",
    "journal",
    "evidence",
    "report",
    "report_json",
    "config",
    "policy",
    "catalog",
    "xml",
    "arsc",
    "dex",
    "apk",
    "bodies",
    "pins",
    "requests",
    "logcat",
    "sockets",
    "live_page",
    "names",
)


def load(name: str) -> Target:
    """One of them."""
    if name not in TARGETS:
        raise KeyError(f"no target {name!r}: use one of {', '.join(TARGETS)}")
    target = import_module(f"{__name__}.{name}").TARGET
    assert isinstance(target, Target)
    return target
