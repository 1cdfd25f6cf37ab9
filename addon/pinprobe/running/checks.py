"""What must be so before anything is started or changed."""

from collections.abc import Iterator

from pinprobe.device.errors import NO_ROOT, DeviceError
from pinprobe.device.facts import DeviceFacts
from pinprobe.device.packages import PackageFacts
from pinprobe.running.plan import TEST, Plan
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


def remarks(plan: Plan, facts: DeviceFacts, app: PackageFacts) -> Iterator[str]:
    """What a user should know before."""
    if app.debuggable:
        yield "this build is debuggable: it may trust and enforce otherwise than the release"
    if not facts.root_allowed and any(part.store == "none" and TEST in part.phases for part in plan.parts):
        yield (
            "without root the user store cannot be looked at: make sure that the proxy's CA is not in it (Settings, Trusted "
            "credentials, User), else an app that trusts it would seem to validate nothing"
        )
