"""pinprobe device doctor."""

import argparse

from pinprobe.cli.device.common import add_confdir, add_verb, checked
from pinprobe.cli.exits import Exit
from pinprobe.device import names
from pinprobe.device.doctor import examine


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb's arguments."""
    parser = add_verb(verbs, "doctor", "say what is there, what is missing and what to do", run, changes=False)
    add_confdir(parser)
    parser.add_argument(
        "package", nargs="?", type=checked(names.package_name), metavar="PACKAGE", help="look at this app, too"
    )


def run(options: argparse.Namespace) -> Exit:
    """Say what is there, what is missing and what to do. Changes nothing."""
    missing = False
    for finding in examine(options.device, options.confdir.expanduser(), options.package):
        print(finding)
        missing |= finding.ok is False
    return Exit.DEVICE if missing else Exit.DONE
