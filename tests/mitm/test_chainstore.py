"""Chains of the session and of files: what is told of each, and why some may not be replayed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.x509 import load_der_x509_certificate
from tests.certificates import Chain, bench, load

from pinprobe.config import ConfigError, settings_of
from pinprobe.events import ReplayChainKnown
from pinprobe.mitm.chainstore import CHAIN_FOLLOWED, ChainStore, chain_id, check_files
from pinprobe.thresholds import REPLAY_CHAINS_KEPT
from standin.pki import Pki
from stressing.fuzz.odd_servers import ODD, leaf

PKI = bench().pki
OWN = PKI.leaf(["own.example"])
SIBLING = PKI.leaf(["sibling.example"])
COUSIN = PKI.leaf(["cousin.example"], issuer=PKI.intermediate_b)
FOREIGN = PKI.leaf(["foreign.example"], issuer=PKI.other_intermediate, key_type="rsa")
EXPIRED = PKI.leaf(["expired.example"], expired=True)


@pytest.fixture
def store(tmp_path: Path) -> ChainStore:
    return ChainStore(PKI.trust(tmp_path / "roots.pem", *PKI.roots))


def told(store: ChainStore, chain: Chain, host: str = "own.example") -> ReplayChainKnown:
    fact = store.add(chain_id(chain), chain, host, "session")
    assert fact is not None
    return fact


def test_a_chain_is_told_once_and_kept(store: ChainStore) -> None:
    chain = load(OWN)
    fact = told(store, chain)
    assert (fact.host, fact.source, fact.public) == ("own.example", "session", True)
    assert fact.refused_because == fact.own_refused_because == ""
    assert store.add(fact.chain_id, chain, "own.example", "session") is None
    assert store.get(fact.chain_id) == chain
    assert store.get(None) == store.get("never met") == ()


def test_an_id_is_of_the_very_bytes() -> None:
    chain = load(OWN)
    assert chain_id(chain) == chain_id(load(OWN)) != chain_id(chain[:1])
    assert len(chain_id(chain)) == 16


def test_relatives_share_marks_and_siblings_their_issuer(store: ChainStore) -> None:
    own, sibling, cousin, foreign = (told(store, load(one)) for one in (OWN, SIBLING, COUSIN, FOREIGN))
    assert own.issuer_pin == sibling.issuer_pin is not None
    assert own.issuer_pin != cousin.issuer_pin
    assert set(own.marks) & set(sibling.marks) & set(cousin.marks)
    assert not set(own.marks) & set(foreign.marks)


def test_refused_with_the_reason(store: ChainStore, tmp_path: Path) -> None:
    private = Pki(tmp_path / "private")
    expired, stranger, torn = (
        told(store, chain) for chain in (load(EXPIRED), load(private.leaf(["x.test"])), load(OWN)[:1])
    )
    assert "expired on" in expired.refused_because and "expired on" in expired.own_refused_because
    assert expired.public is None
    assert "trusted roots" in stranger.refused_because and stranger.own_refused_because == ""
    assert stranger.public is False
    assert "neither sent nor" in torn.refused_because


def test_what_cannot_be_read_or_is_endless_is_of_no_use(store: ChainStore) -> None:
    odd = load_der_x509_certificate(leaf("odd.test", ODD["bit-string.test"]))
    first, *others = load(OWN)
    for chain, words in (
        ((odd,), "the names of certificate 1 cannot be read"),
        ((first, *others * CHAIN_FOLLOWED), f"it has {1 + CHAIN_FOLLOWED} certificates, more than {CHAIN_FOLLOWED}"),
    ):
        fact = told(store, chain)
        assert fact.refused_because == fact.own_refused_because == words
        assert (fact.marks, fact.issuer_pin, fact.public) == ((), None, None), "so it is related to no other"
        assert store.get(fact.chain_id) == () and store.root_of(chain) is None
        assert store.add(fact.chain_id, chain, "own.example", "session") is None, "and told once"


def test_the_usual_roots_are_those_that_mitmproxy_brings() -> None:
    roots = ChainStore(None).roots
    assert roots.public and len(roots) > 50


def test_the_root_that_a_chain_ends_in(store: ChainStore, tmp_path: Path) -> None:
    chain = load(OWN)
    root = PKI.root.certificate
    fact = store.root_of(chain)
    assert fact is not None
    assert (fact.pin_sha256, fact.subject, fact.is_ca) == (PKI.root.pin, "CN=Stand-in root", True)
    assert store.root_of((*chain, root)) is None, "it was sent"
    assert store.root_of(chain[:1]) is None, "its issuer was not"
    assert store.root_of(load(Pki(tmp_path / "private").leaf(["x.test"]))) is None, "it is not known"


def test_the_root_of_a_chain_made_to_be_followed_is_not_looked_for(store: ChainStore) -> None:
    leaf, *others = load(OWN)
    assert store.root_of((leaf, *others * CHAIN_FOLLOWED)) is None
    assert store.root_of((leaf, *others * (CHAIN_FOLLOWED - 1))) is not None


def test_files_of_a_folder_in_their_order(store: ChainStore, tmp_path: Path) -> None:
    folder = tmp_path / "chains"
    folder.mkdir()
    (folder / "b.pem").write_bytes(OWN.chain_path.read_bytes() + FOREIGN.chain_path.read_bytes())
    (folder / "a.crt").write_bytes(SIBLING.chain_path.read_bytes())
    (folder / "notes.txt").write_text("no certificate")
    facts = list(store.from_files(folder))
    assert [fact.host for fact in facts] == ["sibling.example", "own.example", "foreign.example"]
    assert {fact.source for fact in facts} == {"file"}
    assert all(len(store.get(fact.chain_id)) == 2 for fact in facts)


def test_one_file_will_do(store: ChainStore) -> None:
    (fact,) = store.from_files(OWN.chain_path)
    assert fact.host == "own.example"


def test_their_number_is_bounded(store: ChainStore) -> None:
    chain = load(OWN)
    for number in range(REPLAY_CHAINS_KEPT):
        assert store.add(str(number), chain, "own.example", "session")
    assert store.add("one more", chain, "own.example", "session") is None


@pytest.mark.parametrize("option", ["public_roots", "replay_chains"])
def test_files_are_checked_before_anything_begins(option: str, tmp_path: Path) -> None:
    """The message names the option and the file."""
    good, bad = OWN.chain_path, tmp_path / "bad.pem"
    bad.write_text("no certificate")
    settings = settings_of({}, frozenset())
    check_files(replace(settings, public_roots=good, replay_chains=good))
    with pytest.raises(ConfigError, match=f"pinprobe_{option}={bad}"):
        check_files(replace(settings, **{option: bad}))  # type: ignore[arg-type]
