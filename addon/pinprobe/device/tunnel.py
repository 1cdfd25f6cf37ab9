"""A tunnel of Android's WireGuard app, put there and brought up by root, without its screen.

The app must allow remote control, a switch of its own that is set by hand: it is in a file that the running app owns.
"""

import re
from pathlib import Path

from pinprobe.device.become_root import become_root
from pinprobe.device.errors import DeviceError
from pinprobe.device.keeper import Keeper
from pinprobe.device.packages import package_facts
from pinprobe.device.parts import OWN, TUNNEL, keep_file
from pinprobe.device.vpn import APP, CONSENT, broadcast, interfaces

FILES = f"/data/data/{APP}/files"
STAGED = f"{OWN}tunnel.conf"
REMOTE_CONTROL = (
    "In the WireGuard app: menu, Settings, Advanced, Allow remote control apps. Without it the app ignores the request; "
    "then switch the tunnel on in its list."
)
_NAME = re.compile(r"[a-zA-Z0-9_=+.-]{1,15}")


def tunnel_on(keeper: Keeper, config: Path, name: str) -> None:
    """Put this configuration there under this name, and ask the app to bring it up. Raises `DeviceError` where the device
    gives no root, or has no WireGuard app. Whether the tunnel is up is seen at the proxy."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a tunnel")
    device = keeper.device
    app = package_facts(device, APP)
    if app.uid is None:
        raise DeviceError(f"The device does not say the user id of {APP}.", "Import the configuration by hand.")
    if TUNNEL.id not in keeper.kept and (up := interfaces(device)):
        # Ours would end it, and nothing here could bring it up again.
        raise DeviceError(
            f"A VPN is up on the device ({up[0]}), and Android allows one at a time.",
            "Switch it off there first, always-on too, and on again afterwards.",
        )
    become_root(keeper)
    path = f"{FILES}/{name}.conf"
    keep_file(keeper, STAGED)
    keep_file(keeper, path)
    keeper.keep_value(TUNNEL, {"name": name, "consent": TUNNEL.read(device, None)["consent"]})
    # The app reads its folder when it starts.
    device.change("am", "force-stop", APP)
    device.adb_change("push", str(config), STAGED)
    device.change("cp", STAGED, path)
    device.change("chown", f"{app.uid}:{app.uid}", path)
    device.change("chmod", "600", path)
    device.change("restorecon", "-R", FILES)
    device.change("rm", "-f", STAGED)
    device.change("appops", "set", APP, CONSENT, "allow")
    broadcast(device, "SET_TUNNEL_UP", name)


def tunnel_off(keeper: Keeper) -> bool:
    """Take it down and put the device's consent back; False where none of ours is known. The file goes at `restore`."""
    if (kept := keeper.kept.get(TUNNEL.id)) is None:
        return False
    TUNNEL.undo(keeper.device, kept)
    if not keeper.device.dry:
        keeper.forget(TUNNEL)
    return True
