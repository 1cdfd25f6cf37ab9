"""One session: the proxy starts, the device is changed, the app is used, the device is put back, the proxy ends."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pinprobe.device import apps
from pinprobe.device.authority import CERTIFICATE, read_authority
from pinprobe.device.become_root import become_root
from pinprobe.device.ca_check import check_ca
from pinprobe.device.ca_install import INSTALLERS
from pinprobe.device.errors import DeviceError
from pinprobe.device.facts import DeviceFacts
from pinprobe.device.keeper import Keeper
from pinprobe.device.proxy import proxy_on
from pinprobe.device.restore import restore
from pinprobe.device.shell import Device
from pinprobe.device.stores import APEX_DIR, SYSTEM_DIR, USER_DIR
from pinprobe.running.driving import Driver
from pinprobe.running.interrupts import Interrupts, Stopped
from pinprobe.running.plan import IDLE, WIREGUARD, Part, Plan
from pinprobe.running.proxy import Proxy, command_line, find_mitmdump, require_free

BY_HAND_HOW = "Put it there (pinprobe device ca-install --store user says how), or leave --ca-by-hand out."
OF_STORE = {"system": frozenset({SYSTEM_DIR, APEX_DIR}), "user": frozenset({USER_DIR})}

Say = Callable[[str], None]
Mark = Callable[[Path, str], None]
"""Tells the proxy that records into this folder that a phase begins; waits until it is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all sessions of a run share."""

    plan: Plan
    device: Device
    facts: DeviceFacts
    keeper: Callable[[], Keeper]
    """Reads the file anew each time."""
    addon: Path
    say: Say
    mark: Mark
    interrupts: Interrupts
    tunnel: Callable[[], None]
    """Leads the app through the WireGuard listener; keeps what it changes in the same file."""


def perform(stage: Stage, part: Part, made: Callable[[Path], None]) -> None:
    """Record one session; `made` is told its folder as soon as there is one.

    However it ends, the device is put back and the proxy writes its report. Raises `DeviceError`, or `Stopped`.
    """
    plan = stage.plan
    require_free(plan.port, plan.via)
    first = IDLE if plan.idle_s > 0 else part.phases[0]
    proxy = Proxy(
        find_mitmdump(),
        command_line(stage.addon, plan.listening, options_of(stage, part, first), plan.arguments),
        port=plan.port,
        via=plan.via,
        reports=plan.reports,
        app=plan.package,
        say=stage.say,
    )
    stage.say(f"{part.id}: {part.says}")
    trouble: DeviceError | None = None
    try:
        try:
            _record(stage, part, proxy, first, made)
        except DeviceError as error:
            trouble = error
            raise
        finally:
            with stage.interrupts.shielded():
                _end(stage, proxy, trouble)
    except Stopped:
        # The signal may have come just before the shield went up. Both can be done twice.
        _end(stage, proxy, None)
        raise
    stage.interrupts.check()


def _record(stage: Stage, part: Part, proxy: Proxy, first: str, made: Callable[[Path], None]) -> None:
    # Before the proxy starts, which may ask the device as well: adbd's restart would cut that off.
    if part.id != "R0" and stage.facts.root_allowed:
        become_root(stage.keeper())
    folder = proxy.start()
    made(folder)
    _prepare(stage, part)
    _phases(stage, part, proxy, folder, first)
    require_still_there(stage, part)


def _end(stage: Stage, proxy: Proxy, trouble: DeviceError | None) -> None:
    try:
        put_back(stage, trouble)
    finally:
        proxy.stop()


def options_of(stage: Stage, part: Part, first: str) -> tuple[tuple[str, str], ...]:
    """What the addon is told. The serial goes to `pinprobe_adb` alone, which no file of the session holds."""
    plan = stage.plan
    ours = (
        ("confdir", str(plan.confdir)),
        ("pinprobe_app", plan.package),
        ("pinprobe_reports", str(plan.reports)),
        ("pinprobe_ca_store", part.store),
        ("pinprobe_phase", first),
        ("pinprobe_device", stage.facts.model),
        ("pinprobe_android_api", str(stage.facts.api)),
        *((("pinprobe_listeners", f"{plan.port}={plan.package}"),) if plan.via == WIREGUARD else ()),
        *plan.options,
    )
    # mitmproxy refuses an option that is given twice: the user's own word counts.
    given = {word.partition("=")[0] for word in plan.arguments}
    return tuple((name, value) for name, value in ours if name not in given)


def _prepare(stage: Stage, part: Part) -> None:
    plan, facts = stage.plan, stage.facts
    keeper = stage.keeper()
    apps.stop(stage.device, plan.package)
    if part.id != "R0":
        _require_nowhere_else(stage, keeper, part)
    if part.store in INSTALLERS and not (part.store == "user" and plan.by_hand):
        authority = read_authority(plan.confdir)
        INSTALLERS[part.store](keeper, facts, authority, plan.confdir / CERTIFICATE, stage.say)
        stage.say(f"the CA is in the {part.store} store")
    if plan.via == WIREGUARD:
        stage.tunnel()
    else:
        address = proxy_on(stage.device, keeper, port=plan.port, emulator=facts.emulator)
        stage.say(f"the device's proxy is {address}")


def _require_nowhere_else(stage: Stage, keeper: Keeper, part: Part) -> None:
    """Raise `DeviceError` where the CA is in another store than this session's: its verdicts would rest on an error."""
    if stage.facts.root_allowed:
        become_root(keeper)  # only root sees the user store
    places = check_ca(stage.device, stage.facts, read_authority(stage.plan.confdir))
    own = OF_STORE.get(part.store, frozenset())
    if stage.plan.by_hand:  # as where a module copies user-added CAs into the system store
        own |= OF_STORE.get(stage.plan.own_word("pinprobe_ca_store") or "", frozenset())
    if wrong := [place.text for place in places if place.holds and place.folder not in own]:
        raise DeviceError(
            f"The CA is on the device already, in {wrong[0]}: {part.id} ({part.says}) would not be what it says.",
            "Take it away: pinprobe device restore (scripts/restore), or where it was put by hand; or name its store: "
            "--ca-store.",
        )
    by_hand = stage.plan.by_hand and stage.facts.root_allowed and not stage.device.dry
    if by_hand and not any(place.holds for place in places):
        raise DeviceError("The CA is not in the device's user store, where --ca-by-hand says it is.", BY_HAND_HOW)


