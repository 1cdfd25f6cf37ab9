"""A leaf knows ahead what is asked about it each time."""

from tests.certificates import HOST, bench

from pinprobe import x509
from pinprobe.mitm.served import Chains, Leaf
from pinprobe.probes import MIMIC_GENUINE, REPLAY_FOREIGN


def test_a_minted_one() -> None:
    minted = bench().mint(MIMIC_GENUINE)
    leaf = Leaf.of(minted)
    assert leaf.certificate is minted.leaf
    assert leaf.key is minted.key
    assert leaf.keyless is None
    assert leaf.chain == minted.chain
    assert leaf.sha256 == x509.sha256_hex(minted.leaf)
    assert leaf.pin_sha256 == x509.pin_sha256(minted.leaf)
    assert leaf.der_bytes == len(x509.der(minted.leaf))
    assert leaf.names == {HOST, "www.example.com"}


def test_a_genuine_one() -> None:
    leaf = Leaf.of(bench().mint(REPLAY_FOREIGN))
    assert leaf.key is None
    assert leaf.keyless
    assert leaf.names == {"other.example.net"}


def test_no_chain_is_known_unless_told() -> None:
    assert Chains() == Chains(genuine=(), replay=())
