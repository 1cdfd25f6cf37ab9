"""The command line: one command per file, and COMMANDS, the table. Arguments and exit codes, no logic."""

import argparse
import sys
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module

from pinprobe import __version__
from pinprobe.cli.exits import EXIT_CODES, Exit, Failed
from pinprobe.journal import JournalError

__all__ = ["COMMANDS", "EXIT_CODES", "Exit", "main"]

COMMANDS: Mapping[str, str] = {
    "run": "test an app on an Android device, in one command",
    "device": "set up an Android device or emulator, and put it back",
    "report": "rebuild the report of a journal, or of several together",
    "show": "print the table of verdicts",
    "diff": "list what changed between two reports",
    "check": "hold a report against a policy",
    "init": "write a first policy from a report",
    "mark": "tell a running proxy that another phase begins",
    "apk": "print what an app's package declares",
    "replay-chain": "fetch servers' certificate chains for the keyless replay",
    "pins": "print a pin set ready to paste",
    "path": "print the addon's path for mitmdump -s",
}
"""What each is for; it is in a file of its name, which is imported when it is given: together they import nearly
everything."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    options = _parser([word for word in words if not word.startswith("-")][:1]).parse_args(words)
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


def _parser(loaded: Collection[str] = COMMANDS) -> argparse.ArgumentParser:
    codes = "\n".join(f"  {code.value}  {meaning}" for code, meaning in EXIT_CODES)
    parser = argparse.ArgumentParser(
        prog="pinprobe",
        description="Find out, endpoint by endpoint, whether an app pins its certificates.",
        epilog=f'Record with: mitmdump -s "$(pinprobe path)"\n\nexit codes:\n{codes}',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pinprobe {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, help in COMMANDS.items():
        if name in loaded:
            import_module(f"{__name__}.{name.replace('-', '_')}").add(commands, help)
        else:
            commands.add_parser(name, help=help)
    return parser
