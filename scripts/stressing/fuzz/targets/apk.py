"""Whole packages, damaged anywhere: in the archive, in the files within it, in both."""

from __future__ import annotations

from random import Random

from tests.declared.compiled import Zipped, zipped

from pinprobe import events as ev
from pinprobe.declared import PackageError, read_app
from stressing.fuzz import packages
from stressing.fuzz.mutation import mutated
from stressing.fuzz.scratch import Scratch
from stressing.fuzz.target import Broken, Check, Target

NOW_S = 1_800_000_000.0


def _prepare() -> Check:
    scratch = Scratch("app.apk")
    sound = read_app([scratch.holding(packages.apk())])
    assert sound.known and sound.host("api.example.com", "app", NOW_S, 34) is not None, sound.problems

    def check(data: bytes) -> None:
        try:
            declared = read_app([scratch.holding(data)])
        except PackageError:
            return
        for fact in (declared.app(None, NOW_S), declared.host("api.example.com", "app", NOW_S, 34)):
            if fact is not None and ev.from_json(ev.to_json(fact)) != fact:
                raise Broken("the event is not what its line says")

    return check


def _bomb() -> bytes:
    """A file that is a thousand times as long as it looks, and names that lead away."""
    entries = [
        Zipped(name=b"AndroidManifest.xml", content=packages.manifest()),
        Zipped(name=b"assets/bomb.bin", content=bytes(1 << 20), method=8),
        Zipped(name=b"../../etc/passwd", content=b"x"),
        Zipped(name=b"assets/lie", content=b"x", claimed_size=1 << 31, claimed_compressed=1 << 31),
    ]
    return zipped(entries)


def _mutated(data: bytes, chance: Random) -> bytes:
    """Without moving what stands behind, mostly: else no entry is where the directory says."""
    if chance.randrange(4) == 0 or len(data) < 8:
        return mutated(data, chance)
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(made) - 4)
        made[at : at + 4] = chance.choice((b"\xff" * 4, bytes(4), b"\0\0\0\x80", b"\1\0\0\0", chance.randbytes(4)))
    return bytes(made)


TARGET = Target(
    name="apk",
    about="whole packages: archive, manifest, configuration, code",
    prepare=_prepare,
    seeds=lambda: (
        packages.apk(),
        packages.apk(method=8),
        zipped([Zipped(name=b"b.apk", content=packages.apk())]),
        _bomb(),
    ),
    mutate=_mutated,
    limit_s=5.0,
)
