"""pinprobe mark: tell a running proxy that another phase begins.

The proxy and this command meet in one file of the session's folder: the command writes it, the proxy takes it away.
"""

import argparse
import time
from pathlib import Path

from pinprobe.cli.arguments import seconds
from pinprobe.cli.exits import Exit, Failed
from pinprobe.cli.journals import JOURNAL
from pinprobe.events import PHASES
from pinprobe.journal import MARK
from pinprobe.private import replace_file

DEFAULT_TIMEOUT_S = 5.0
GLANCE_S = 0.05


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser("mark", help=help, description=run.__doc__)
    parser.add_argument("phase", choices=PHASES, metavar="PHASE", help=", ".join(PHASES))
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path("reports"),
        metavar="FOLDER",
        help="the session's folder, or the folder of reports, whose newest session is taken; default: %(default)s",
    )
    parser.add_argument(
        "--timeout",
        type=seconds,
        default=DEFAULT_TIMEOUT_S,
        metavar="SECONDS",
        help="how long to wait for the proxy; default: %(default)g",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Tell the running proxy that another phase begins: idle (the device alone, before the app starts), control (the app,
    everything relayed) or test (the experiment). Waits until the proxy has taken it."""
    folder = session_in(options.folder)
    tell(folder, options.phase, options.timeout)
    print(f"phase: {options.phase}, in {folder}")
    return Exit.DONE


def tell(folder: Path, phase: str, timeout_s: float) -> None:
    """Wait until the proxy that records into this folder has taken the mark. Raises Failed where none does."""
    file = folder / MARK
    replace_file(file, f"{phase}\n")
    if not _taken(file, timeout_s):
        raise Failed(
            Exit.UNREADABLE,
            f"{folder}: no proxy records into this folder, or it is too busy (waited {timeout_s:g} s); start "
            "mitmdump with pinprobe, or name the folder of the session that runs.",
        )


def session_in(folder: Path) -> Path:
    """The session's folder itself, or that of the newest session below a folder of reports."""
    if (folder / JOURNAL).is_file():
        return folder
    found = [path for pattern in (f"*/{JOURNAL}", f"*/*/{JOURNAL}") for path in folder.glob(pattern) if path.is_file()]
    if not found:
        raise Failed(
            Exit.UNREADABLE,
            f"{folder}: {'no session below this folder' if folder.is_dir() else 'no such folder'}; name the folder that "
            "mitmdump writes to (pinprobe_reports), or the session's own.",
        )
    return max(found, key=lambda path: (path.stat().st_mtime_ns, path)).parent


def _taken(file: Path, timeout_s: float) -> bool:
    """Wait until the file is gone; take it back where nobody came for it."""
    end_s = time.monotonic() + timeout_s
    while file.exists():
        if time.monotonic() >= end_s:
            try:
                file.unlink()
            except FileNotFoundError:
                return True
            return False
        time.sleep(GLANCE_S)
    return True