def require_still_there(stage: Stage, part: Part) -> None:
    """Raise `DeviceError` where the CA that was installed is gone by the end: refusals since then look like a pin."""
    if part.store not in INSTALLERS or stage.plan.by_hand:
        return
    places = check_ca(stage.device, stage.facts, read_authority(stage.plan.confdir))
    if gone := [place.text for place in places if place.folder in OF_STORE[part.store] and not place.holds]:
        raise DeviceError(
            f"The CA is no longer in {gone[0]}, though it was installed there: a zygote, or the device, has restarted. What "
            "refused since then may merely not trust it, so this session's verdicts do not hold.",
            "Record it again.",
        )


def _phases(stage: Stage, part: Part, proxy: Proxy, folder: Path, first: str) -> None:
    plan = stage.plan
    driver = Driver(
        device=stage.device,
        package=plan.package,
        api=stage.facts.api,
        explore=plan.explore,
        seed=len(plan.package),
        say=stage.say,
        watch=proxy.require_running,
    )
    if first == IDLE:
        driver.wait("idle: leave the device alone", plan.idle_s)
    for phase in part.phases:
        if phase != first:
            stage.mark(folder, phase)
        driver.use(phase, plan.seconds, clear=plan.clear)


def put_back(stage: Stage, trouble: DeviceError | None) -> None:
    """End the app, and make the device what it was. Raises `DeviceError` that names the way on, and what was wrong before."""
    try:
        try:
            apps.stop(stage.device, stage.plan.package)
        finally:
            keeper = stage.keeper()
            if keeper.kept:
                restore(keeper)
                stage.say("the device is as before")
    except DeviceError as error:
        raise DeviceError(
            f"{trouble.what + ' ' if trouble is not None else ''}The device could not be put back: {error.what}",
            "Connect it again, then: pinprobe device restore (scripts/restore).",
        ) from error


def rehearse(stage: Stage) -> None:
    """Print what would be done; the device is a dry one."""
    plan = stage.plan
    for part in plan.parts:
        first = IDLE if plan.idle_s > 0 else part.phases[0]
        stage.say(f"{part.id}: {part.says}")
        stage.say(
            shlex.join(
                ["mitmdump", *command_line(stage.addon, plan.listening, options_of(stage, part, first), plan.arguments)]
            )
        )
        _prepare(stage, part)
        for phase in part.phases:
            stage.say(f"{phase}: {plan.seconds:g} s")
            if plan.clear:
                apps.clear(stage.device, plan.package)
            apps.launch(stage.device, plan.package)
            apps.stop(stage.device, plan.package)
        stage.say("then everything is put back: pinprobe device restore")
