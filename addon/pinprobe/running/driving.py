"""A phase of the app's: it is started, used or left to the user, watched, and ended."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from pinprobe.device import apps
from pinprobe.device.errors import DeviceError
from pinprobe.device.shell import Device

TELL_S = 10.0
"""Between two words on how long it still takes."""
LOOK_S = 5.0
"""Between two looks at whether the app still runs."""
GLANCE_S = 0.25
RESTARTS = 3
"""An app that ends by itself in a phase is started again so often."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """Uses one app on one device."""

    device: Device
    package: str
    api: int
    explore: str
    seed: int
    say: Say
    watch: Callable[[], None]
    """Called often; raises where going on makes no sense."""
    sleep: Callable[[float], None] = time.sleep

    def wait(self, what: str, seconds: float, each: Callable[[], None] | None = None) -> None:
        """Let time pass, and say how much is left."""
        end_s = time.monotonic() + seconds
        told_s = time.monotonic()
        self.say(f"{what}: {seconds:.0f} s")
        while (left_s := end_s - time.monotonic()) > 0:
            self.watch()
            if each is not None:
                each()
            if time.monotonic() - told_s >= TELL_S:
                told_s += TELL_S
                self.say(f"{what}: {left_s:.0f} s left")
            self.sleep(max(0.0, min(GLANCE_S, end_s - time.monotonic())))

    def use(self, phase: str, seconds: float, *, clear: bool) -> None:
        """One phase of the app's. Raises `DeviceError` for an app that crashes at its start, or again and again."""
        if clear:
            apps.clear(self.device, self.package)
        began_s = time.monotonic()
        apps.launch(self.device, self.package)
        apps.require_started(self.device, self.package, self.api, self.sleep)
        looked_s = time.monotonic()
        restarts = 0
        calls = 0

        def look() -> None:
            nonlocal looked_s, restarts, calls
            if self.explore == "monkey":
                calls += 1
                apps.monkey(self.device, self.package, self.seed + calls)
            if time.monotonic() - looked_s < LOOK_S:
                return
            looked_s = time.monotonic()
            if apps.is_running(self.device, self.package, self.api):
                return
            restarts += 1
            if restarts > RESTARTS:
                raise DeviceError(
                    f"{self.package} ends again and again: it was started {RESTARTS + 1} times in the {phase} phase.",
                    "Start it by hand and look why: adb logcat -b crash.",
                )
            self.say(f"{self.package} has ended; it is started again")
            apps.launch(self.device, self.package)

        doing = "is driven" if self.explore == "monkey" else "use it: every screen, each more than once"
        left_s = max(0.0, seconds - (time.monotonic() - began_s))
        self.wait(f"{phase}: {self.package} runs; {doing}", left_s, look)
        apps.stop(self.device, self.package)
