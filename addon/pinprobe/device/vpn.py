"""What the WireGuard app is asked and allowed, from a shell."""

import re

from pinprobe.device.shell import Device

APP = "com.wireguard.android"
CONSENT = "ACTIVATE_VPN"
"""Android's word for a person's consent to an app's VPN (AppOpsManager)."""
RECEIVER = f"{APP}/.model.TunnelManager$IntentReceiver"
DEFAULT = "default"
_MODE = re.compile(rf"^{CONSENT}: (allow|ignore|deny|default|foreground)\b", re.MULTILINE)


_INTERFACE = re.compile(r"(?:tun|wg)\d{1,3}")
"""As Android names those of VPNs; tunl0 and its like are the kernel's own."""


def interfaces(device: Device) -> list[str]:
    """Interfaces of VPNs that are up, whoever brought them up; nothing where the device does not say."""
    return [name for name in device.ask("ls", "/sys/class/net").out.split() if _INTERFACE.fullmatch(name)]


def consent(device: Device) -> str:
    """The mode that is set for the app; `default` where none is."""
    found = _MODE.search(device.ask("appops", "get", APP, CONSENT).out)
    return found[1] if found else DEFAULT


def broadcast(device: Device, action: str, name: str) -> None:
    """Ask the app to do something with the tunnel of this name. It answers nobody."""
    device.change("am", "broadcast", "-a", f"{APP}.action.{action}", "-n", RECEIVER, "-e", "tunnel", name)
