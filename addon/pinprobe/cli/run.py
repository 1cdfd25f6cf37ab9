"""pinprobe run: from a package's name to a report."""

import argparse
import sys
from pathlib import Path

from pinprobe.cli import mark
from pinprobe.cli.device import wireguard
from pinprobe.cli.exits import Exit, Failed
from pinprobe.cli.journals import Rebuilt, rebuild
from pinprobe.cli.path import PLACES
from pinprobe.cli.run_arguments import add_arguments, proxy_arguments, proxy_options
from pinprobe.device.adb import Adb
from pinprobe.device.alone import alone
from pinprobe.device.choice import find
from pinprobe.device.errors import DeviceError
from pinprobe.device.facts import DeviceFacts, facts_of, require_usable
from pinprobe.device.keeper import Keeper
from pinprobe.device.packages import PackageFacts, package_facts
from pinprobe.device.proxy import EMULATOR_ALIAS
from pinprobe.device.shell import Device
from pinprobe.report import text
from pinprobe.report.files import refresh_index, write_reports
from pinprobe.running.checks import remarks, require_possible
from pinprobe.running.interrupts import Interrupts, Stopped
from pinprobe.running.plan import PORTS, WIREGUARD, Plan, parts_of
from pinprobe.running.session import Stage, perform, rehearse

MARK_S = 15.0
WIDTH = 100


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser("run", help=help, description=run.__doc__)
    add_arguments(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Test an app on an Android device or emulator. Keeps the device's state in a file, installs the proxy's CA, records the
    idle device, then the app relayed (control) and intercepted (test), puts the device back, prints the verdicts and where
    the report is. Ctrl-C at any moment ends it the same way. Killed, it leaves the way back to: pinprobe device restore."""
    interrupts = Interrupts()
    folders: list[Path] = []
    trouble: str | None = None
    try:
        with interrupts.heeded():
            stage = _stage(options, interrupts)
            if options.dry_run:
                rehearse(stage)
                return Exit.DONE
            with alone(stage.device):
                for part in stage.plan.parts:
                    perform(stage, part, folders.append)
    except DeviceError as error:
        trouble = str(error)
    except Stopped:
        trouble = "Stopped before its end." + ("" if folders else " Nothing was recorded.")
    outcome = _tell(folders) if folders else Exit.DEVICE
    if trouble is not None:
        raise Failed(Exit.DEVICE, trouble)
    return outcome


def _stage(options: argparse.Namespace, interrupts: Interrupts) -> Stage:
    """Look at everything, and change nothing yet."""
    if options.ca_by_hand and (options.ca_store != "user" or options.runs):
        raise Failed(Exit.USAGE, "--ca-by-hand goes with --ca-store user, and not with --runs.")
    for apk in options.apk:
        if not apk.exists():
            raise Failed(Exit.USAGE, f"--apk {apk}: there is no such file or folder.")
    adb = Adb()
    device = Device(adb, find(adb, options.device).serial, dry=options.dry_run)
    facts = facts_of(device)
    require_usable(facts)
    app = package_facts(device, options.package)
    if options.via == WIREGUARD and not (options.host or facts.emulator):
        raise Failed(Exit.USAGE, "--via wireguard needs --host HOST: this computer, as the device reaches it.")
    plan = Plan(
        package=app.package,
        parts=parts_of(options.runs, options.ca_store, root=facts.root_allowed),
        idle_s=options.idle,
        seconds=options.seconds,
        explore=options.explore,
        via=options.via,
        port=options.port or PORTS[options.via],
        anywhere=options.via == WIREGUARD and not facts.emulator,
        reports=options.reports,
        confdir=options.confdir.expanduser(),
        clear=options.clear,
        by_hand=options.ca_by_hand,
        options=proxy_options(options, device.serial),
        arguments=proxy_arguments(options),
    )
    require_possible(plan, facts)
    _agree(options, plan, device, facts, app)
    return Stage(
        plan=plan,
        device=device,
        facts=facts,
        keeper=lambda: Keeper(device),
        addon=PLACES["addon"],
        say=_say,
        mark=_mark,
        interrupts=interrupts,
        tunnel=lambda: _tunnel(options, plan, device, facts),
    )


def _tunnel(options: argparse.Namespace, plan: Plan, device: Device, facts: DeviceFacts) -> None:
    """As `pinprobe device wireguard-on` does: by itself where there is root, else by hand."""
    asked = argparse.Namespace(
        package=plan.package,
        confdir=plan.confdir,
        host=options.host or EMULATOR_ALIAS,
        port=plan.port,
        out=None,
        no_qr=facts.root_allowed,
        install=facts.root_allowed,
        device=device.serial,
        dry_run=options.dry_run,
    )
    wireguard.on(asked)
    by_itself = options.yes and facts.root_allowed
    if not (options.dry_run or by_itself):
        # Without root a person has to scan the code, whatever else was agreed to.
        if not sys.stdin.isatty():
            raise Failed(Exit.DEVICE, "Without root a person puts the tunnel up by hand: run it in a terminal.")
        _answer("press Enter once the tunnel is up ")


def _agree(options: argparse.Namespace, plan: Plan, device: Device, facts: DeviceFacts, app: PackageFacts) -> None:
    """Say what will happen, and ask."""
    _say(f"{app.package} {app.version_name} on {device.serial}; about {_long(plan.takes_s)}")
    for remark in remarks(plan, facts, app):
        _say(f"note: {remark}")
    if Keeper(device).kept:
        _say(
            "note: the device still carries changes from before (ca-install, proxy-on, or a run that was killed); they "
            "are undone at the end, too"
        )
    if options.dry_run or options.yes:
        return
    if not sys.stdin.isatty():
        raise Failed(
            Exit.USAGE, "The device is about to be changed: say --yes, or --dry-run to see what would be done."
        )
    clears = " The app's data is deleted, which cannot be undone." if plan.clear else ""
    _say(f"The CA and the proxy setting are put on the device, and taken away at the end.{clears}")
    if _answer("go on? [y/N] ").lower() not in {"y", "yes"}:
        raise Failed(Exit.DEVICE, "Nothing was changed.")


def _tell(folders: list[Path]) -> Exit:
    """The verdicts, of one session or of all together, and where the report is."""
    rebuilt = rebuild(folders)
    print()
    print(text.render(rebuilt.report, width=WIDTH))
    print(f"\nreport: {_written(rebuilt, joint=len(folders) > 1) / 'report.html'}")
    return rebuilt.outcome


def _written(rebuilt: Rebuilt, *, joint: bool) -> Path:
    if joint:
        write_reports(rebuilt.folder, rebuilt.report)
        if rebuilt.reports is not None:
            refresh_index(rebuilt.reports)
    return rebuilt.folder


def _mark(folder: Path, phase: str) -> None:
    """As `pinprobe mark` does."""
    try:
        mark.tell(folder, phase, MARK_S)
    except Failed as error:
        raise DeviceError(str(error), "Nothing of this phase was recorded.") from error


def _long(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds"


def _answer(question: str) -> str:
    """A person's answer; nothing where the terminal's input ends."""
    try:
        return input(f"pinprobe: {question}").strip()
    except EOFError:
        return ""


def _say(line: str) -> None:
    print(f"pinprobe: {line}", flush=True)
