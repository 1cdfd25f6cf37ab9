"""The device's processes: zygotes, their children, an app's own."""

from collections.abc import Iterable
from dataclasses import dataclass

from pinprobe.device.shell import Device

ZYGOTES = frozenset({"zygote", "zygote64"})
ALL_FROM_API = 26
"""From Android 8 on, `ps` lists only its own processes unless told otherwise; before, it knows no `-A`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One row of `ps`."""

    pid: int
    parent: int
    name: str


def processes(device: Device, api: int) -> tuple[Process, ...]:
    """All of them."""
    words = ("ps", "-A", "-o", "PID,PPID,NAME") if api >= ALL_FROM_API else ("ps",)
    return tuple(parse(device.ask(*words).out))


def parse(listing: str) -> Iterable[Process]:
    """Rows by the names of the columns. Old `ps` has one column more in its rows (the state) than names; only columns
    left of it are read, and the last one."""
    head, _, rows = listing.partition("\n")
    names = head.split()
    if "PID" not in names or "PPID" not in names:
        return
    pid, parent = names.index("PID"), names.index("PPID")
    for row in rows.splitlines():
        cells = row.split()
        if len(cells) > max(pid, parent) and cells[pid].isdecimal() and cells[parent].isdecimal():
            yield Process(pid=int(cells[pid]), parent=int(cells[parent]), name=cells[-1])


def zygotes(all_of_them: Iterable[Process]) -> tuple[int, ...]:
    """Process ids of the processes that apps are forked from."""
    return tuple(one.pid for one in all_of_them if one.name in ZYGOTES)


def children(all_of_them: Iterable[Process]) -> tuple[int, ...]:
    """Process ids of what they have forked: every running app."""
    listed = tuple(all_of_them)
    parents = set(zygotes(listed))
    return tuple(one.pid for one in listed if one.parent in parents)


def of_app(all_of_them: Iterable[Process], package: str) -> tuple[int, ...]:
    """Process ids of an app: the package's own name, and its `package:name` processes."""
    return tuple(one.pid for one in all_of_them if one.name == package or one.name.startswith(f"{package}:"))
