"""An endpoint as people write it. Pure."""

USUAL = "tcp"
"""The transport that is not named."""


def place(host: str, port: int | None, transport: str = USUAL) -> str:
    """Host and port, an address in brackets, and the transport where it is not the usual one."""
    shown = f"[{host}]" if ":" in host else host
    return shown + ("" if port is None else f":{port}") + ("" if transport == USUAL else f"/{transport}")
