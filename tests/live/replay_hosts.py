"""The hosts of the replay tests, and chains of hosts that no app ever asks for."""

from __future__ import annotations

import shutil
from pathlib import Path

from standin.pki import Identity, KeyType, Pki

KEYS: tuple[KeyType, KeyType] = ("ec", "rsa")
PUBLIC = ("free", "leaf", "mid", "roots", "post", "other", "odd")
"""What an app does there: nothing, pins the leaf, pins the intermediate, has roots of its own, pins after the
handshake, ... Those of one kind of key share a certificate, as hosts behind one CDN do."""
FAR = ("far.replay.test", "farther.replay.test")
"""Hosts of unrelated CAs."""
LONE = "lone.ec.replay.test"
"""With a certificate of its own, from the issuer of the others with such keys."""
HOSTS = (
    *(f"{name}.{key}.replay.test" for key in KEYS for name in PUBLIC),
    *(f"own.{key}.replay.test" for key in KEYS),
    *FAR,
    LONE,
)
SEALED = "sealed.replay.test"
"""At an origin of its own, whose log tells what reached it."""


def host(name: str, key: KeyType) -> str:
    return f"{name}.{key}.replay.test"


def issuer(pki: Pki, key: KeyType) -> Identity:
    """Who issued the leaves of the hosts with this kind of key: two intermediates of one root."""
    return pki.intermediate_a if key == "ec" else pki.intermediate_b


def leaves(pki: Pki, own: Pki) -> dict[str, Identity]:
    """By host."""
    found: dict[str, Identity] = {}
    for key in KEYS:
        names = [host(name, key) for name in PUBLIC]
        found |= dict.fromkeys(names, pki.leaf(names, issuer=issuer(pki, key), key_type=key))
        found[host("own", key)] = own.leaf([host("own", key)], key_type=key)
    found[LONE] = pki.leaf([LONE], issuer=issuer(pki, "ec"), key_type="rsa")
    found[SEALED] = pki.leaf([SEALED], issuer=pki.intermediate_a)
    found[FAR[0]] = pki.leaf([FAR[0]], issuer=pki.other_intermediate, key_type="rsa")
    found[FAR[1]] = pki.leaf([FAR[1]], issuer=pki.third_intermediate)
    return found


def write_chains(pki: Pki, folder: Path) -> Path:
    """What a tester would have fetched beforehand: a chain of each intermediate, with both kinds of keys."""
    folder.mkdir()
    chains: tuple[tuple[str, Identity, KeyType], ...] = (
        ("a", pki.intermediate_a, "ec"),
        ("b", pki.intermediate_b, "rsa"),
        ("other", pki.other_intermediate, "rsa"),
        ("third", pki.third_intermediate, "ec"),
    )
    for name, by, key in chains:
        shutil.copy(pki.leaf([f"{name}.stored.test"], issuer=by, key_type=key).chain_path, folder / f"{name}.pem")
    return folder
