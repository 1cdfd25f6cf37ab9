"""pinprobe replay-chain: fetch servers' chains for the keyless replay."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pinprobe.cli.arguments import seconds
from pinprobe.cli.exits import Exit, Failed
from pinprobe.fetch import FetchError, Place, fetch_chain, pem_of, place_of
from pinprobe.private import write_private
from pinprobe.report.folders import folder_name
from pinprobe.report.safe_text import safe_text

if TYPE_CHECKING:
    from pinprobe import x509


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "replay-chain",
        help=help,
        description=run.__doc__,
    )
    parser.add_argument("places", nargs="+", type=_place, metavar="HOST", help="example.com, or example.com:8443")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("replay-chains"),
        metavar="FOLDER",
        help="where HOST.pem is written (HOST_PORT.pem for another port than 443); default: %(default)s",
    )
    parser.add_argument(
        "--public-roots",
        type=Path,
        metavar="FILE",
        help="a PEM bundle of the roots that plain devices trust; default: those that mitmproxy brings",
    )
    parser.add_argument(
        "--timeout", type=seconds, default=10.0, metavar="SECONDS", help="for each server; default: %(default)g"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Fetch the certificate chain of each host by an ordinary TLS connection and store it, for --set
    pinprobe_replay_chains=FOLDER. Says of each whether it may be replayed, or why not. The connection goes straight to
    the host; nothing is sent beyond the handshake."""
    from pinprobe import x509  # the other commands do without cryptography

    try:
        roots = x509.Roots.read(options.public_roots)
    except ValueError as error:
        raise Failed(Exit.USAGE, f"{options.public_roots}: {error}") from error
    outcome = Exit.DONE
    for place in dict.fromkeys(options.places):
        try:
            pem = pem_of(fetch_chain(place, options.timeout))
        except FetchError as error:
            print(f"pinprobe: {safe_text(str(error))}", file=sys.stderr)
            outcome = Exit.UNREADABLE
            continue
        file = options.out / f"{folder_name(str(place).replace(':', '_'))}.pem"
        write_private(file, pem)
        print(f"{file}: {_fitness(pem, roots)}")
    return outcome


def _fitness(pem: str, roots: "x509.Roots") -> str:
    """What the proxy will say of this file."""
    from pinprobe import x509

    try:
        reason = x509.why_not(x509.chains_in_pem(pem.encode())[0], roots, datetime.now(UTC))
    except ValueError as error:
        return f"may not be replayed: a certificate cannot be read: {safe_text(str(error))}"
    return "may be replayed" if reason is None else f"may not be replayed: {safe_text(reason.text)}"


def _place(text: str) -> Place:
    try:
        return place_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
