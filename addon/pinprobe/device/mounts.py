"""Mounts of ours on the device: tmpfs whose source is named `pinprobe`, so that they are known again in any namespace."""

from dataclasses import dataclass

from pinprobe.device.quoting import Glob
from pinprobe.device.shell import Device

SOURCE = "pinprobe"
ROUNDS = 3
"""Processes come and go while they are visited."""

_OURS = f" - tmpfs {SOURCE} "


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One mount of ours, as a process sees it."""

    id: str
    """The kernel's number: one mount of one namespace, however many processes share that."""
    pid: int
    target: str


def ours(device: Device) -> tuple[Mount, ...]:
    """All of them, each namespace's once. The device's shell must run as root, else it sees only its own processes."""
    answer = device.ask("grep", _OURS, Glob("/proc/[0-9]*/mountinfo"))
    found: dict[str, Mount] = {}
    for line in answer.out.splitlines():
        file, mark, entry = line.partition(":")
        fields = entry.split()
        pid = file.removeprefix("/proc/").removesuffix("/mountinfo")
        if mark and _OURS in f"{entry} " and len(fields) > 4 and pid.isdecimal():
            found.setdefault(fields[0], Mount(id=fields[0], pid=int(pid), target=fields[4]))
    return tuple(found.values())


def unmount_ours(device: Device) -> None:
    """Take them away everywhere: in the shell's namespace first, from where it spreads where Android lets it."""
    for _ in range(ROUNDS):
        own = targets_in(device, "self")
        # Lazily, since an app may have a certificate open; the latest first.
        device.change_each(("umount", "-l", target) for target in reversed(own))
        elsewhere = ours(device)
        device.change_each(inside(mount.pid, "/bin/umount", "-l", mount.target) for mount in elsewhere)
        if device.dry or (not own and not elsewhere):
            return


def targets_in(device: Device, pid: str) -> list[str]:
    """What of ours a process sees, in the order in which it was mounted; `self` is the device's shell."""
    listed = device.ask("cat", f"/proc/{pid}/mountinfo").out.splitlines()
    return [line.split()[4] for line in listed if _OURS in f"{line} "]


def inside(pid: int, *words: str) -> tuple[str, ...]:
    """A command run in the mount namespace of a process."""
    return ("nsenter", f"--mount=/proc/{pid}/ns/mnt", "--", *words)


def options_of(device: Device, target: str) -> tuple[str, str]:
    """The mount that holds this folder, and whether it is `ro` or `rw`."""
    best = ("/", "ro")
    for line in device.ask("cat", "/proc/mounts").out.splitlines():
        fields = line.split()
        if len(fields) > 3 and f"{target}/".startswith(f"{fields[1].rstrip('/')}/") and len(fields[1]) >= len(best[0]):
            best = (fields[1], "rw" if "rw" in fields[3].split(",") else "ro")
    return best
