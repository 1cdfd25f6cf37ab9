"""Code of a package: strings, pins, certificates, and the hosts that a pin is given to."""

from __future__ import annotations

from pinprobe.declared.dex_hosts import hosts_of_pins
from pinprobe.declared.windows import Looks
from stressing.fuzz import packages
from stressing.fuzz.target import Broken, Check, Target

MOST = 100


def _prepare() -> Check:
    sound = hosts_of_pins(packages.dex(), [packages.PIN_TEXT], Looks(MOST))
    assert sound == {packages.PIN_TEXT: {"api.example.com"}}, sound

    def check(data: bytes) -> None:
        found = hosts_of_pins(data, [packages.PIN_TEXT, "sha256/x"], Looks(MOST))
        if sum(map(len, found.values())) > MOST:
            raise Broken("more hosts than are looked at")

    return check


TARGET = Target(name="dex", about="hosts that code gives a pin to", prepare=_prepare, seeds=lambda: (packages.dex(),))
