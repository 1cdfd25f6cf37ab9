"""The arguments of `pinprobe run`."""

import argparse
from pathlib import Path

from pinprobe.cli.device.common import CONFDIR, add_device, checked
from pinprobe.device import names
from pinprobe.running.plan import PARTS, PORTS, STORES, VIA

LONGEST_S = 24 * 3600
EXPLORE = ("monkey", "none")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All of them."""
    add = parser.add_argument
    add("package", type=checked(names.package_name), metavar="PACKAGE", help="such as com.example.app")
    add_device(parser)
    add(
        "--apk",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="the app's package: what it declares is held against what is seen; repeatable",
    )
    add(
        "--seconds",
        type=duration,
        default=60.0,
        metavar="N",
        help="of each phase in which the app is used; default: %(default)g",
    )
    add(
        "--idle",
        type=duration,
        default=20.0,
        metavar="N",
        help="seconds before the app starts, to know the device's own traffic; default: %(default)g",
    )
    add(
        "--explore",
        choices=EXPLORE,
        default="none",
        help="monkey: random taps inside the app. none: you use it; default: %(default)s",
    )
    add(
        "--ca-store",
        choices=STORES,
        default=STORES[0],
        help="where the CA is put; auto: the system store where the device gives root, else the user's; default: "
        "%(default)s",
    )
    add("--ca-by-hand", action="store_true", help="with --ca-store user: you have installed it, and remove it yourself")
    add("--via", choices=VIA, default=VIA[0], help="how the device reaches the proxy; default: %(default)s")
    add(
        "--port",
        type=checked(names.port),
        metavar="PORT",
        help=f"of the proxy; default: {', '.join(f'{port} ({via})' for via, port in PORTS.items())}",
    )
    add(
        "--host",
        type=checked(names.host),
        metavar="HOST",
        help="with --via wireguard: this computer, as the device reaches it; an emulator's is known",
    )
    add("--reports", type=Path, default=Path("reports"), metavar="FOLDER", help="default: %(default)s")
    add("--first-party", action="append", default=[], metavar="HOST", help="as pinprobe_first_party; repeatable")
    add(
        "--runs",
        type=runs,
        default=(),
        metavar="R0,R2,R3",
        help=f"several sessions, judged together: some of {', '.join(PARTS)}; instead of --ca-store",
    )
    add("--label", default="", metavar="WORD", help="as pinprobe_label")
    add("--logcat", action="store_true", help="read the app's log for lines that name why a connection failed")
    add("--clear", action="store_true", help="delete the app's data before each phase; this cannot be undone")
    add("--confdir", type=Path, default=CONFDIR, metavar="FOLDER", help="mitmproxy's folder; default: %(default)s")
    add(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="one more option for mitmdump, pinprobe's own among them; repeatable",
    )
    add("--script", type=Path, action="append", default=[], metavar="FILE", help="one more script for it; repeatable")
    add("--yes", action="store_true", help="do not ask before the device is changed")
    add(
        "--dry-run",
        action="store_true",
        help="print the commands that would change something, and change nothing",
    )


def proxy_options(options: argparse.Namespace, serial: str) -> tuple[tuple[str, str], ...]:
    """What the addon is told of them, beyond what each session settles."""
    found = [("pinprobe_apk", str(apk)) for apk in options.apk]
    found += [("pinprobe_first_party", host) for host in options.first_party]
    if options.label:
        found.append(("pinprobe_label", options.label))
    if options.logcat:
        found += [("pinprobe_logcat", "on"), ("pinprobe_adb", serial)]
    return tuple(found)


def proxy_arguments(options: argparse.Namespace) -> tuple[str, ...]:
    """What mitmdump is told besides."""
    pairs = [("--set", value) for value in options.set] + [("-s", str(script)) for script in options.script]
    return tuple(word for pair in pairs for word in pair)


def duration(text: str) -> float:
    """Seconds, at most a day."""
    value = float(text)
    if not 0 <= value <= LONGEST_S:
        raise argparse.ArgumentTypeError(f"0 to {LONGEST_S} seconds")
    return value


def runs(text: str) -> tuple[str, ...]:
    """Sessions, by their names."""
    asked = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if not asked or not set(asked) <= set(PARTS):
        raise argparse.ArgumentTypeError(f"some of {', '.join(PARTS)}, separated by commas")
    return asked
