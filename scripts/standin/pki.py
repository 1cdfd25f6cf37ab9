"""A small certificate world in a folder: three roots, four intermediates, and leaves on request.

    root ── intermediate-a ── leaves        the world's usual issuer
        └── intermediate-b ── leaves        a sibling: another issuer under the same root
    other-root ── other-intermediate ── …   an unrelated CA that the world trusts as well
    third-root ── third-intermediate ── …   and one more

Every certificate carries what strict verifiers ask for (Python 3.13 turns VERIFY_X509_STRICT on):
key identifiers, key usage, extended key usage, and alternative names on leaves.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KeyType = Literal["ec", "rsa"]
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def pin_sha256(certificate: x509.Certificate) -> str:
    """The certificate's pin in RFC 7469 form: Base64 of the SHA-256 of its public key."""
    spki = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A key and its certificate, and where both lie on disk."""

    certificate: x509.Certificate
    key: PrivateKey
    chain_path: Path
    """PEM: the certificate, then its intermediate where it has one, as a server sends them."""
    key_path: Path

    @property
    def pin(self) -> str:
        return pin_sha256(self.certificate)

    @property
    def sha256(self) -> str:
        """Digest of the whole certificate, in hex, as aiohttp's Fingerprint compares it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()


class Pki:
    """Makes the hierarchies at once, leaves and client certificates when asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.root = self._authority("root", None)
        self.intermediate_a = self._authority("intermediate-a", self.root)
        self.intermediate_b = self._authority("intermediate-b", self.root)
        self.other_root = self._authority("other-root", None)
        self.other_intermediate = self._authority("other-intermediate", self.other_root)
        self.third_root = self._authority("third-root", None)
        self.third_intermediate = self._authority("third-intermediate", self.third_root)

    @property
    def roots(self) -> tuple[Identity, ...]:
        """What every device of this world trusts."""
        return self.root, self.other_root, self.third_root

    def leaf(
        self,
        names: Sequence[str],
        *,
        issuer: Identity | None = None,
        key_type: KeyType = "ec",
        expired: bool = False,
    ) -> Identity:
        """A server's certificate for all of the names (host names or IP addresses)."""
        end = _now() - dt.timedelta(days=2) if expired else _now() + dt.timedelta(days=60)
        builder = (
            _builder(names[0], end=end)
            .add_extension(x509.SubjectAlternativeName([_name(n) for n in names]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(ca=False), critical=True)
            .add_extension(_purpose(ExtendedKeyUsageOID.SERVER_AUTH), critical=False)
        )
        stem = f"leaf-{names[0].strip('*.').replace(':', '_')}"
        return self._issue(stem, builder, _new_key(key_type), issuer or self.intermediate_a)

    def client(self, name: str, *, serial: int | None = None, also: Sequence[x509.GeneralName] = ()) -> Identity:
        """A client's certificate, for servers that ask for one."""
        builder = (
            _builder(name, end=_now() + dt.timedelta(days=60), serial=serial)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(ca=False), critical=True)
            .add_extension(_purpose(ExtendedKeyUsageOID.CLIENT_AUTH), critical=False)
        )
        if also:
            builder = builder.add_extension(x509.SubjectAlternativeName(also), critical=False)
        return self._issue(f"client-{name}", builder, _new_key("ec"), self.intermediate_a)

    def trust(self, path: Path, *anchors: Identity | Path) -> Path:
        """Write a bundle of trust anchors; a Path is a PEM file to copy in, as the proxy's CA is."""
        parts = [a.read_bytes() if isinstance(a, Path) else _pem(a.certificate) for a in anchors]
        path.write_bytes(b"".join(parts))
        return path

    def _authority(self, stem: str, issuer: Identity | None) -> Identity:
        builder = (
            _builder(f"Stand-in {stem}", end=_now() + dt.timedelta(days=90))
            .add_extension(
                x509.BasicConstraints(ca=True, path_length=1 if issuer is None else 0),
                critical=True,
            )
            .add_extension(_key_usage(ca=True), critical=True)
        )
        return self._issue(stem, builder, _new_key("ec"), issuer)

    def _issue(
        self,
        stem: str,
        builder: x509.CertificateBuilder,
        key: PrivateKey,
        issuer: Identity | None,
    ) -> Identity:
        public = key.public_key()
        signer: PrivateKey = issuer.key if issuer else key
        subject_id = x509.SubjectKeyIdentifier.from_public_key(public)
        issuer_name = issuer.certificate.subject if issuer else _name_of(f"Stand-in {stem}")
        builder = builder.public_key(public).issuer_name(issuer_name)
        builder = builder.add_extension(subject_id, critical=False)
        authority_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        builder = builder.add_extension(authority_id, critical=False)
        certificate = builder.sign(signer, hashes.SHA256())
        chain = _pem(certificate)
        if issuer and issuer.certificate.issuer != issuer.certificate.subject:
            chain += _pem(issuer.certificate)
        identity = Identity(
            certificate=certificate,
            key=key,
            chain_path=self.folder / f"{stem}.pem",
            key_path=self.folder / f"{stem}.key",
        )
        identity.chain_path.write_bytes(chain)
        identity.key_path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return identity


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _new_key(key_type: KeyType) -> PrivateKey:
    if key_type == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(common_name: str, *, end: dt.datetime, serial: int | None = None) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name_of(common_name))
        .serial_number(x509.random_serial_number() if serial is None else serial)
        .not_valid_before(_now() - dt.timedelta(days=30))
        .not_valid_after(end)
    )


def _name_of(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _purpose(oid: x509.ObjectIdentifier) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage([oid])
