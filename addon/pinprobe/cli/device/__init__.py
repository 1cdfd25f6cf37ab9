"""pinprobe device: one verb each for what a device needs; VERBS is the table, and scripts/ has a launcher for each."""

import argparse
from collections.abc import Callable

from pinprobe.cli.device import app, authority, doctor, emulator, proxy, restore, wireguard

Verbs = argparse._SubParsersAction

VERBS: tuple[Callable[["Verbs[argparse.ArgumentParser]"], None], ...] = (
    doctor.add,
    emulator.add_create,
    emulator.add_start,
    authority.add_install,
    authority.add_check,
    proxy.add_on,
    proxy.add_off,
    wireguard.add_on,
    wireguard.add_off,
    app.add_launch,
    restore.add,
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "device",
        help=help,
        description="Set up an Android device or emulator, and put it back. Before the first change of anything, what it "
        "was is kept in a file; `restore` makes it so again.",
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for verb in VERBS:
        verb(verbs)
