"""The chain of a real server: facts, names, path, root, relation to another, and whether it may be replayed."""

from __future__ import annotations

import warnings

from pinprobe import events as ev
from pinprobe import x509
from pinprobe.journal import LINE_BYTES
from pinprobe.mitm.chainstore import ChainStore, chain_id
from stressing.fuzz import chains
from stressing.fuzz.der import der_mutated
from stressing.fuzz.target import Broken, Check, Target

OFFERED = frozenset({0x0403, 0x0804})


def _prepare() -> Check:
    roots = x509.Roots([chains.root()], public=True)
    usual = chains.read(chains.seeds()[0])
    assert x509.completed(usual, roots)[-1] == chains.root()

    def check(data: bytes) -> None:
        chain = chains.read(data)
        if not chain:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _look_at(chain)

    def _look_at(chain: chains.Chain) -> None:
        store = ChainStore(None)
        store.roots = roots
        told = tuple(map(x509.facts, chain))
        root = store.root_of(chain)
        id = chain_id(chain)
        known = store.add(id, chain, "api.example.com", "session")
        seen = ev.ServerChainSeen(
            at_s=1.0,
            connection_id=1,
            host="api.example.com",
            port=443,
            chain_id=id,
            chain=told,
            tls_version="TLSv1.3",
            alpn=None,
            client_certificate_requested=False,
            root=root,
        )
        for event in (seen, known):
            if event is not None and len(ev.to_json(event)) >= LINE_BYTES:
                raise Broken("a line that no journal may hold")
            if event is not None and ev.from_json(ev.to_json(event)) != event:
                raise Broken("the event is not what its line says")
        x509.names(chain[0])
        x509.completed(chain, roots)
        if not x509.oddity(chain):
            x509.can_sign(chain[0], OFFERED, tls13=True)
            x509.relation(usual, chain, roots)
            x509.relation(chain, usual, roots)

    return check


TARGET = Target(
    name="certificates",
    about="chains of real servers: facts, names, paths to roots, relations, fitness for a replay",
    prepare=_prepare,
    seeds=chains.seeds,
    mutate=der_mutated,
)
