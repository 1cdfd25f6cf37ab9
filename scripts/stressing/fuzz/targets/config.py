"""The YAML file of options."""

from __future__ import annotations

from random import Random

from pinprobe.config import ConfigError
from pinprobe.config.file import read_config
from pinprobe.config.options import OPTIONS
from stressing.fuzz.mutation import lines_mutated
from stressing.fuzz.scratch import Scratch
from stressing.fuzz.target import Broken, Check, Target

YAML = (
    b"&a", b"*a", b"<<: *a", b"!!python/object/apply:os.system", b"!!binary", b"|", b">-", b"? ", b"- ", b"{", b"[", b"---",
    b"...", b"%YAML 9", b"\t", b"~", b"0x10", b"2001-01-01", b"yes", b"'", b'"', b"!", b"#", b"apps:", b"null",
)  # fmt: skip
KEYS = tuple(option.key.encode() for option in OPTIONS)


def _prepare() -> Check:
    scratch = Scratch("options.yaml")

    def check(data: bytes) -> None:
        try:
            read_config(scratch.holding(data), "com.example.app")
        except ConfigError as error:
            if str(scratch.path) not in str(error):
                raise Broken(f"does not name the file: {error}") from error

    return check


def yaml_mutated(data: bytes, chance: Random) -> bytes:
    """Lines moved and words of YAML put in."""
    return lines_mutated(data, chance, (*YAML, *KEYS))


TARGET = Target(
    name="config",
    about="YAML files of options",
    prepare=_prepare,
    seeds=lambda: (
        b"mode: observe\nprobes: [expired, self_signed]\n",
        b"first_party:\n  - example.com\n  - '*.example.net'\napps:\n  com.example.app:\n    ca_store: system\n",
        b"apps: &a\n  com.example.app: {mode: experiment}\n  other: *a\n",
    ),
    mutate=yaml_mutated,
)
