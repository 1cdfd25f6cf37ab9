"""The command line: one command per file, and COMMANDS, the table. Arguments and exit codes, no logic."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from pinprobe import __version__
from pinprobe.cli.exits import EXIT_CODES, Exit, Failed
from pinprobe.journal import JournalError

__all__ = ["COMMANDS", "EXIT_CODES", "Exit", "main"]

COMMANDS = (
    "run",
    "device",
    "report",
    "show",
    "diff",
    "check",
    "init",
    "mark",
    "apk",
    "replay-chain",
    "pins",
    "path",
)
"""Each in a file of its name, which is imported when the command is given, or when all are listed: together they import
nearly everything."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    options = _parser(words[:1] if words and words[0] in COMMANDS else COMMANDS).parse_args(words)
    try:
        return int(options.run(options))
    except Failed as error:
        print(f"pinprobe: {error}", file=sys.stderr)
        return error.code
    except JournalError as error:
        print(f"pinprobe: {error}", file=sys.stderr)
        return Exit.UNREADABLE
    except OSError as error:
        print(f"pinprobe: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return Exit.USAGE


def _parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    codes = "\n".join(f"  {code.value}  {meaning}" for code, meaning in EXIT_CODES)
    parser = argparse.ArgumentParser(
        prog="pinprobe",
        description="Find out, endpoint by endpoint, whether an app pins its certificates.",
        epilog=f'Record with: mitmdump -s "$(pinprobe path)"\n\nexit codes:\n{codes}',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pinprobe {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in names:
        import_module(f"{__name__}.{name.replace('-', '_')}").add(commands)
    return parser
