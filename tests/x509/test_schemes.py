"""Which keys can sign for which clients."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from tests.x509.test_keyless import certificate_for

from pinprobe.x509 import can_sign

RSA = certificate_for(rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key())
P256 = certificate_for(ec.generate_private_key(ec.SECP256R1()).public_key())
P384 = certificate_for(ec.generate_private_key(ec.SECP384R1()).public_key())
ED25519 = certificate_for(ed25519.Ed25519PrivateKey.generate().public_key())

USUAL = (0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)
"""As Chrome and Android's stack offer."""


@pytest.mark.parametrize("tls13", [False, True])
def test_the_usual_offer_takes_all_kinds(tls13: bool) -> None:
    assert all(can_sign(one, USUAL, tls13=tls13) for one in (RSA, P256, P384))
    assert not can_sign(ED25519, USUAL, tls13=tls13)


def test_tls13_wants_pss_and_the_right_curve() -> None:
    assert not can_sign(RSA, (0x0401,), tls13=True)
    assert can_sign(RSA, (0x0401,), tls13=False)
    assert not can_sign(P384, (0x0403,), tls13=True)
    assert can_sign(P384, (0x0403,), tls13=False)


def test_a_client_without_rsa_or_without_curves() -> None:
    assert not can_sign(RSA, (0x0403, 0x0503), tls13=False)
    assert not can_sign(P256, (0x0804, 0x0401), tls13=False)


def test_a_hello_that_names_none() -> None:
    assert can_sign(RSA, (), tls13=False)
    assert not can_sign(RSA, (), tls13=True)
