"""pinprobe show: the verdicts in the terminal."""

import argparse
import shutil

from pinprobe.cli.arguments import add_apk, add_journals
from pinprobe.cli.exits import Exit
from pinprobe.cli.journals import rebuild
from pinprobe.report import text


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser("show", help=help, description=run.__doc__)
    add_journals(parser)
    add_apk(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Print the verdicts of a journal as a table; those of several journals of one app together, as one experiment."""
    rebuilt = rebuild(options.journals, options.apk)
    print(text.render(rebuilt.report, width=max(80, shutil.get_terminal_size((100, 24)).columns)))
    return rebuilt.outcome
