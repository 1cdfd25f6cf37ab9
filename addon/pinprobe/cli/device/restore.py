"""pinprobe device restore."""

import argparse

from pinprobe.cli.device.common import add_verb, keeper_of
from pinprobe.cli.exits import Exit
from pinprobe.device.adb import Adb
from pinprobe.device.choice import find
from pinprobe.device.restore import restore
from pinprobe.device.shell import Device


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb's arguments."""
    add_verb(verbs, "restore", "put the device back to what it was before pinprobe's first change", run)


def run(options: argparse.Namespace) -> Exit:
    """Put the device back to what it was before pinprobe's first change, and compare. Can be run again, also after a crash
    or a power cut at any point. What pinprobe never changes: apps, their data, and a CA that was installed by hand."""
    adb = Adb()
    device = Device(adb, find(adb, options.device).serial, dry=options.dry_run)
    with keeper_of(device) as keeper:
        if not keeper.kept:
            print("nothing to restore: no change of pinprobe's is recorded for this device")
            return Exit.DONE
        done = restore(keeper)
    for part in done.parts:
        print(f"{'would be' if device.dry else 'as'} {'put back' if device.dry else 'before'}: {part.title}")
    return Exit.DONE
