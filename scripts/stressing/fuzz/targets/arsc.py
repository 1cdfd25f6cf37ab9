"""Resource tables of a package."""

from __future__ import annotations

from pinprobe.declared.arsc import Table
from pinprobe.declared.strings import Damaged
from stressing.fuzz import packages
from stressing.fuzz.target import Broken, Check, Target


def _prepare() -> Check:
    sound = Table(packages.table())
    assert [one.text for one in sound.values(packages.CONFIG_ID)] == [packages.CONFIG_PATH]

    def check(data: bytes) -> None:
        try:
            table = Table(data)
            for resource in (packages.CONFIG_ID, 0x7F020001, 0x01010527, 0xFFFFFFFF):
                if len(table.values(resource)) > 64:
                    raise Broken("more values than are looked at")
                table.name(resource)
            table.find("xml", "network_security_config")
        except Damaged:
            pass

    return check


TARGET = Target(name="arsc", about="resource tables", prepare=_prepare, seeds=lambda: (packages.table(),))
