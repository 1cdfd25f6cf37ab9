"""The stores of a device that the proxy's CA can be put into by a command, and what puts it there."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pinprobe.device.authority import Authority
from pinprobe.device.ca_system import Say, install_system
from pinprobe.device.ca_user import install_user
from pinprobe.device.facts import DeviceFacts
from pinprobe.device.keeper import Keeper
from pinprobe.device.stores import Place

Install = Callable[[Keeper, DeviceFacts, Authority, Path, Say], tuple[Place, ...]]

INSTALLERS: Mapping[str, Install] = {"system": install_system, "user": install_user}
