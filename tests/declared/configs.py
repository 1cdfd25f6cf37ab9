"""Pieces of Network Security Configs, as text."""

from __future__ import annotations

PIN = "A" * 43 + "="
OTHER = "B" * 42 + "A="
DEBUG_USER = "<debug-overrides><trust-anchors><certificates src='user'/></trust-anchors></debug-overrides>"


def file(inside: str) -> str:
    """The whole file."""
    return f"<network-security-config>{inside}</network-security-config>"


def pins(*pins: str, attributes: str = "") -> str:
    each = "".join(f"<pin digest='SHA-256'>{pin}</pin>" for pin in pins)
    return f"<pin-set {attributes}>{each}</pin-set>"


def anchors(*sources: str, attributes: str = "") -> str:
    each = "".join(f"<certificates src='{one}' {attributes}/>" for one in sources)
    return f"<trust-anchors>{each}</trust-anchors>"


def domains(*names: str, inside: str = "", sub: str = "true", attributes: str = "") -> str:
    each = "".join(f"<domain includeSubdomains='{sub}'>{name}</domain>" for name in names)
    return f"<domain-config {attributes}>{each}{inside}</domain-config>"


def trustkit(enforce: str = "") -> str:
    return f"<trustkit-config enforcePinning='{enforce}'/>" if enforce else "<trustkit-config/>"
