"""A policy's YAML file: read, or refused with file, line and key."""

from __future__ import annotations

import re
from random import Random

from pinprobe.config import ConfigError, read_tree
from pinprobe.policy import policy_of
from stressing.fuzz.mutation import lines_mutated
from stressing.fuzz.scratch import Scratch
from stressing.fuzz.target import Broken, Check, Target
from stressing.fuzz.targets.config import YAML

WORDS = (
    b"version: 1", b"expect:", b"host:", b"verdict: pinned", b"verdict: any", b"confidence: confirmed", b"waivers:", b"what:",
    b"until: 2027-02-30", b"reason:", b"coverage:", b"fail_on:", b"[::1]:99999/udp", b"*.example.com", b"PIN-101",
)  # fmt: skip


def _prepare() -> Check:
    scratch = Scratch("policy.yaml")
    placed = re.compile(rf"(?:pinprobe_policy=)?{re.escape(str(scratch.path))}\b")

    def check(data: bytes) -> None:
        path = scratch.holding(data)
        try:
            policy_of(read_tree(path, f"pinprobe_policy={path}"), str(path))
        except ConfigError as error:
            if not placed.match(str(error)):
                raise Broken(f"does not name the file: {error}") from error

    return check


def _mutated(data: bytes, chance: Random) -> bytes:
    return lines_mutated(data, chance, (*WORDS, *YAML))


TARGET = Target(
    name="policy",
    about="YAML files of a policy",
    prepare=_prepare,
    seeds=lambda: (
        b"version: 1\nexpect:\n- host: api.example.com\n  verdict: pinned\n",
        b"version: 1\nwaivers:\n- what: PIN-101\n  host: '*.example.net:8443/tcp'\n  reason: old\n  until: 2027-12-31\n",
        b"version: 1\ncoverage: [a.example.com]\nfail_on: [error]\nfirst_party: [example.com]\n",
    ),
    mutate=_mutated,
)
