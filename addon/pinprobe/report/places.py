"""An endpoint's name on one line, for every format that people read. Pure."""

from pinprobe import attempts
from pinprobe.report.safe_text import NAME_LIMIT, safe_text

WHOLE_APP = "the app as a whole"
"""Where a finding is about no endpoint."""
_TRANSPORT_LIMIT = 20


def place(host: str, port: int, transport: str = "tcp") -> str:
    """Host and port as `attempts.place` writes them, with nothing in them that a reader obeys."""
    return attempts.place(safe_text(host, NAME_LIMIT), port, safe_text(transport, _TRANSPORT_LIMIT))
