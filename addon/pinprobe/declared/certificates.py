"""Certificates in a package's files: whole files of them, and those that stand as base64 within code or text. Pure.

Key stores are recognised and named, not opened: what they hold stays unknown.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass

from pinprobe import x509
from pinprobe.declared.windows import Looks, Window
from pinprobe.events import Certificate, EmbeddedCertificate

LARGEST_FILE = 256 * 1024
"""Bytes of a file that is looked at as a certificate as a whole; a bundle of all public roots takes as much as text."""

# How the base64 of every certificate over 255 bytes begins: 30 82 .. .. 30 82, a sequence within a sequence.
_START = b"MII"
_TWO_SEQUENCES = re.compile(rb"MII[A-Za-z0-9+/]{2}[DTjz]CC")
# Line ends, also those that are written as escapes, and the seams of strings that code puts together.
_BASE64 = re.compile(rb"""(?:[A-Za-z0-9+/]|\s|\\[nr/]|["']\s*\+\s*["'])+""")
_BETWEEN = re.compile(rb"""\s|\\[nr]|\\(?=/)|["']\s*\+\s*["']""")
_PKCS12 = re.compile(rb"\x30(?:\x82..|\x83...|\x84....|\x80)\x02\x01\x03", re.DOTALL)
_JKS = b"\xfe\xed\xfe\xed"
_BKS = re.compile(rb"\0\0\0[\1\2]\0\0\0[\x08-\x40]")
_KEY_STORES = {
    ".bks": "Bouncy Castle",
    ".jks": "Java",
    ".keystore": "Java",
    ".p12": "PKCS #12",
    ".pfx": "PKCS #12",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCertificate:
    """One certificate."""

    der: bytes
    facts: Certificate

    def at(self, where: str) -> EmbeddedCertificate:
        """The fact for the journal."""
        return EmbeddedCertificate(
            subject=self.facts.subject,
            pin_sha256=self.facts.pin_sha256,
            not_after_s=self.facts.not_after_s,
            is_ca=self.facts.is_ca,
            where=where,
        )


def certificates_in_text(window: Window, looks: Looks) -> Iterator[FoundCertificate]:
    """Those that begin in this window as base64, in PEM form or bare.

    `looks`: of one file, how many that begin like one are looked at.
    """
    for at in window.places(_START):
        if not _TWO_SEQUENCES.match(window.data, at):
            continue
        size = x509.der_size(_decoded(window.after(at, 8)))
        if not looks.one_more():
            return
        run = _BASE64.match(window.after(at, 2 * size))
        digits = _BETWEEN.sub(b"", run[0]) if run else b""
        der = _decoded(digits[: (size + 2) // 3 * 4])[:size]
        if size and len(der) == size:
            yield from _found(der)


def certificates_of_file(content: bytes) -> Iterator[FoundCertificate]:
    """Those that a file consists of, as DER."""
    yield from _found(content)


def key_store_in(path: str, content: bytes) -> str:
    """Which kind of key store a file is, by its first bytes or its name; empty where it is none."""
    if content.startswith(_JKS):
        return "Java"
    if _PKCS12.match(content):
        return "PKCS #12"
    kind = next((kind for ending, kind in _KEY_STORES.items() if path.lower().endswith(ending)), "")
    if kind and (kind != "Bouncy Castle" or _BKS.match(content)):
        return kind
    return ""


def _found(der: bytes) -> Iterator[FoundCertificate]:
    for one, facts in x509.embedded(der):
        yield FoundCertificate(der=one, facts=facts)


def _decoded(digits: bytes) -> bytes:
    try:
        return b64decode(digits + b"=" * (-len(digits) % 4))
    except binascii.Error:
        return b""
