"""Apps of several hosts for the keyless replay, as data: who asks what where, on which device, and what is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tests.live.replay_hosts import KEYS, host

from standin.pki import KeyType

Tls = Literal["1.2", "1.3"]
What = Literal["none", "leaf", "ca", "private", "roots", "after", "trust-all"]
"""What the client does beside looking at the chain: nothing; pins the leaf, a CA of the chain, or trusts a CA of its
own in the trust manager; brings public roots of its own; pins after the handshake; does not validate."""

TLS: tuple[Tls, Tls] = ("1.2", "1.3")
TRUST_MANAGERS = frozenset({"boringssl", "okhttp"})
"""Stacks whose trust manager decides on the chain alone, as on Android: of these everything must be resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One client at one host."""

    client: str
    technique: str
    what: What
    host: str
    tls: Tls
    sni: str = ""
    hosts: str = ""

    @property
    def name(self) -> str:
        return f"{self.client} {self.technique} at {self.host}, TLS {self.tls}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One app on one device: its clients run at the same time."""

    title: str
    trusts: bool
    parts: tuple[Part, ...]
    beside: bool = False
    """Whether an unpinned host of the same stack is there for every pinned one."""
    files: bool = True
    """Whether chains from a folder are given."""
    in_turn: bool = False
    """One client after the other, instead of all at the same time."""
    attempts: int = 36

    @property
    def id(self) -> str:
        return f"{self.title}-{'trusting' if self.trusts else 'distrusting'}"


ANDROID: dict[str, tuple[tuple[str, str, What], ...]] = {
    # host, technique, truth
    "boringssl": (
        ("free", "none", "none"),
        ("leaf", "pin", "leaf"),
        ("mid", "pin", "ca"),
        ("own", "anchors", "private"),
        ("post", "post", "after"),
    ),
    "okhttp": (
        ("free", "none", "none"),
        ("leaf", "manager", "leaf"),
        ("mid", "manager", "ca"),
        ("own", "anchors", "private"),
        ("post", "pin", "after"),
    ),
}
OTHERS: tuple[tuple[str, str, str, What], ...] = (
    ("curl", "free", "none", "none"),
    ("curl", "post", "pin", "after"),
    ("curl", "own", "anchors", "private"),
    ("python_ssl", "leaf", "none", "none"),
    ("python_ssl", "mid", "pin", "after"),
    ("boringssl", "other", "store", "none"),
    ("boringssl", "odd", "store-anchors", "ca"),
)


def _part(client: str, technique: str, what: What, name: str, key: KeyType, tls: Tls) -> Part:
    return Part(client=client, technique=technique, what=what, host=host(name, key), tls=tls)


def _beside() -> Iterator[Scene]:
    """Every kind of pin beside one unpinned host of the same stack."""
    for client, kinds in ANDROID.items():
        for tls in TLS:
            for key in KEYS:
                parts = tuple(_part(client, technique, what, name, key, tls) for name, technique, what in kinds)
                yield Scene(title=f"{client}-tls{tls}-{key}", trusts=False, parts=parts, beside=True)
    for tls in TLS:
        for key in KEYS:
            parts = tuple(_part(client, technique, what, name, key, tls) for client, name, technique, what in OTHERS)
            yield Scene(title=f"others-tls{tls}-{key}", trusts=False, parts=parts, beside=True)


def _alone() -> Iterator[Scene]:
    """Each stack has one host only, so nobody can vouch: four stacks, of which none is another's reference."""
    techniques = {"boringssl": "pin", "okhttp": "manager"}
    stacks = [(client, tls) for client in techniques for tls in TLS]
    names = ("leaf", "mid", "post", "other")
    for what, key in (("leaf", KEYS[0]), ("ca", KEYS[1])):
        parts = tuple(
            _part(client, techniques[client], "leaf" if what == "leaf" else "ca", name, key, tls)
            for (client, tls), name in zip(stacks, names, strict=True)
        )
        yield Scene(title=f"alone-{what}", trusts=False, parts=parts)
    parts = (
        _part("boringssl", "anchors", "private", "own", "ec", "1.3"),
        _part("okhttp", "anchors", "private", "own", "rsa", "1.2"),
    )
    yield Scene(title="alone-private", trusts=False, parts=parts)


