"""What the verbs share: which device, a dry run, and errors as the command line tells them."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pinprobe.cli.exits import Exit, Failed
from pinprobe.device import names
from pinprobe.device.adb import Adb
from pinprobe.device.alone import alone
from pinprobe.device.choice import find
from pinprobe.device.errors import DeviceError
from pinprobe.device.facts import DeviceFacts, facts_of, require_usable
from pinprobe.device.keeper import Keeper
from pinprobe.device.shell import Device

CONFDIR = Path("~/.mitmproxy")
UNDO = "undo: pinprobe device restore (scripts/restore)"

T = TypeVar("T")
Verb = Callable[[argparse.Namespace], Exit]


def checked(check: Callable[[str], T]) -> Callable[[str], T]:
    """A check of `device.names` as a type of argparse's."""

    def convert(text: str) -> T:
        try:
            return check(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def add_verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    help: str,
    run: Verb,
    *,
    changes: bool = True,
) -> argparse.ArgumentParser:
    """A verb with the options that all have."""
    parser = verbs.add_parser(name, help=help, description=run.__doc__)
    parser.set_defaults(run=told(run))
    add_device(parser)
    if changes:
        parser.add_argument(
            "--dry-run", action="store_true", help="print the commands that would change something, and change nothing"
        )
    return parser


def add_device(parser: argparse.ArgumentParser) -> None:
    """Which of the connected devices."""
    parser.add_argument(
        "--device",
        type=checked(names.serial),
        metavar="SERIAL",
        help="one of those that `adb devices` lists; default: the only one",
    )


def add_confdir(parser: argparse.ArgumentParser) -> None:
    """Whose CA."""
    parser.add_argument(
        "--confdir", type=Path, default=CONFDIR, metavar="FOLDER", help="mitmproxy's folder; default: %(default)s"
    )


def told(run: Verb) -> Verb:
    """The device's errors as the command line's."""

    def telling(options: argparse.Namespace) -> Exit:
        try:
            return run(options)
        except DeviceError as error:
            raise Failed(Exit.DEVICE, str(error)) from error

    telling.__doc__ = run.__doc__
    return telling


def ready(options: argparse.Namespace) -> tuple[Device, DeviceFacts]:
    """The device, once it can be worked with."""
    adb = Adb()
    device = Device(adb, find(adb, options.device).serial, dry=getattr(options, "dry_run", False))
    facts = facts_of(device)
    require_usable(facts)
    return device, facts


@contextmanager
def keeper_of(device: Device) -> Iterator[Keeper]:
    """The file that keeps what it was like; while inside, no other pinprobe changes the device."""
    with alone(device):
        yield Keeper(device)
