"""pinprobe device proxy-on, proxy-off."""

import argparse

from pinprobe.cli.device.common import UNDO, add_verb, checked, keeper_of, ready
from pinprobe.cli.exits import Exit
from pinprobe.device import names
from pinprobe.device.proxy import LOOPBACK, proxy_off, proxy_on

PORT = 8080


def add_on(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb's arguments."""
    parser = add_verb(verbs, "proxy-on", "send the device's traffic to the proxy", on)
    parser.add_argument(
        "--port", type=checked(names.port), default=PORT, metavar="PORT", help="of the proxy; default: %(default)s"
    )
    parser.add_argument(
        "--host",
        type=checked(names.host),
        metavar="HOST",
        help="this computer, as the device reaches it; default: the emulator's alias, or `adb reverse`",
    )
    parser.add_argument("--reverse", action="store_true", help="use `adb reverse` on an emulator, too")


def add_off(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb's arguments."""
    add_verb(verbs, "proxy-off", "put the device's proxy setting back", off)


def on(options: argparse.Namespace) -> Exit:
    """Send the device's traffic to the proxy on this computer: an emulator by its alias 10.0.2.2, any other device through
    the USB cable (`adb reverse`). Apps that ignore the setting (Flutter, native code) and QUIC are not caught."""
    device, facts = ready(options)
    by_alias = facts.emulator and not options.reverse
    with keeper_of(device) as keeper:
        address = proxy_on(device, keeper, port=options.port, emulator=by_alias, host=options.host)
    print(f"proxy: {address}{' (adb reverse)' if address.startswith(LOOPBACK) else ''}; restart the app")
    print("undo: pinprobe device proxy-off (scripts/proxy-off), or all at once: pinprobe device restore")
    return Exit.DONE


def off(options: argparse.Namespace) -> Exit:
    """Put the device's proxy setting back to what it was; to none, where that is not known."""
    device, _ = ready(options)
    with keeper_of(device) as keeper:
        proxy_off(device, keeper)
    print(f"the proxy setting is as it was; all else: {UNDO.removeprefix('undo: ')}")
    return Exit.DONE
