"""The CA into the user store: by root without a screen, else by hand."""

from collections.abc import Callable
from pathlib import Path

from pinprobe.device.authority import Authority
from pinprobe.device.become_root import become_root
from pinprobe.device.errors import DeviceError
from pinprobe.device.facts import DeviceFacts
from pinprobe.device.keeper import Keeper
from pinprobe.device.parts import OWN, keep_file
from pinprobe.device.stores import USER_DIR, Place, free_name, user_place

STAGED = f"{OWN}ca.pem"
BY_HAND = "/sdcard/Download/pinprobe-ca.crt"
OWNER = "system:system"

Say = Callable[[str], None]

INSTRUCTIONS = """\
This device gives no root, so the CA must be installed on its screen. The file is in its folder Download: pinprobe-ca.crt
  1. Set a screen lock, if there is none: most versions ask for one.
  2. Settings, Security (and privacy), Encryption and credentials, Install a certificate, CA certificate; the warning is
     meant: confirm it, and choose pinprobe-ca.crt.
  3. Check: Settings, Security, Encryption and credentials, Trusted credentials, User: it lists mitmproxy.
  4. Restart the app. It heeds this store only if it says so in its network security config, or targets Android 6.
Then: pinprobe run PACKAGE --ca-store user --ca-by-hand
Undo: remove it in the same list; `pinprobe device restore` takes the file away."""


def install_user(keeper: Keeper, facts: DeviceFacts, authority: Authority, pem: Path, say: Say) -> tuple[Place, ...]:
    """Put the CA where user-added ones are; returns the place, checked, or nothing where it must be done by hand."""
    device = keeper.device
    if not facts.root_allowed:
        keep_file(keeper, BY_HAND)
        device.adb_change("push", str(pem), BY_HAND)
        say(INSTRUCTIONS)
        return ()
    become_root(keeper)
    if not device.dry and (found := user_place(device, authority)).holds:
        say("the CA is in the user store already: nothing is changed")
        return (found,)
    keep_file(keeper, STAGED)
    keep_file(keeper, f"{USER_DIR}/")
    name = free_name(device, USER_DIR, authority)
    path = f"{USER_DIR}/{name}"
    keep_file(keeper, path)
    device.adb_change("push", str(pem), STAGED)
    device.change("mkdir", "-p", USER_DIR)
    device.change("chown", OWNER, USER_DIR)
    device.change("chmod", "755", USER_DIR)
    device.change("cp", STAGED, path)
    device.change("chown", OWNER, path)
    device.change("chmod", "644", path)
    device.change("restorecon", "-R", USER_DIR)
    device.change("rm", "-f", STAGED)
    if device.dry:
        return ()
    place = user_place(device, authority)
    if not place.holds:
        raise DeviceError(f"The CA was installed, but is not found in {place.text}.", "Run `pinprobe device restore`.")
    return (place,)
