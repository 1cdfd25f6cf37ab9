"""pinprobe path: where the addon is, and what else a user must name to other programs."""

import argparse
from pathlib import Path

from pinprobe.cli.exits import Exit

_HERE = Path(__file__).resolve().parents[1]
PLACES = {
    "addon": _HERE.parent / "pinprobe_addon.py",
    "policy-schema": _HERE / "policy" / "policy.schema.json",
    "report-schema": _HERE / "report" / "schema.json",
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser("path", help=help, description=run.__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=[*PLACES],
        default="addon",
        metavar="WHAT",
        help="addon (default), policy-schema or report-schema",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Print the path of the addon, for: mitmdump -s "$(pinprobe path)". Or that of a JSON Schema, for an editor."""
    print(PLACES[options.what])
    return Exit.DONE
