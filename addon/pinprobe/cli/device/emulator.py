"""pinprobe device emulator-create, emulator-start."""

import argparse

from pinprobe.cli.device.common import Verb, checked, told
from pinprobe.cli.exits import Exit
from pinprobe.device import emulator, names
from pinprobe.device.adb import Adb

NAME = "pinprobe"


def add_create(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb's arguments."""
    parser = _add(verbs, "emulator-create", "make an emulator whose image gives root", create)
    parser.add_argument(
        "--api", type=int, choices=range(23, 100), metavar="LEVEL", default=34, help="default: %(default)s"
    )
    parser.add_argument("--image", choices=emulator.IMAGES, default=emulator.IMAGES[0], help="default: %(default)s")
    parser.add_argument("--abi", choices=emulator.ABIS, default=emulator.ABIS[0], help="default: %(default)s")


def add_start(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb's arguments."""
    parser = _add(verbs, "emulator-start", "start it, and wait until Android has started on it", start)
    parser.add_argument("--no-window", action="store_true", help="without a window and sound")


def create(options: argparse.Namespace) -> Exit:
    """Make an emulator whose image gives root. An emulator of this name that is there already stays as it is."""
    emulator.create(options.name, api=options.api, image=options.image, abi=options.abi, dry=options.dry_run, say=print)
    return Exit.DONE


def start(options: argparse.Namespace) -> Exit:
    """Start an emulator, and wait until Android has started on it. It goes on by itself."""
    serial = emulator.start(Adb(), options.name, window=not options.no_window, dry=options.dry_run, say=print)
    if serial:
        print(f"{serial} has started")
    print(f"undo: adb -s {serial or 'SERIAL'} emu kill")
    return Exit.DONE


def _add(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, help: str, run: Verb
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=help, description=run.__doc__)
    parser.add_argument(
        "--name", type=checked(names.avd_name), default=NAME, help="the emulator's name; default: %(default)s"
    )
    parser.add_argument("--dry-run", action="store_true", help="print the command, and do nothing")
    parser.set_defaults(run=told(run))
    return parser
