"""Where on the device the CA is, by fingerprint: in the stores, and in what a running app sees of them."""

from pinprobe.device.authority import Authority
from pinprobe.device.facts import DeviceFacts
from pinprobe.device.processes import of_app, processes
from pinprobe.device.root import is_root
from pinprobe.device.shell import Device
from pinprobe.device.stores import APEX_DIR, APEX_FROM_API, SYSTEM_DIR, Place, file_in, system_places, user_place


def check_ca(device: Device, facts: DeviceFacts, authority: Authority, package: str | None = None) -> tuple[Place, ...]:
    """Look at every place that can be looked at. Without root that is the system store as the shell sees it."""
    if not is_root(device):
        folders = (SYSTEM_DIR, APEX_DIR) if facts.api >= APEX_FROM_API else (SYSTEM_DIR,)
        return tuple(
            Place(text=folder, folder=folder, holds=file_in(device, folder, authority) is not None)
            for folder in folders
        )
    places = [user_place(device, authority), *system_places(device, facts.api, authority)]
    if package is not None:
        read = APEX_DIR if facts.api >= APEX_FROM_API else SYSTEM_DIR
        for pid in of_app(processes(device, facts.api), package):
            seen = f"/proc/{pid}/root{read}"
            places.append(
                Place(
                    text=f"{read} in the app's process {pid}",
                    folder=read,
                    holds=file_in(device, seen, authority) is not None,
                )
            )
    return tuple(places)
