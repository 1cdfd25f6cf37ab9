"""The real server's chain, and the root that it ends in: told once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.certificates import bench
from tests.mitm.hooks import GENUINE, HOST, Stage, of, stage

from pinprobe import events as ev
from pinprobe import x509
from pinprobe.mitm.chainstore import ChainStore


@pytest.fixture
def s(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as made:
        yield made


def test_the_real_servers_chain_is_told_once(s: Stage) -> None:
    for _ in range(2):
        visit = s.visit()
        visit.hello()
        visit.server_answers()
    first, second = of(ev.ServerChainSeen, s.end())
    assert [one.pin_sha256 for one in first.chain] == [x509.pin_sha256(one) for one in GENUINE]
    assert (second.chain_id, second.chain) == (first.chain_id, ())
    assert (first.root, second.root) == (None, None), "of a CA that nobody knows"
    assert (first.host, first.port, first.tls_version, first.alpn) == (HOST, 443, "TLSv1.3", "h2")


def test_the_root_is_told_with_the_chain(tmp_path: Path) -> None:
    pki = bench().pki
    roots = pki.trust(tmp_path / "roots.pem", *pki.roots)
    with stage(tmp_path / "reports", public_roots=str(roots), mode="observe") as s:
        for _ in range(2):
            visit = s.visit()
            visit.hello()
            visit.server_answers()
        first, second = of(ev.ServerChainSeen, s.end())
    assert first.root is not None and second.root is None
    assert (first.root.pin_sha256, first.root.is_ca) == (pki.root.pin, True)


def test_a_root_that_cannot_be_found_costs_the_fact_nothing(s: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("no roots")

    monkeypatch.setattr(ChainStore, "root_of", fails)
    visit = s.visit()
    visit.hello()
    visit.server_answers()
    journal = s.end()
    (seen,) = of(ev.ServerChainSeen, journal)
    assert len(seen.chain) == len(GENUINE) and seen.root is None
    assert [failure.error.split(" at ")[0] for failure in of(ev.ToolFailed, journal)] == ["ValueError"]
