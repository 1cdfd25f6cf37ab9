"""What is there, what is missing, and what to do: looked at, never changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pinprobe.device import emulator, global_settings
from pinprobe.device.adb import Adb
from pinprobe.device.authority import read_authority
from pinprobe.device.ca_check import check_ca
from pinprobe.device.choice import find
from pinprobe.device.errors import DeviceError
from pinprobe.device.facts import facts_of, require_usable
from pinprobe.device.keeper import serials_kept
from pinprobe.device.packages import package_facts
from pinprobe.device.root import is_root
from pinprobe.device.shell import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the doctor's."""

    ok: bool | None
    """None for what may be either way."""
    text: str

    def __str__(self) -> str:
        return f"{ {True: 'ok     ', False: 'missing', None: 'note   '}[self.ok] } {self.text}"


def examine(serial: str | None, confdir: Path, package: str | None) -> Iterator[Finding]:
    """Look at this computer, then at the device. Never raises."""
    yield from _computer(confdir)
    try:
        adb = Adb()
        yield _ok(f"adb: {adb.version()}")
        attached = find(adb, serial)
        device = Device(adb, attached.serial)
        facts = facts_of(device)
        require_usable(facts)
        kind = "emulator" if facts.emulator else "device"
        yield _ok(f"{kind} {attached.serial}: {facts.model}, Android {facts.release}, API {facts.api}")
    except DeviceError as error:
        yield Finding(ok=False, text=str(error))
        return
    try:
        yield from _device(device, confdir, package)
    except DeviceError as error:
        yield Finding(ok=False, text=str(error))


def _computer(confdir: Path) -> Iterator[Finding]:
    try:
        yield _ok(f"the proxy's CA: {confdir} ({read_authority(confdir).subject_hash}.0)")
    except DeviceError as error:
        yield Finding(ok=None, text=f"{error} `pinprobe run` does so by itself.")
    for name in ("emulator", "avdmanager"):
        try:
            yield _ok(f"{name}: {emulator.tool(name)}")
        except DeviceError as error:
            yield Finding(ok=None, text=f"{error} Only emulator-create and emulator-start need it.")
    for serial in serials_kept():
        yield Finding(
            ok=False, text=f"{serial} still carries changes of pinprobe's: pinprobe device restore --device {serial}"
        )


def _device(device: Device, confdir: Path, package: str | None) -> Iterator[Finding]:
    facts = facts_of(device)
    if facts.root_allowed:
        yield _ok(f"root: {'adbd runs as root' if is_root(device) else 'allowed (`adb root`)'}")
    elif facts.play:
        yield Finding(ok=False, text="root: this image has the Play store and gives none; use scripts/emulator-create")
    else:
        yield Finding(ok=False, text="root: this device gives none; the CA can only go to the user store, by hand")
    proxy = global_settings.get(device, "http_proxy")
    yield Finding(ok=None, text=f"proxy setting: {proxy if proxy not in (None, ':0') else 'none'}")
    try:
        for place in check_ca(device, facts, read_authority(confdir), package):
            yield Finding(ok=None, text=f"the proxy's CA is {'' if place.holds else 'not '}in {place.text}")
    except DeviceError:
        pass
    if package is not None:
        app = package_facts(device, package)
        yield _ok(f"{package} {app.version_name}: uid {app.uid}, targets API {app.target_sdk}")
        if app.debuggable:
            yield Finding(ok=None, text="this build is debuggable: it may trust and enforce otherwise than the release")


def _ok(text: str) -> Finding:
    return Finding(ok=True, text=text)
