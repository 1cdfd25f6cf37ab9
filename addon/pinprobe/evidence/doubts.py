"""What may explain a refusal that carries no certificate alert, beside the certificate. Pure."""

from pinprobe.attempts import Attempt


def doubts_of(attempt: Attempt) -> tuple[str, ...]:
    """Differences between us and the real server that may explain a refusal other than a certificate alert."""
    reasons = [f"TLS mismatch: {what}" for what in attempt.tls_mismatch]
    if attempt.name_doubt:
        reasons.append("name doubt")
    if attempt.mutual_tls:
        reasons.append("mutual TLS")
    return tuple(reasons)
