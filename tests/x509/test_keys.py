"""Keys: each made once, of the kind asked for."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from pinprobe.x509.keys import MAKERS, SLOW, Keys, Kind, Use, kind_like


def test_a_key_is_made_once_per_use_and_kind() -> None:
    keys = Keys()
    assert keys.of(Use.OWN, Kind.P256) is keys.of(Use.OWN, Kind.P256)
    assert keys.of(Use.OWN, Kind.P256) is not keys.of(Use.ISSUING, Kind.P256)
    assert keys.of(Use.OWN, Kind.P256) is not Keys().of(Use.OWN, Kind.P256)


def test_slow_ones_are_made_ahead() -> None:
    keys = Keys()
    keys.prepare()
    made = [keys.of(use, kind) for use, kind in SLOW]
    keys.prepare()
    assert made == [keys.of(use, kind) for use, kind in SLOW]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_made_and_is_recognised(kind: Kind) -> None:
    public = MAKERS[kind]().public_key()
    assert kind_like(public) is (Kind.RSA_2048 if kind is Kind.RSA_1024 else kind)


@pytest.mark.parametrize(
    ("public", "kind"),
    [
        (rsa.generate_private_key(public_exponent=65537, key_size=3072).public_key(), Kind.RSA_2048),
        (ec.generate_private_key(ec.SECP521R1()).public_key(), Kind.P256),
        (ed25519.Ed25519PrivateKey.generate().public_key(), Kind.P256),
    ],
    ids=["rsa 3072", "p521", "ed25519"],
)
def test_others_become_what_comes_closest(public: CertificatePublicKeyTypes, kind: Kind) -> None:
    assert kind_like(public) is kind