def _doubtful_neighbours() -> Iterator[Scene]:
    """Beside hosts that vouch for nothing: each was once a way to a wrong reading."""
    for client, pinning, key, tls in (("boringssl", "pin", KEYS[0], TLS[0]), ("okhttp", "manager", KEYS[1], TLS[1])):
        # A part of the app that trusts everything accepts every chain, and tells nothing of the device.
        careless = _part(client, "trust-all", "trust-all", "free", key, tls)
        pinned = _part(client, pinning, "leaf", "leaf", key, tls)
        yield Scene(title=f"{client}-beside-trust-all", trusts=False, parts=(careless, pinned))
        plain = _part(client, "none", "none", "other", key, tls)
        yield Scene(title=f"{client}-distrusting-beside-trust-all", trusts=False, parts=(careless, plain))
    for client, technique, own, key, tls in (
        ("boringssl", "none", "anchors", KEYS[0], TLS[0]),
        ("okhttp", "none", "anchors", KEYS[1], TLS[1]),
        # These look at the name with the chain, so that replays tell nothing of them.
        ("python_ssl", "none", "anchors", KEYS[0], TLS[1]),
        ("boringssl", "store", "store-anchors", KEYS[1], TLS[0]),
    ):
        # Public roots of its own, without those that the device's owner added, beside a part that accepts.
        accepting = _part(client, technique, "none", "free", key, tls)
        stubborn = _part(client, own, "roots", "roots", key, tls)
        yield Scene(title=f"{client}-{technique}-own-roots", trusts=True, parts=(accepting, stubborn))
    for key, tls in zip(KEYS, TLS, strict=True):
        # The same library, driven in another way: same JA4, another alert (48 instead of 46).
        store = _part("boringssl", "store", "none", "free", key, tls)
        plain = _part("boringssl", "none", "none", "other", key, tls)
        pinned = _part("boringssl", "pin", "leaf", "leaf", key, tls)
        yield Scene(title=f"another-alert-tls{tls}", trusts=False, parts=(store, plain))
        yield Scene(title=f"another-alert-pinned-tls{tls}", trusts=False, parts=(store, pinned))


def _odd_clients() -> Iterator[Scene]:
    for key, tls in zip(KEYS, TLS, strict=True):
        # Clients that never send the name: the served leaf is a guess, and the host is the one of CONNECT.
        nameless = (
            _part("boringssl", "none", "none", "free", key, tls),
            replace(_part("boringssl", "none", "none", "other", key, tls), sni="-"),
            replace(_part("boringssl", "pin", "leaf", "leaf", "ec", tls), sni="-"),
        )
        yield Scene(title=f"without-sni-tls{tls}", trusts=False, parts=nameless)
        # A client that offers its last session everywhere, the ones from relays too.
        resuming = (
            replace(_part("python_ssl", "resume", "none", "free", key, tls), hosts=host("other", key)),
            _part("python_ssl", "pin", "after", "leaf", key, tls),
            _part("python_ssl", "anchors", "private", "own", key, tls),
        )
        yield Scene(title=f"resuming-tls{tls}", trusts=False, parts=resuming)


def _of_the_session() -> Iterator[Scene]:
    """No files: the app's other upstreams give all chains, the only sibling of the pinned host among them."""
    for client, pinning in (("boringssl", "pin"), ("okhttp", "manager")):
        far = tuple(
            Part(client=client, technique="none", what="none", host=name, tls="1.3")
            for name in ("far.replay.test", "farther.replay.test")
        )
        yield Scene(
            title=f"{client}-session-chains",
            trusts=False,
            files=False,
            beside=True,
            parts=(
                *far,
                _part(client, "none", "none", "lone", "ec", "1.3"),
                _part(client, pinning, "leaf", "leaf", "ec", "1.3"),
                _part(client, pinning, "ca", "mid", "ec", "1.3"),
            ),
        )


def _in_turn() -> Iterator[Scene]:
    """Who comes first may not matter: what is learnt later re-reads what was seen before."""
    for key, tls in zip(KEYS, TLS, strict=True):
        plain = _part("boringssl", "none", "none", "free", key, tls)
        pinned = _part("boringssl", "pin", "leaf", "leaf", key, tls)
        common = Scene(title="", trusts=False, parts=(), beside=True, in_turn=True)
        yield replace(common, title=f"pinned-first-tls{tls}", parts=(pinned, plain))
        yield replace(common, title=f"pinned-last-tls{tls}", parts=(plain, pinned))
        yield replace(common, title=f"pinned-first-tls{tls}", parts=(pinned, plain), trusts=True)


def _on_both_devices(scenes: Iterator[Scene]) -> Iterator[Scene]:
    for scene in scenes:
        yield scene
        yield replace(scene, trusts=not scene.trusts)


SCENES: tuple[Scene, ...] = (
    *_on_both_devices(_beside()),
    *_on_both_devices(_alone()),
    *_on_both_devices(_of_the_session()),
    *_on_both_devices(_odd_clients()),
    *_in_turn(),
    *_doubtful_neighbours(),
)
