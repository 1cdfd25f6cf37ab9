"""Text as a QR code of half blocks, for a terminal. The only user of segno."""

import io


def qr_code(text: str) -> str | None:
    """Lines for a terminal; None where segno is not installed. Raises ValueError for more than a code holds."""
    try:
        import segno
    except ImportError:
        return None
    out = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out=out, compact=True, border=2)
    return out.getvalue()
