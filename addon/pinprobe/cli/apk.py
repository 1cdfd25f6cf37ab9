"""pinprobe apk: what an app's package declares."""

import argparse
import sys
import time
from pathlib import Path

from pinprobe.cli.apk_words import as_json, as_text
from pinprobe.cli.arguments import LONGEST_TIMEOUT_S, seconds
from pinprobe.cli.exits import Exit
from pinprobe.cli.packages import read_package

LONGEST_HOST = 253


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser("apk", help=help, description=run.__doc__)
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="an APK, its split APKs, an APKS or XAPK, or a folder of them: all of one app",
    )
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        type=_host,
        dest="hosts",
        metavar="HOST",
        help="say what Android holds for this host; repeatable",
    )
    parser.add_argument(
        "--android-api", type=int, metavar="LEVEL", help="for --host: the device's API level, such as 34"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.add_argument(
        "--timeout",
        type=seconds,
        default=float(LONGEST_TIMEOUT_S),
        metavar="SECONDS",
        help="what is not read by then is left out, and that is said; default: %(default)g",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Print what an app's package declares: its Network Security Config, pins and certificates in code and data, and
    the libraries that judge connections. No device and no proxy is needed. What is declared is not yet enforced: give
    the same files to the proxy with --set pinprobe_apk=FILE to have the two compared."""
    declared = read_package(options.files, options.timeout)
    now_s = time.time()
    app = declared.app(None, now_s)
    hosts = [(host, declared.host(host, app.app_id, now_s, options.android_api)) for host in options.hosts]
    write = as_json if options.json else as_text
    sys.stdout.write(write(declared, app, hosts, now_s))
    return Exit.DONE


def _host(text: str) -> str:
    host = text.strip().lower().removesuffix(".")
    if not host or len(host) > LONGEST_HOST or not set(host).isdisjoint("/:@*?# \t"):
        raise argparse.ArgumentTypeError("a host's name alone, such as api.example.com")
    return host
