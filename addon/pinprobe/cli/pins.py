"""pinprobe pins: a pin set ready to paste, from a report or from a server."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pinprobe.advice import SNIPPETS, Advice, advise, pin_in
from pinprobe.advice.expiry import DAY_S, day_of
from pinprobe.cli.arguments import seconds
from pinprobe.cli.asking import ask, say
from pinprobe.cli.backup_key import backup_key
from pinprobe.cli.exits import Exit, Failed
from pinprobe.cli.reports import read_report
from pinprobe.fetch import HTTPS, Place, place_of
from pinprobe.report.folders import JOURNAL, REPORT
from pinprobe.report.pins import warnings_of
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.report.served import ServedHosts, served_in

ALL = "all"
HOSTS_NAMED = 8
OLD_S = 30 * DAY_S
"""After so long a report's chains deserve a second look."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser("pins", help=help, description=run.__doc__)
    parser.add_argument(
        "target",
        metavar="TARGET",
        help="a report.json, a journal.jsonl, a folder that holds one of them, or a host: example.com, example.com:8443",
    )
    parser.add_argument(
        "--format",
        choices=[*(snippet.id for snippet in SNIPPETS), ALL],
        default=SNIPPETS[0].id,
        help="which form; default: %(default)s",
    )
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        type=_name,
        help="of a report: this host, instead of those of the first party; repeatable",
    )
    parser.add_argument(
        "--backup-pin",
        action="append",
        default=[],
        type=_pin,
        metavar="PIN",
        help="pin of a key of your own that no server uses yet: the backup; repeatable",
    )
    parser.add_argument(
        "--backup-key",
        type=Path,
        metavar="FILE",
        help="such a key: made there where nothing is yet, else its pin is taken; keep it offline",
    )
    parser.add_argument("--port", type=_port, metavar="N", help="of a host; default: 443")
    parser.add_argument(
        "--public-roots",
        type=Path,
        metavar="FILE",
        help="of a host: a PEM bundle of the roots that plain devices trust; default: those that mitmproxy brings",
    )
    parser.add_argument(
        "--timeout", type=seconds, default=10.0, metavar="SECONDS", help="for the server; default: %(default)g"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Print a pin set for an app's own hosts: the CA that issues their certificates, a backup, and an end. From a report,
    or from what a server shows now: one TLS connection, nothing sent beyond the handshake. Only the snippet goes to
    standard output; what speaks against it goes to standard error."""
    path = Path(options.target)
    of_report = _is_report(options.target, path)
    _check_usage(options, of_report)
    hosts = read_report(path, served_in) if of_report else ask(_place(options), options.public_roots, options.timeout)
    asked = _asked(options, hosts)
    if not (bare := _advice(hosts, asked, ())).sets:
        _warn(bare)
        raise Failed(Exit.NOTHING_OBSERVED, "no pin set can be made of this, for the reasons above.")
    _check_day(bare, hosts, options.target)
    advice = _advice(hosts, asked, [*options.backup_pin, *backup_key(options.backup_key)] or hosts.own)
    _warn(advice)
    chosen = [snippet for snippet in SNIPPETS if options.format in (snippet.id, ALL)]
    for snippet in chosen:
        if len(chosen) > 1:
            print(f"==== {snippet.title}: {snippet.file_name} ====")
        sys.stdout.write(snippet.render(advice.sets))
    return Exit.DONE


def _advice(hosts: ServedHosts, asked: Sequence[str], own: Sequence[str]) -> Advice:
    return advise(hosts.served, made_s=hosts.made_s, own=own, asked=frozenset(asked))


def _warn(advice: Advice) -> None:
    for line in warnings_of(advice):
        say(line)


def _is_report(target: str, path: Path) -> bool:
    if path.is_dir() and not any((path / name).is_file() for name in (REPORT, JOURNAL)):
        return os.sep in target or "." not in target.strip(".")  # a folder may be called like a host
    return path.exists() or os.sep in target or path.suffix in {".json", ".jsonl"}


def _check_usage(options: argparse.Namespace, of_report: bool) -> None:
    if of_report and (options.port is not None or options.public_roots is not None):
        raise Failed(Exit.USAGE, "--port and --public-roots are for a host; a report holds its chains.")
    if not of_report and options.host:
        raise Failed(Exit.USAGE, f"--host is for a report, and {safe_text(options.target, NAME_LIMIT)!r} is none.")


def _asked(options: argparse.Namespace, hosts: ServedHosts) -> tuple[str, ...]:
    """Which hosts it is about."""
    seen = list(dict.fromkeys(one.host for one in hosts.served))
    if not seen:
        raise Failed(Exit.NOTHING_OBSERVED, f"{options.target}: no endpoint reached the proxy.")
    named = ", ".join(safe_text(host, NAME_LIMIT) for host in seen[:HOSTS_NAMED])
    named += f" and {len(seen) - HOSTS_NAMED} more" if len(seen) > HOSTS_NAMED else ""
    if unknown := set(options.host) - set(seen):
        raise Failed(Exit.USAGE, f"{safe_text(min(unknown), NAME_LIMIT)} is not in this report; seen were: {named}.")
    if options.host:
        return tuple(options.host)
    if not hosts.first_party:
        raise Failed(
            Exit.USAGE,
            f"{options.target}: which hosts are the app's own is not known, and others' hosts must not be pinned. Name "
            f"yours: --host {safe_text((*hosts.guessed, *seen)[0], NAME_LIMIT)}. Seen were: {named}.",
        )
    return hosts.first_party


def _place(options: argparse.Namespace) -> Place:
    try:
        place = place_of(options.target)
    except ValueError as error:
        raise Failed(Exit.USAGE, f"{error}; and there is no such file.") from error
    if options.port is None:
        return place
    if place.port not in (HTTPS, options.port):
        raise Failed(Exit.USAGE, f"{options.target} and --port {options.port} name two ports; leave one out.")
    return Place(host=place.host, port=options.port)


def _check_day(advice: Advice, hosts: ServedHosts, target: str) -> None:
    """Whether a report is too old to be followed."""
    today = day_of(time.time())
    if any(pins.ends_on <= today for pins in advice.sets):
        raise Failed(
            Exit.UNREADABLE,
            f"{target}: its chains were seen on {day_of(hosts.made_s)}, and a pin set from then has ended: ask the server "
            f"now, pinprobe pins {advice.sets[0].domains[0].hosts[0]}.",
        )
    if time.time() - hosts.made_s > OLD_S:
        say(f"warning: the chains were seen on {day_of(hosts.made_s)}; ask the server for those of today")


def _typed(read: Callable[[str], str], text: str) -> str:
    try:
        return read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _pin(text: str) -> str:
    return _typed(pin_in, text)


def _name(text: str) -> str:
    return _typed(lambda one: place_of(one).host, text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)
