"""What must be so before anything is started or changed."""

from pinprobe.device.errors import NO_ROOT, DeviceError
from pinprobe.device.facts import DeviceFacts
from pinprobe.device.packages import PackageFacts
from pinprobe.running.plan import Plan
from pinprobe.running.proxy import find_mitmdump, require_free

BY_HAND = (
    "Put it into the user store by hand (pinprobe device ca-install --store user says how), then add --ca-store user "
    "--ca-by-hand; most apps heed the system store alone."
)


def require_possible(plan: Plan, facts: DeviceFacts) -> None:
    """Raise `DeviceError` for what this computer or this device cannot do. Looks, and changes nothing."""
    find_mitmdump()
    require_free(plan.port, plan.via)
    stores = {part.store for part in plan.parts} - {"none"}
    if plan.by_hand:
        stores -= {"user"}
    if stores and not facts.root_allowed:
        what = (
            "This emulator's image has the Play store, and so gives no root: the CA cannot be installed by itself."
            if facts.play
            else "This device gives no root: the CA cannot be installed by itself."
        )
        raise DeviceError(what, f"{NO_ROOT} {BY_HAND}")


def remarks(app: PackageFacts) -> tuple[str, ...]:
    """What a user should know of the app before."""
    if app.debuggable:
        return ("this build is debuggable: it may trust and enforce otherwise than the release",)
    return ()
