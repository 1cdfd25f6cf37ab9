"""Certificates found among other bytes, such as in an app's files: facts of those that are ones, and nothing else."""

import warnings
from collections.abc import Iterator

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning

from pinprobe.events import Certificate
from pinprobe.x509.facts import facts

_SEQUENCE = 0x30


def der_size(data: bytes) -> int:
    """Bytes of the DER sequence that begins here, tag and length included; 0 where none of a certificate's size does."""
    if len(data) < 4 or data[0] != _SEQUENCE:
        return 0
    # A certificate takes between 128 and 65 535 bytes: one or two bytes of length.
    if data[1] == 0x81:
        return 3 + data[2]
    return 4 + int.from_bytes(data[2:4], "big") if data[1] == 0x82 else 0


def embedded(data: bytes) -> Iterator[tuple[bytes, Certificate]]:
    """The certificates that stand one after another from the beginning on, each with its DER."""
    while (size := der_size(data)) and size <= len(data):
        certificate = _certificate(data[:size])
        if certificate is None:
            return
        yield data[:size], certificate
        data = data[size:]


def _certificate(der: bytes) -> Certificate | None:
    # Some old roots have a serial number of zero or less, over which cryptography warns, and will raise one day.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        try:
            return facts(x509.load_der_x509_certificate(der))
        except (ValueError, x509.InvalidVersion):
            return None
