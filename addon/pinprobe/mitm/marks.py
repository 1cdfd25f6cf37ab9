"""A phase marked from outside: a file in the session's folder, taken away once it is seen."""

from pathlib import Path

from pinprobe.journal import MARK

TAKEN = ".mark.taken"
"""Its name while it is read, so that another one may be written meanwhile."""
LONGEST = 64


def take_mark(folder: Path) -> str | None:
    """The word in the file, which is then gone; None where there is no file. Raises OSError as the system does."""
    taken = folder / TAKEN
    try:
        (folder / MARK).replace(taken)
    except FileNotFoundError:
        return None
    with taken.open("rb") as file:
        word = file.read(LONGEST).decode("ascii", "replace").strip()
    taken.unlink(missing_ok=True)
    return word
