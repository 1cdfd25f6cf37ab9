"""An endpoint's name on one line, for every format that people read. Pure."""

from pinprobe.report.safe_text import NAME_LIMIT, safe_text

USUAL = "tcp"
"""The transport that is not named."""
_TRANSPORT_LIMIT = 20


def place(host: str, port: int, transport: str = USUAL) -> str:
    """Host and port, an address in brackets, and the transport where it is not the usual one."""
    shown = safe_text(host, NAME_LIMIT)
    shown = f"[{shown}]" if ":" in shown else shown
    return f"{shown}:{port}" + ("" if transport == USUAL else f"/{safe_text(transport, _TRANSPORT_LIMIT)}")
