"""Chains for the tests of this room: invented ones, and real ones with the pins that OpenSSL computes of them."""

from __future__ import annotations

import atexit
import base64
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pinprobe.advice import Advice, Chain, Served, advise
from pinprobe.events import Certificate
from pinprobe.x509 import facts
from standin.pki import Identity, Pki

NOW_S = 1_800_000_000.0
"""2027-01-15 08:00:00 UTC."""
DAY_S = 86400.0
OWN = "fpZnYXZ0+8DPnE5Q9Znn/KQTTQqSYDcWqaqSXWGj3oU="


def pin_of_text(text: str) -> str:
    """A pin that stands for this text."""
    return base64.b64encode(text.encode().ljust(32, b".")[:32]).decode()


def certificate(name: str, issuer: str, *, days: float = 800, is_ca: bool = True, key: str = "") -> Certificate:
    """A certificate by name; its key is its name's unless told otherwise."""
    return Certificate(
        subject=f"CN={name}",
        issuer=f"CN={issuer}",
        pin_sha256=pin_of_text(key or name),
        not_before_s=NOW_S - 200 * DAY_S,
        not_after_s=NOW_S + days * DAY_S,
        is_ca=is_ca,
    )


LEAF = certificate("leaf", "issuing", days=60, is_ca=False)
ISSUING = certificate("issuing", "root")
ROOT = certificate("root", "root", days=4000)
CHAIN = Chain(certificates=(LEAF, ISSUING), root=ROOT)


def chain(*certificates: Certificate, root: Certificate | None = None) -> Chain:
    """As a server sends it."""
    return Chain(certificates=certificates, root=root)


def served(host: str, *chains: Chain, domain: str = "example.com", others: str = "") -> Served:
    """A host with these chains, or the usual one."""
    return Served(host=host, domain=domain, chains=chains or (CHAIN,), others=others)


def advised(*hosts: Served, **more: Any) -> Advice:
    """The advice on these hosts, as of now."""
    return advise(hosts, **{"made_s": NOW_S, **more})


def issued_under(name: str) -> Chain:
    """A chain of another CA."""
    issuing = certificate(name, f"{name} root")
    return chain(replace(LEAF, issuer=f"CN={name}"), issuing, root=certificate(f"{name} root", f"{name} root"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """Certificates that were really issued."""

    served: tuple[Served, ...]
    issuer_pins: tuple[str, ...]
    """By OpenSSL."""
    root_pins: tuple[str, ...]


@cache
def real() -> Real:
    """Two hosts of one CA and one of another."""
    if not shutil.which("openssl"):
        pytest.skip("the independent reader is not here: install the Debian package openssl")
    holder = tempfile.TemporaryDirectory(prefix="advice-")
    atexit.register(holder.cleanup)
    pki = Pki(Path(holder.name))
    one = pki.leaf(["api.example.com", "login.example.com"])
    other = pki.leaf(["shop.example.org"], issuer=pki.other_intermediate, key_type="rsa")
    return Real(
        served=(
            served("api.example.com", real_chain(one, pki.root)),
            served("login.example.com", real_chain(one, pki.root)),
            served("shop.example.org", real_chain(other, pki.other_root), domain="example.org"),
        ),
        issuer_pins=tuple(openssl_pin(one.certificate) for one in (pki.intermediate_a, pki.other_intermediate)),
        root_pins=tuple(openssl_pin(one.certificate) for one in (pki.root, pki.other_root)),
    )


def real_chain(leaf: Identity, root: Identity) -> Chain:
    """What a server with this identity sends, and the root that a device has."""
    sent = x509.load_pem_x509_certificates(leaf.chain_path.read_bytes())
    return Chain(certificates=tuple(map(facts, sent)), root=facts(root.certificate))


def openssl_pin(one: x509.Certificate) -> str:
    """The pin as the openssl program makes it."""
    key = openssl(["x509", "-pubkey", "-noout"], one.public_bytes(Encoding.PEM))
    spki = openssl(["pkey", "-pubin", "-outform", "DER"], key)
    return base64.b64encode(openssl(["dgst", "-sha256", "-binary"], spki)).decode()


def openssl(command: Sequence[str], given: bytes) -> bytes:
    """What the program writes of what it is given."""
    return subprocess.run(["openssl", *command], input=given, capture_output=True, check=True).stdout


def real_advice(**more: Any) -> Advice:
    """On those hosts."""
    found = real()
    made_s = max(one.chains[0].certificates[0].not_before_s for one in found.served)
    return advise(found.served, **{"made_s": made_s, **more})
