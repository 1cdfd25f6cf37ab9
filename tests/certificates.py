"""A bench for certificates: mints a probe's as the proxy would, and asks the `openssl` program what it thinks of it."""

from __future__ import annotations

import atexit
import datetime as dt
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, ExtensionOID, NameOID
from mitmproxy import certs

from pinprobe.probes import CertificatePlan
from pinprobe.x509 import Keys, Material, Minted, mint
from pinprobe.x509.draft import Authority, Draft
from standin.pki import Identity, Pki

Chain = tuple[x509.Certificate, ...]
Kind = TypeVar("Kind", bound=x509.ExtensionType)

HOST = "api.example.com"
NOW = dt.datetime.now(dt.UTC)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


def new_ca() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """As mitmproxy's, but valid for fifty years around now, so that it can be judged at any time that a probe needs."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mitmproxy")])
    usage = x509.KeyUsage(
        key_cert_sign=True,
        crl_sign=True,
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=25 * 365))
        .not_valid_after(NOW + dt.timedelta(days=25 * 365))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def load(identity: Identity) -> Chain:
    """What the server of this identity sends."""
    return tuple(x509.load_pem_x509_certificates(identity.chain_path.read_bytes()))


def as_public_cas_issue(pki: Pki, leaf: x509.Certificate, *more: x509.ExtensionType) -> x509.Certificate:
    """The same leaf with policies, SCTs and a place to ask for revocation, as leaves of public CAs have them."""
    policy = x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), None)
    ocsp = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://o.test/"))
    draft = Draft.like(leaf)
    for value in (x509.CertificatePolicies([policy]), x509.AuthorityInformationAccess([ocsp]), NO_SCT, *more):
        draft = draft.but(value)
    return draft.issued_by(Authority.of(pki.intermediate_a.certificate, pki.intermediate_a.key))


NO_SCT = x509.UnrecognizedExtension(ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS, bytes.fromhex("04020000"))
"""The extension, with an empty list in it: whoever asks for proofs of logging finds the place."""


def extension(certificate: x509.Certificate, kind: type[Kind]) -> Kind | None:
    """The extension's value, if it is there."""
    return next((one.value for one in certificate.extensions if isinstance(one.value, kind)), None)


def key_bits(certificate: x509.Certificate) -> tuple[str, int]:
    public = certificate.public_key()
    assert isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    return ("rsa" if isinstance(public, rsa.RSAPublicKey) else "ec", public.key_size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The proxy's CA, a normal leaf, a world of genuine chains."""

    folder: Path
    pki: Pki
    material: Material
    keys: Keys

    def mint(self, plan: CertificatePlan) -> Minted:
        return mint(plan, self.material, self.keys, NOW)

    def complaints(
        self,
        minted: Minted,
        *options: str,
        strict: bool = True,
        host: str = HOST,
        at: dt.datetime = NOW,
        trusted: x509.Certificate | None = None,
    ) -> list[str]:
        """What `openssl verify` has against it as a server's certificate for this host; nothing if it is right."""
        if not shutil.which("openssl"):
            pytest.skip("the independent verifier is not here: install the Debian package openssl")
        leaf, chain, anchors = (self.folder / name for name in ("leaf.pem", "chain.pem", "anchors.pem"))
        leaf.write_bytes(pem(minted.leaf))
        chain.write_bytes(pem(*minted.chain))
        anchors.write_bytes(pem(trusted or self.material.ca))
        command = ["openssl", "verify", "-purpose", "sslserver", "-attime", str(int(at.timestamp()))]
        command += ["-no-CAfile", "-no-CApath", "-CAfile", str(anchors), "-verify_hostname", host]
        command += ["-x509_strict"] * strict
        command += ["-untrusted", str(chain)] if minted.chain else []
        done = subprocess.run([*command, *options, str(leaf)], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return []
        return [line.split("lookup: ")[-1] for line in done.stderr.splitlines() if "lookup: " in line] or [done.stderr]


@cache
def bench() -> Bench:
    """One for all tests of a run; its files go when the run ends."""
    holder = tempfile.TemporaryDirectory(prefix="bench-")
    atexit.register(holder.cleanup)
    folder = Path(holder.name)
    key, ca = new_ca()
    pki = Pki(folder / "pki")
    normal = certs.dummy_cert(key, ca, HOST, x509.GeneralNames([x509.DNSName(HOST)]), "Example")
    genuine = as_public_cas_issue(pki, load(pki.leaf([HOST, "www.example.com"]))[0])
    foreign = pki.leaf(["other.example.net"], issuer=pki.other_intermediate, key_type="rsa")
    return Bench(
        folder=folder,
        pki=pki,
        keys=Keys(),
        material=Material(
            normal=normal._cert,
            normal_key=key,
            ca=ca,
            ca_key=key,
            ca_chain=(ca,),
            genuine=(genuine, pki.intermediate_a.certificate),
            replay=load(foreign),
        ),
    )
