"""Servers' chains in JSON, both ways: as the report writes them, and read back with care. Pure."""

from datetime import datetime
from typing import Any

from pinprobe import events as ev
from pinprobe.advice import Chain
from pinprobe.report.careful import list_in, text_in
from pinprobe.report.times import iso

Json = dict[str, Any]


def certificate_json(certificate: ev.Certificate) -> Json:
    """One element of a chain."""
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "pin_sha256": certificate.pin_sha256,
        "not_before": iso(certificate.not_before_s),
        "not_after": iso(certificate.not_after_s),
        "is_ca": certificate.is_ca,
    }


def chain_json(chain: Chain) -> Json:
    """A chain, and the root that it ends in."""
    return {
        "certificates": [certificate_json(certificate) for certificate in chain.certificates],
        "root": None if chain.root is None else certificate_json(chain.root),
    }


def chain_in(certificates: Any, root: Any) -> Chain:
    """The chain that stands there. Raises KeyError, TypeError or ValueError for what is none."""
    return Chain(
        certificates=tuple(map(_certificate_in, list_in(certificates))),
        root=None if root is None else _certificate_in(root),
    )


def seconds_in(value: Any) -> float:
    """A moment; 0 where the calendar did not reach."""
    return 0.0 if value is None else datetime.fromisoformat(text_in(value)).timestamp()


def _certificate_in(one: Any) -> ev.Certificate:
    return ev.Certificate(
        subject=text_in(one["subject"]),
        issuer=text_in(one["issuer"]),
        pin_sha256=text_in(one["pin_sha256"]),
        not_before_s=seconds_in(one["not_before"]),
        not_after_s=seconds_in(one["not_after"]),
        is_ca=one["is_ca"] is True,
    )
