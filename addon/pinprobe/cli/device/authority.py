"""pinprobe device ca-install, ca-check."""

import argparse

from pinprobe.cli.device.common import UNDO, add_confdir, add_verb, checked, keeper_of, ready
from pinprobe.cli.exits import Exit
from pinprobe.device import names
from pinprobe.device.authority import CERTIFICATE, read_authority
from pinprobe.device.ca_check import check_ca
from pinprobe.device.ca_install import INSTALLERS
from pinprobe.device.stores import Place


def add_install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb's arguments."""
    parser = add_verb(verbs, "ca-install", "put the proxy's CA into a store of the device", install)
    add_confdir(parser)
    parser.add_argument("--store", choices=[*INSTALLERS], default="system", help="default: %(default)s")


def add_check(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb's arguments."""
    parser = add_verb(
        verbs, "ca-check", "say in which stores the proxy's CA is, by its fingerprint", check, changes=False
    )
    add_confdir(parser)
    parser.add_argument(
        "package",
        nargs="?",
        type=checked(names.package_name),
        metavar="PACKAGE",
        help="look into this app's running processes, too",
    )


def install(options: argparse.Namespace) -> Exit:
    """Put the proxy's CA into a store of the device, and check by its fingerprint that it is there. The system store needs
    root: up to Android 9 the file goes into /system itself, from 10 on a mount covers the store until the next start, from
    14 on also in every zygote and every app. The user store without root is done by hand: it says how."""
    device, facts = ready(options)
    confdir = options.confdir.expanduser()
    authority = read_authority(confdir)
    with keeper_of(device) as keeper:
        places = INSTALLERS[options.store](keeper, facts, authority, confdir / CERTIFICATE, print)
    _tell(places)
    print("restart the app: each process reads its store once")
    print(UNDO)
    return Exit.DONE


def check(options: argparse.Namespace) -> Exit:
    """Say in which stores the proxy's CA is, by its fingerprint. Root sees them all; else only the system store is read.
    Ends with 0 if one of them holds it."""
    device, facts = ready(options)
    places = check_ca(device, facts, read_authority(options.confdir.expanduser()), options.package)
    _tell(places)
    return Exit.DONE if any(place.holds for place in places) else Exit.DEVICE


def _tell(places: tuple[Place, ...]) -> None:
    for place in places:
        print(f"{'yes' if place.holds else 'no ':3} {place.text}")
