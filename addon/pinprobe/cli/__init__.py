"""The command line: one command per file, and COMMANDS, the table. Arguments and exit codes, no logic."""

import argparse
import sys
from collections.abc import Callable, Sequence

from pinprobe import __version__
from pinprobe.cli import apk, check, device, diff, init, mark, path, pins, replay_chain, report, run, show
from pinprobe.cli.exits import EXIT_CODES, Exit, Failed
from pinprobe.journal import JournalError

__all__ = ["COMMANDS", "EXIT_CODES", "Exit", "main"]

Commands = argparse._SubParsersAction

COMMANDS: tuple[Callable[["Commands[argparse.ArgumentParser]"], None], ...] = (
    run.add,
    device.add,
    report.add,
    show.add,
    diff.add,
    check.add,
    init.add,
    mark.add,
    apk.add,
    replay_chain.add,
    pins.add,
    path.add,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    options = _parser().parse_args(arguments)
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


def _parser() -> argparse.ArgumentParser:
    codes = "\n".join(f"  {code.value}  {meaning}" for code, meaning in EXIT_CODES)
    parser = argparse.ArgumentParser(
        prog="pinprobe",
        description="Find out, endpoint by endpoint, whether an app pins its certificates.",
        epilog=f'Record with: mitmdump -s "$(pinprobe path)"\n\nexit codes:\n{codes}',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pinprobe {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for add in COMMANDS:
        add(commands)
    return parser
