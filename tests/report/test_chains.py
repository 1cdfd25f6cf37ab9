"""Servers' chains in the order in which they are shown."""

from __future__ import annotations

from dataclasses import replace

from tests import builders as make
from tests.advice.made import CHAIN, issued_under
from tests.rooms import endpoint_in

from pinprobe import events as ev
from pinprobe.advice import Chain
from pinprobe.evidence import evidence_of
from pinprobe.report.chains import chains_of, without_repeats

OTHER = make.chain()[:2]


def test_the_latest_comes_first_and_with_its_root() -> None:
    second = [
        replace(event, chain=OTHER, chain_id="second", root=make.chain()[2])
        if isinstance(event, ev.ServerChainSeen)
        else event
        for event in make.accepted()
    ]
    evidence = evidence_of(make.journal(make.accepted(), second))
    assert chains_of(evidence, endpoint_in(evidence)) == (
        Chain(certificates=OTHER, root=make.chain()[2]),
        Chain(certificates=make.chain(), root=None),
    )


def test_each_once_and_none_that_is_empty() -> None:
    empty = Chain(certificates=(), root=None)
    assert without_repeats([empty, CHAIN, issued_under("a"), CHAIN]) == (CHAIN, issued_under("a"))
    assert len(without_repeats(issued_under(f"ca {number}") for number in range(9))) == 4
