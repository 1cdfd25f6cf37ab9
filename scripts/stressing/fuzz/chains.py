"""Chains of certificates, sound and odd, as DER one after another; and what is needed to make leaves beside them."""

from __future__ import annotations

import datetime as dt
import ipaddress
import warnings
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from stressing.fuzz.der import Element, elements

Chain = tuple[x509.Certificate, ...]
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

BEGAN, ENDS = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2045, 1, 1, tzinfo=dt.UTC)
LONGEST = 100 * 1024
"""Bytes of all certificates of a chain that OpenSSL takes."""


@cache
def key(kind: str) -> Key:
    """One of each kind."""
    match kind:
        case "rsa":
            return rsa.generate_private_key(public_exponent=65537, key_size=2048)
        case "rsa1024":
            return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  # odd on purpose
        case "p521":
            return ec.generate_private_key(ec.SECP521R1())
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def name(common: str, *more: x509.NameAttribute) -> x509.Name:
    """A subject."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common), *more])


def certificate(
    subject: x509.Name, issuer: x509.Name, kind: str = "p256", *extensions: x509.ExtensionType, ca: bool = False
) -> x509.Certificate:
    """Signed by the P-256 key, whoever that is."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key(kind).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGAN)
        .not_valid_after(ENDS)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    for value in extensions:
        builder = builder.add_extension(value, critical=False)
    signer = key("p256")
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    return builder.sign(signer, hashes.SHA256())


@cache
def root() -> x509.Certificate:
    """What everything here hangs below, and what the roots of the fuzzer hold."""
    return certificate(ROOT, ROOT, ca=True)


ROOT = name("Fuzz Root", x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Fuzz Trust"))
ISSUING = name("Fuzz Issuing CA", x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Fuzz Trust"))
LEAF_EXTENSIONS = (
    x509.SubjectAlternativeName(
        [
            x509.DNSName("api.example.com"),
            x509.DNSName("*.example.com"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
            x509.RFC822Name("a@example.com"),
            x509.UniformResourceIdentifier("https://example.com/"),
            x509.DirectoryName(name("x")),
        ]
    ),
    x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
    x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), ["http://c.test/"])]),
    x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5.6"), b"\x04\x02ab"),
)


@cache
def seeds() -> tuple[bytes, ...]:
    """A usual chain, and those that a server could send to annoy."""
    issuing = certificate(ISSUING, ROOT, ca=True)
    leaf = certificate(name("api.example.com"), ISSUING, "p256", *LEAF_EXTENSIONS)
    itself = certificate(name("self"), name("self"), "rsa")
    big = certificate(x509.Name([_text(f"{number}".zfill(1000), _unit) for number in range(64)]), ISSUING)
    staple = certificate(name("s"), ISSUING, "p256", x509.TLSFeature([x509.TLSFeatureType.status_request]))
    chains: list[Chain] = [
        (leaf, issuing),
        (leaf, issuing, root()),
        (certificate(name("rsa.example.com"), ISSUING, "rsa", *LEAF_EXTENSIONS[:1]), issuing),
        (itself,),
        (big, issuing),
        (certificate(name("ed"), ISSUING, "ed25519"),),
        (certificate(name("p521"), ISSUING, "p521"), issuing),
        (certificate(name("weak"), ROOT, "rsa1024"),),
        (staple, issuing),
        (certificate(x509.Name([]), x509.Name([])),),
        (leaf, *([issuing] * 12)),
    ]
    written = [b"".join(one.public_bytes(Encoding.DER) for one in chain) for chain in chains]
    return (*written, *_odd(written[0]))


_unit = NameOID.ORGANIZATIONAL_UNIT_NAME


def _text(text: str, oid: x509.ObjectIdentifier) -> x509.NameAttribute:
    return x509.NameAttribute(oid, text)


def _odd(usual: bytes) -> list[bytes]:
    """What no library wants to write: see RFC 5280, section 4.1, for where each stands."""
    made = []
    for change in (
        lambda tbs: setattr(tbs[1], "content", b"\x80"),  # a negative serial number
        lambda tbs: setattr(tbs[1], "content", b"\0"),
        lambda tbs: setattr(tbs[5].parts[0].parts[0].parts[1], "content", b"api.example.com\0.evil.test"),
        lambda tbs: setattr(tbs[5].parts[0].parts[0].parts[1], "tag", 0x1C),  # a UniversalString
        lambda tbs: setattr(tbs[5].parts[0].parts[0].parts[1], "content", b"x" * 65000),
        lambda tbs: setattr(tbs[5].parts[0].parts[0].parts[1], "content", b""),
        lambda tbs: setattr(tbs[4].parts[0], "content", b"2001010000Z"),
        lambda tbs: setattr(tbs[6].parts[1], "content", b"\0\x04" + b"\xff" * 64),  # no point of the curve
        lambda tbs: setattr(tbs[6].parts[0].parts[0], "content", b"\x2a\x03\x04"),  # a key of no known kind
        lambda tbs: tbs[7].parts[0].parts.append(tbs[7].parts[0].parts[0]),  # an extension twice
        lambda tbs: setattr(tbs[7].parts[0].parts[1].parts[1], "content", b"\x30\x03\x82\x01\xff"),
    ):
        chain = elements(usual)
        assert chain is not None
        change(chain[0].parts[0].parts)
        made.append(b"".join(map(Element.written, chain)))
    return made


def read(data: bytes) -> Chain:
    """The chain as mitmproxy has it: what cryptography takes for a certificate at all."""
    found: list[x509.Certificate] = []
    data = data[:LONGEST]
    while data:
        size = _size(data)
        if not size or size > len(data):
            break
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found.append(x509.load_der_x509_certificate(data[:size]))
        except (ValueError, x509.InvalidVersion):
            pass
        data = data[size:]
    return tuple(found)


def _size(data: bytes) -> int:
    if len(data) < 2 or data[1] < 0x80:
        return 2 + data[1] if len(data) >= 2 else 0
    count = data[1] & 0x7F
    return 2 + count + int.from_bytes(data[2 : 2 + count], "big")
