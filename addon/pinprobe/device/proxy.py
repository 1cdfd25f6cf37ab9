"""The device's own proxy setting, which most apps heed and Flutter, native code and UDP do not."""

from pinprobe.device import global_settings
from pinprobe.device.errors import DeviceError
from pinprobe.device.keeper import Json, Keeper
from pinprobe.device.parts import PROXY, PROXY_KEYS, REVERSE
from pinprobe.device.reverse import add
from pinprobe.device.shell import Device

EMULATOR_ALIAS = "10.0.2.2"
"""What an emulator calls this computer's own loopback."""
LOOPBACK = "127.0.0.1"


def proxy_on(device: Device, keeper: Keeper, *, port: int, emulator: bool, host: str | None = None) -> str:
    """Send the device's traffic to this port of this computer; returns the address that the device was told.

    Without a `host`, an emulator uses its alias for this computer; any other device reaches it through `adb reverse`.
    Raises `DeviceError` where the device does not keep the setting.
    """
    if host is None and not emulator:
        keeper.keep(REVERSE)
        add(device, port)
    address = f"{host or (EMULATOR_ALIAS if emulator else LOOPBACK)}:{port}"
    keeper.keep(PROXY)
    # An address of a configuration file would win over the proxy.
    global_settings.put(device, "global_proxy_pac_url", None)
    global_settings.put(device, "http_proxy", address)
    if not device.dry and (now := global_settings.get(device, "http_proxy")) != address:
        raise DeviceError(
            f"The device does not keep its proxy setting (it says {now}).",
            "A device owner or a VPN may forbid it: use --via wireguard, or the Wi-Fi's own proxy setting.",
        )
    return address


def proxy_off(device: Device, keeper: Keeper) -> None:
    """Put back what was kept; where nothing is kept, no proxy."""
    none: Json = dict.fromkeys(PROXY_KEYS)
    PROXY.undo(device, keeper.kept.get(PROXY.id, none))
    if PROXY.id in keeper.kept and not device.dry:
        keeper.forget(PROXY)
