"""The proxy's certificate authority, as a device is to trust it."""

import hashlib
import re
import ssl
from dataclasses import dataclass
from pathlib import Path

from pinprobe.device.errors import DeviceError

CERTIFICATE = "mitmproxy-ca-cert.pem"
LONGEST_BYTES = 64 * 1024

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,20000}-----END CERTIFICATE-----")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """One CA certificate."""

    pem: str
    sha256: str
    """Hex, of the DER. Names are no use: every CA that mitmproxy makes has the same."""
    subject_hash: str
    """`openssl x509 -subject_hash_old`: what its file in Android's stores is called, before `.0`."""


def read_authority(confdir: Path) -> Authority:
    """mitmproxy's CA. Raises `DeviceError` where it has made none yet, or the file is something else."""
    from pinprobe import x509  # the reports do without cryptography

    path = confdir / CERTIFICATE
    try:
        pem = path.read_bytes()[:LONGEST_BYTES]
        certificate = x509.chains_in_pem(pem)[0][0]
    except FileNotFoundError:
        raise DeviceError(
            f"{path} is not there: mitmproxy makes it at its first start.", "Start `mitmdump` once, and end it."
        ) from None
    except (OSError, ValueError, IndexError) as error:
        raise DeviceError(f"{path} is no certificate: {error}.", "Name mitmproxy's folder: --confdir FOLDER.") from None
    der = x509.der(certificate)
    return Authority(
        pem=ssl.DER_cert_to_PEM_cert(der),
        sha256=hashlib.sha256(der).hexdigest(),
        subject_hash=x509.subject_hash_old(certificate),
    )


def fingerprint(text: str) -> str | None:
    """SHA-256 of the first certificate in a PEM text, in hex; None where there is none."""
    found = _PEM.search(text.encode("utf-8", "replace"))
    if found is None:
        return None
    try:
        der = ssl.PEM_cert_to_DER_cert(found[0].decode())
    except ValueError:
        return None
    return hashlib.sha256(der).hexdigest() if der else None
