"""PARTS: everything that pinprobe may change on a device, how it is read, and how it is put back, in this order."""

from pinprobe.device import global_settings, mounts, reverse, vpn
from pinprobe.device.keeper import Json, Keeper, Part
from pinprobe.device.root import is_root, to_root, to_shell
from pinprobe.device.shell import Device

PROXY_KEYS = (
    "http_proxy",
    "global_http_proxy_host",
    "global_http_proxy_port",
    "global_http_proxy_exclusion_list",
    "global_proxy_pac_url",
)
"""Android writes the second to fourth itself when the first changes."""
NO_PROXY = ":0"
"""Takes effect at once; deleting the setting would do so only at the next start."""
SYSTEM = "/system"
PRIVATE = ("/data/misc", "/data/data")
"""Only root can look below these folders."""
OWN = "/data/local/tmp/pinprobe-"
"""What begins so is ours, folders with all they hold."""


def _proxy(device: Device, _kept: Json) -> Json:
    return global_settings.several(device, PROXY_KEYS)


def _proxy_back(device: Device, kept: Json) -> None:
    now = _proxy(device, None)
    if now == kept:
        return
    if kept["http_proxy"] is None:
        global_settings.put(device, "http_proxy", NO_PROXY)
    # The second time because Android may answer one change with others of its own.
    for _ in range(2):
        now = _proxy(device, None)
        for key in PROXY_KEYS:
            if now[key] != kept[key]:
                global_settings.put(device, key, kept[key])


def _files(device: Device, kept: Json) -> Json:
    paths = list(kept or {})
    if any(path.startswith(PRIVATE) for path in paths):
        to_root(device)
    return {path: _is_there(device, path, bool(kept[path])) for path in paths}


def _is_there(device: Device, path: str, before: bool) -> bool:
    """Whether it exists. A folder that was made, and into which somebody has put something since, counts as theirs."""
    if not device.succeeds("test", "-e", path):
        return False
    return before or not path.endswith("/") or not device.ask("ls", path).out.strip()


def _files_back(device: Device, kept: Json) -> None:
    now = _files(device, kept)
    for path in reversed(list(kept)):
        # A folder is looked at again, since what was in it may be gone by now.
        if kept[path] or not (now[path] or (path.endswith("/") and _is_there(device, path, False))):
            continue
        if path.startswith(SYSTEM):
            to_root(device)
            if mounts.options_of(device, path)[1] == "ro":
                device.adb_change("remount")
        if path.endswith("/"):
            # A folder that was made: it goes only if nobody put anything else into it.
            device.change("rmdir", path, may_fail=True)
        else:
            device.change("rm", "-rf" if path.startswith(OWN) else "-f", path)


def keep_file(keeper: Keeper, path: str) -> None:
    """Before a file is made at this path, or a folder, whose path ends in a slash."""
    keeper.keep_entry(FILES, path, keeper.device.succeeds("test", "-e", path))


def _mounts(device: Device, _kept: Json) -> Json:
    to_root(device)
    return sorted({mount.target for mount in mounts.ours(device)})


def _mounts_back(device: Device, _kept: Json) -> None:
    to_root(device)
    mounts.unmount_ours(device)


def _system(device: Device, _kept: Json) -> Json:
    return mounts.options_of(device, SYSTEM)[1]


def _system_back(device: Device, kept: Json) -> None:
    target, now = mounts.options_of(device, SYSTEM)
    if now != kept:
        to_root(device)
        device.change("mount", "-o", f"remount,{kept}", target)


def _root(device: Device, _kept: Json) -> Json:
    return is_root(device)


def _root_back(device: Device, kept: Json) -> None:
    if not kept:
        to_shell(device)


def _tunnel(device: Device, kept: Json) -> Json:
    # Whether it is up cannot be seen from a shell; taking down what is down does nothing.
    return {"name": (kept or {}).get("name"), "consent": vpn.consent(device)}


def _tunnel_back(device: Device, kept: Json) -> None:
    vpn.broadcast(device, "SET_TUNNEL_DOWN", kept["name"])
    if vpn.consent(device) != kept["consent"]:
        device.change("appops", "set", vpn.APP, vpn.CONSENT, kept["consent"])


def _reverse(device: Device, _kept: Json) -> Json:
    return [list(pair) for pair in reverse.pairs(device)]


def _reverse_back(device: Device, kept: Json) -> None:
    reverse.set_to(device, tuple((there, here) for there, here in kept))


PROXY = Part(id="proxy", title="the proxy setting", read=_proxy, undo=_proxy_back)
MOUNTS = Part(id="mounts", title="mounts over the CA stores", read=_mounts, undo=_mounts_back)
FILES = Part(id="files", title="files that were put there", read=_files, undo=_files_back)
SYSTEM_MOUNT = Part(id="system_mount", title="/system read-only or not", read=_system, undo=_system_back)
ROOT = Part(id="root", title="adbd as root or not", read=_root, undo=_root_back)
TUNNEL = Part(id="tunnel", title="the WireGuard tunnel", read=_tunnel, undo=_tunnel_back)
REVERSE = Part(id="reverse", title="ports of adb reverse", read=_reverse, undo=_reverse_back)

PARTS: tuple[Part, ...] = (
    PROXY,
    # Before its file goes.
    TUNNEL,
    MOUNTS,
    FILES,
    SYSTEM_MOUNT,
    ROOT,
    # Last: adbd forgets these ports whenever it restarts, as it does when root is given back.
    REVERSE,
)
